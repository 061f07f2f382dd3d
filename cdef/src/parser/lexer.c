#include "parser/lexer.h"
#include "base/string_literal.h"
#include "parser/character_names.h"
#include <string.h>

static const char *const lexer_token_texts[] = {
    [CDEF_IDENTIFIER - 256] = "a name", [CDEF_NUMBER - 256] = "a number", [CDEF_CHARACTER - 256] = "a character",
    [CDEF_STRING - 256] = "a string",   [CDEF_ELLIPSIS - 256] = "'...'",  [CDEF_SHIFT_LEFT - 256] = "'<<'",
    [CDEF_SHIFT_RIGHT - 256] = "'>>'",  [CDEF_LESS_EQUAL - 256] = "'<='", [CDEF_GREATER_EQUAL - 256] = "'>='",
    [CDEF_EQUAL - 256] = "'=='",        [CDEF_NOT_EQUAL - 256] = "'!='",  [CDEF_AND - 256] = "'&&'",
    [CDEF_OR - 256] = "'||'",           [CDEF_PASTE - 256] = "'##'",
#define CDEF_KEYWORD(token, spellings) [CDEF_##token##_WORD - 256] = "'" spellings "'",
#include "base/keywords.def"
#undef CDEF_KEYWORD
};

void cdef_add_keywords(cdef_parser *parser) {
  static const struct {
    int token;
    const char *spellings;
  } keywords[] = {
#define CDEF_KEYWORD(token, spellings) {CDEF_##token##_WORD, spellings},
#include "base/keywords.def"
#undef CDEF_KEYWORD
  };
  for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
    for (const char *at = keywords[i].spellings; *at;) {
      size_t length = strcspn(at, " ");
      cdef_name *name = cdef_name_of(&parser->names, &parser->arena, at, length);
      if (!name) {
        cdef_fail_memory(parser);
        return;
      }
      name->keyword = keywords[i].token;
      at += length + strspn(at + length, " ");
    }
  }
}

/* ---- Spaces and comments */

static void lexer_begin_line(cdef_parser *parser) {
  parser->here.line++;
  parser->here.line_start = parser->at;
}

/* The location of the next character. */
static cdef_location lexer_location(const cdef_parser *parser) {
  cdef_location location = parser->here;
  location.text = parser->at;
  return location;
}

static void lexer_skip_comment(cdef_parser *parser) {
  cdef_location start = lexer_location(parser);
  parser->at += 2;
  while (*parser->at && !(parser->at[0] == '*' && parser->at[1] == '/')) {
    if (*parser->at++ == '\n') lexer_begin_line(parser);
  }
  if (*parser->at) {
    parser->at += 2;
  } else {
    cdef_fail_at(parser, &start, "this comment does not end");
  }
}

/* The length of a backslash and the end of the line after it, which it joins to the next one; 0 for anything else. */
static size_t lexer_continuation_length(const char *at) {
  if (at[0] != '\\') return 0;
  return at[1] == '\n' ? 2 : at[1] == '\r' && at[2] == '\n' ? 3 : 0;
}

static void lexer_skip_continuation(cdef_parser *parser) {
  parser->at += lexer_continuation_length(parser->at);
  lexer_begin_line(parser);
}

static void lexer_skip_line_comment(cdef_parser *parser) {
  while (*parser->at && *parser->at != '\n') {
    if (lexer_continuation_length(parser->at)) {
      lexer_skip_continuation(parser);
    } else {
      parser->at++;
    }
  }
}

/* Skips one space, comment or line continuation between tokens. Whether there was one. */
static bool lexer_skip_one_space(cdef_parser *parser) {
  const char *at = parser->at;
  if (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\f' || *at == '\v') {
    parser->at++;
  } else if (at[0] == '/' && at[1] == '*') {
    lexer_skip_comment(parser);
  } else if (at[0] == '/' && at[1] == '/') {
    lexer_skip_line_comment(parser);
  } else if (lexer_continuation_length(at)) {
    lexer_skip_continuation(parser);
  } else if (*at == '\n' && !parser->in_directive) {
    parser->at++;
    lexer_begin_line(parser);
  } else {
    return false;
  }
  return true;
}

