#include "parser/parser.h"
#include "base/utf8.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Messages quote at most this many bytes of a token. */
enum { LONGEST_QUOTE = 40 };

/* ---- Failures */

static void parser_stop(cdef_parser *parser, ark_status status) {
  parser->status = status;
  parser->at = "";
  parser->replay = NULL;
  parser->token.kind = CDEF_END;
  parser->token.length = 0;
}

void cdef_fail_memory(cdef_parser *parser) {
  if (parser->status != ARK_NO_MEMORY) parser_stop(parser, ark_fail_memory(parser->error));
}

/* The column of a location, in characters, from 1. */
static size_t parser_column_of(const cdef_location *location) {
  size_t column = 1;
  for (const char *at = location->line_start; at < location->text; at++) column += ((unsigned char)*at & 0xC0) != 0x80;
  return column;
}

static void parser_fail(cdef_parser *parser, const cdef_location *location, const char *format, va_list args)
    ARK_PRINTF(3, 0);

static void parser_fail(cdef_parser *parser, const cdef_location *location, const char *format, va_list args) {
  if (parser->status) return;
  char reason[ARK_ERROR_SIZE / 2];
  int length = vsnprintf(reason, sizeof reason, format, args);
  if (length >= (int)sizeof reason) reason[cdef_cut_length(reason, sizeof reason - 1, sizeof reason - 2)] = '\0';
  if (parser->is_trying) {
    ark_fail(parser->error, ARK_BAD_SIGNATURE, "%s", reason);
    parser_stop(parser, ARK_BAD_SIGNATURE);
    return;
  }
  int file_length = location->file ? (int)cdef_cut_length(location->file, location->file_length, 256) : 0;
  ark_fail(parser->error, ARK_BAD_SIGNATURE, "cdef: %.*s%sline %zu, column %zu: %s", file_length,
           location->file ? location->file : "", location->file ? ", " : "", location->line, parser_column_of(location),
           reason);
  parser_stop(parser, ARK_BAD_SIGNATURE);
}

void cdef_fail_at(cdef_parser *parser, const cdef_location *location, const char *format, ...) {
  va_list args;
  va_start(args, format);
  parser_fail(parser, location, format, args);
  va_end(args);
}

void cdef_fail(cdef_parser *parser, const char *format, ...) {
  va_list args;
  va_start(args, format);
  parser_fail(parser, &parser->token.location, format, args);
  va_end(args);
}

bool cdef_is_like_macro(const char *word, size_t length) {
  size_t capitals = 0;
  for (size_t i = 0; i < length; i++) {
    bool is_capital = word[i] >= 'A' && word[i] <= 'Z';
    if (!is_capital && word[i] != '_' && !(word[i] >= '0' && word[i] <= '9')) return false;
    capitals += is_capital;
  }
  return capitals >= 2;
}

static bool parser_is_in_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The current token, or the word before it in its line, if that is written as macros are: its length, and the word in
 * *out. 0 if neither is. */
static size_t parser_find_macro(const cdef_parser *parser, const char **out) {
  const cdef_token *token = &parser->token;
  if (parser->is_trying || parser->in_directive || !token->name) return 0;
  *out = token->location.text;
  if (cdef_is_like_macro(*out, token->length)) return token->length;
  const char *start = token->location.line_start, *end = token->location.text;
  while (end > start && (end[-1] == ' ' || end[-1] == '\t')) end--;
  *out = end;
  while (*out > start && parser_is_in_word((*out)[-1])) --*out;
  size_t length = (size_t)(end - *out);
  return cdef_is_like_macro(*out, length) ? length : 0;
}

void cdef_fail_expected(cdef_parser *parser, const char *expected) {
  const cdef_token *token = &parser->token;
  const char *macro = NULL;
  size_t macro_length = parser_find_macro(parser, &macro);
  if (token->kind == CDEF_END) {
    cdef_fail(parser, "expected %s, got the end of the %s", expected, parser->in_directive ? "line" : "text");
  } else if (token->length > LONGEST_QUOTE) {
    int length = (int)cdef_cut_length(token->location.text, token->length, LONGEST_QUOTE);
    cdef_fail(parser, "expected %s, got '%.*s…'", expected, length, token->location.text);
  } else if (macro_length && macro_length <= LONGEST_QUOTE) {
    cdef_fail(parser, "expected %s, got '%.*s'; if '%.*s' is a macro, cc -E writes the header without it", expected,
              (int)token->length, token->location.text, (int)macro_length, macro);
  } else {
    cdef_fail(parser, "expected %s, got '%.*s'", expected, (int)token->length, token->location.text);
  }
}