/* Whether the line has only spaces before the next character. Looks back from there, so that the time stays
 * proportional to the text where a line has many `#`. */
static bool lexer_begins_line(const cdef_parser *parser) {
  const char *at = parser->at, *line_start = parser->here.line_start;
  while (at > line_start && (at[-1] == ' ' || at[-1] == '\t')) at--;
  return at == line_start;
}

static void lexer_skip_spaces(cdef_parser *parser) {
  for (;;) {
    if (lexer_skip_one_space(parser)) continue;
    if (*parser->at != '#' || parser->in_directive || !lexer_begins_line(parser)) return;
    parser->at++;
    parser->read_directive(parser);
  }
}

/* ---- Tokens */

static bool lexer_is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Bytes of non-ASCII characters count as letters, because GCC and Clang allow them in identifiers. */
static bool lexer_is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* `has_named` becomes true where a character is given by its name. */
static size_t lexer_identifier_length(const char *at, bool *has_named) {
  size_t length = 0;
  for (;;) {
    while (lexer_is_letter(at[length]) || lexer_is_digit(at[length])) length++;
    size_t named = cdef_character_name_length(at + length);
    if (!named) return length;
    *has_named = true;
    length += named;
  }
}

/* The length of a preprocessing number: C11 6.4.8, and C23 for the separators in it. */
static size_t lexer_number_length(const char *at) {
  size_t length = 1;
  for (;; length++) {
    char c = at[length];
    bool is_sign = (c == '+' || c == '-') && strchr("eEpP", at[length - 1]);
    bool is_separator = c == '\'' && (lexer_is_digit(at[length + 1]) || lexer_is_letter(at[length + 1]));
    if (!lexer_is_digit(c) && !lexer_is_letter(c) && c != '.' && !is_sign && !is_separator) return length;
  }
}

/* The length of a string or character literal with its quotes, or 0 if it does not end on its line. */
static size_t lexer_quoted_length(const char *at) {
  size_t length = 1;
  for (; at[length] != at[0]; length++) {
    if (at[length] == '\\' && at[length + 1]) length++;
    if (!at[length] || at[length] == '\n') return 0;
  }
  return length + 1;
}

void cdef_skip_line(cdef_parser *parser) {
  while (*parser->at && *parser->at != '\n') {
    size_t quoted = *parser->at == '"' ? lexer_quoted_length(parser->at) : 0;
    if (quoted) {
      parser->at += quoted;
    } else if (!lexer_skip_one_space(parser)) {
      parser->at++;
    }
  }
}

static int lexer_punctuator(const char *at, size_t *length) {
  static const struct {
    char text[4];
    int kind;
  } longer[] = {{"...", CDEF_ELLIPSIS},  {"<<", CDEF_SHIFT_LEFT},    {">>", CDEF_SHIFT_RIGHT},
                {"<=", CDEF_LESS_EQUAL}, {">=", CDEF_GREATER_EQUAL}, {"==", CDEF_EQUAL},
                {"!=", CDEF_NOT_EQUAL},  {"&&", CDEF_AND},           {"||", CDEF_OR},
                {"##", CDEF_PASTE}};
  for (size_t i = 0; i < sizeof longer / sizeof longer[0]; i++) {
    if (*at != longer[i].text[0]) continue;
    *length = strlen(longer[i].text);
    if (strncmp(at, longer[i].text, *length) == 0) return longer[i].kind;
  }
  *length = 1;
  return (unsigned char)*at;
}

/* The characters that an identifier with names of characters has, in memory of the parse. NULL after a failure. */
static const char *lexer_named_characters(cdef_parser *parser, size_t *length) {
  char *text = cdef_take_memory(parser, *length);
  if (!text) return NULL;
  *length = cdef_write_named_characters(parser->at, *length, text);
  if (*length) return text;
  cdef_fail(parser, "this name has a \\u or \\U that no character of a name has");
  return NULL;
}

static void lexer_read_identifier(cdef_parser *parser, cdef_token *token) {
  bool has_named = false;
  const char *text = parser->at;
  size_t length = token->length = lexer_identifier_length(text, &has_named);
  if (has_named && !(text = lexer_named_characters(parser, &length))) return;
  token->name = cdef_name_of(&parser->names, &parser->arena, text, length);
  if (!token->name) {
    cdef_fail_memory(parser);
    return;
  }
  token->kind = token->name->keyword ? token->name->keyword : CDEF_IDENTIFIER;
}

/* Reads a string or character literal whose quote is at `at`, after its prefix. */
static void lexer_read_literal(cdef_parser *parser, cdef_token *token, const char *at) {
  size_t length = lexer_quoted_length(at);
  token->kind = *at == '"' ? CDEF_STRING : CDEF_CHARACTER;
  token->length = length ? (size_t)(at - parser->at) + length : 0;
  if (!length) cdef_fail(parser, "this %s does not end", lexer_token_texts[token->kind - 256] + 2);
}

/* Reads the next token of an expansion, of which the last one stays. False after its end, if the text goes on. */
static bool lexer_replay(cdef_parser *parser) {
  if (parser->replay->kind == CDEF_RESUME) {
    parser->replay = NULL;
    return false;
  }
  parser->token = *parser->replay;
  if (parser->replay->kind != CDEF_END) parser->replay++;
  return true;
}

void cdef_next(cdef_parser *parser) {
  if (parser->replay && lexer_replay(parser)) return;
  const char *before = parser->at;
  lexer_skip_spaces(parser);
  cdef_token *token = &parser->token;
  token->has_space = parser->at != before;
  token->is_final = false;
  token->location = lexer_location(parser);
  token->name = NULL;
  const char *at = parser->at;
  if (!*at || *at == '\n') {
    token->kind = CDEF_END;
    token->length = 0;
  } else if (*at == '"' || *at == '\'' || cdef_prefix_length(at)) {
    lexer_read_literal(parser, token, at + cdef_prefix_length(at));
  } else if (lexer_is_letter(*at) || cdef_character_name_length(at)) {
    lexer_read_identifier(parser, token);
  } else if (lexer_is_digit(*at) || (*at == '.' && lexer_is_digit(at[1]))) {
    token->kind = CDEF_NUMBER;
    token->length = lexer_number_length(at);
  } else if (*at < ' ' || *at == '\x7f') {
    cdef_fail(parser, "unexpected character \\x%02x", (unsigned char)*at);
  } else {
    token->kind = lexer_punctuator(at, &token->length);
  }
  /* After a failure the text and the token are empty. */
  parser->at += token->length;
}

bool cdef_is(const cdef_parser *parser, int kind) {
  return parser->token.kind == kind;
}

bool cdef_is_before(const cdef_parser *parser, char c) {
  if (!parser->replay || parser->replay->kind == CDEF_RESUME) return *parser->at == c;
  return parser->replay->kind == c && !parser->replay->has_space;
}

bool cdef_take(cdef_parser *parser, int kind) {
  if (!cdef_is(parser, kind)) return false;
  cdef_next(parser);
  return true;
}

void cdef_expect(cdef_parser *parser, int kind) {
  if (cdef_take(parser, kind)) return;
  char quoted[] = "' '";
  quoted[1] = (char)kind;
  cdef_fail_expected(parser, kind < 256 ? quoted : lexer_token_texts[kind - 256]);
}

static int lexer_closing_of(int open) {
  return open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : 0;
}

/* Counts brackets of one kind only, because the skipped text need not be correct C. */
void cdef_skip_group(cdef_parser *parser) {
  int open = parser->token.kind, close = lexer_closing_of(open);
  cdef_location start = parser->token.location;
  size_t inside = 0;
  do {
    if (cdef_is(parser, open)) inside++;
    if (cdef_is(parser, close)) inside--;
    if (cdef_is(parser, CDEF_END)) {
      cdef_fail_at(parser, &start, "nothing closes this '%c'", open);
      return;
    }
    cdef_next(parser);
  } while (inside);
}