/* ---- Memory and text */

void *cdef_take_memory(cdef_parser *parser, size_t size) {
  void *memory = ark_arena_take(&parser->arena, size);
  if (!memory) {
    cdef_fail_memory(parser);
    return NULL;
  }
  return memset(memory, 0, size);
}

const char *cdef_format(cdef_parser *parser, const char *format, ...) {
  char usual[256]; /* longer texts are formatted twice */
  va_list args;
  va_start(args, format);
  int length = vsnprintf(usual, sizeof usual, format, args);
  va_end(args);
  char *text = length < 0 ? NULL : cdef_take_memory(parser, (size_t)length + 1);
  if (!text) {
    cdef_fail_memory(parser);
    return "";
  }
  if (length < (int)sizeof usual) return memcpy(text, usual, (size_t)length + 1);
  va_start(args, format);
  vsnprintf(text, (size_t)length + 1, format, args);
  va_end(args);
  return text;
}

const char *cdef_format_reason(cdef_parser *parser, const char *format, ...) {
  char reason[256];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(reason, sizeof reason, format, args);
  va_end(args);
  if (length < (int)sizeof reason) return cdef_format(parser, "%s", reason);
  return cdef_format(parser, "%.*s…", (int)cdef_cut_length(reason, strlen(reason), sizeof reason - 2), reason);
}

const char *cdef_finish_text(cdef_parser *parser, cdef_buffer *buffer) {
  char *copy = buffer->has_failed ? NULL : cdef_take_memory(parser, buffer->length + 1);
  if (copy && buffer->length) memcpy(copy, buffer->text, buffer->length);
  if (buffer->has_failed) cdef_fail_memory(parser);
  cdef_buffer_free(buffer);
  return copy ? copy : "";
}

cdef_type *cdef_new_type(cdef_parser *parser, cdef_kind kind) {
  cdef_type *type = cdef_take_memory(parser, sizeof *type);
  if (!type) type = &parser->basic.unknown;
  *type = (cdef_type){.kind = kind, .name = kind == CDEF_FOREIGN ? "this type" : NULL};
  if (kind == CDEF_POINTER) {
    type->size = type->align = sizeof(void *);
    type->is_complete = true;
  }
  return type;
}

/* ---- Positions and nesting */

cdef_position cdef_position_of(const cdef_parser *parser) {
  return (cdef_position){parser->at, parser->replay, parser->here, parser->token};
}

void cdef_return_to(cdef_parser *parser, const cdef_position *position) {
  parser->at = position->at;
  parser->replay = position->replay;
  parser->here = position->here;
  parser->token = position->token;
}

void cdef_begin_trial(cdef_parser *parser, cdef_trial *trial) {
  trial->position = cdef_position_of(parser);
  trial->in_directive = parser->in_directive;
  trial->was_trying = parser->is_trying;
  trial->is_in_parameters = parser->is_in_parameters;
  trial->depth = parser->depth;
  trial->error = parser->error;
  parser->error = &trial->reason;
  parser->is_trying = true;
}

bool cdef_end_trial(cdef_parser *parser, cdef_trial *trial) {
  parser->error = trial->error;
  parser->is_trying = trial->was_trying;
  parser->in_directive = trial->in_directive;
  parser->is_in_parameters = trial->is_in_parameters;
  parser->depth = trial->depth;
  if (parser->status == ARK_NO_MEMORY) {
    ark_fail_memory(parser->error);
    return false;
  }
  bool is_right = !parser->status;
  parser->status = ARK_OK;
  cdef_return_to(parser, &trial->position);
  return is_right;
}

void cdef_enter_level(cdef_parser *parser) {
  if (++parser->depth > CDEF_MAX_DEPTH) cdef_fail(parser, "this nests deeper than %d levels", CDEF_MAX_DEPTH);
}

void cdef_leave_level(cdef_parser *parser) {
  parser->depth--;
}
