#include "unit/directives.h"
#include "base/text_buffer.h"
#include "grammar/attributes.h"
#include "grammar/expression.h"
#include "parser/lexer.h"
#include "parser/meanings.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool directive_is(const cdef_parser *parser, const char *word) {
  size_t length = strlen(word);
  return parser->token.length == length && memcmp(parser->token.location.text, word, length) == 0;
}

/* Reads a line marker, `# 12 "stdio.h" 1 3`, or the rest of #line: both give the number of the next line. */
static void directive_read_marker(cdef_parser *parser) {
  cdef_value line = cdef_read_constant(parser);
  if (cdef_is(parser, CDEF_STRING)) {
    parser->here.file = parser->token.location.text + 1;
    parser->here.file_length = parser->token.length - 2;
  }
  parser->here.line = (size_t)line.bits - 1;
  parser->is_header = true;
}

/* ---- #pragma pack */

static void directive_read_pack_size(cdef_parser *parser) {
  cdef_value size = cdef_read_constant(parser);
  if (size.bits > 16 || (size.bits & (size.bits - 1))) {
    cdef_fail(parser, "#pragma pack takes 1, 2, 4, 8 or 16");
    return;
  }
  parser->pack = (size_t)size.bits;
}

static void directive_push_pack(cdef_parser *parser) {
  if (parser->pack_count == CDEF_MAX_PACKS) {
    cdef_fail(parser, "#pragma pack(push) nests deeper than %d levels", CDEF_MAX_PACKS);
    return;
  }
  parser->packs[parser->pack_count++] = parser->pack;
}

/* A pop without a push has no effect: GCC and Clang only warn. */
static void directive_pop_pack(cdef_parser *parser) {
  if (parser->pack_count) parser->pack = parser->packs[--parser->pack_count];
}

static void directive_read_pack(cdef_parser *parser) {
  cdef_expect(parser, '(');
  if (cdef_is(parser, ')')) {
    parser->pack = 0;
    return;
  }
  while (!cdef_is(parser, ')') && !cdef_is(parser, CDEF_END)) {
    bool is_push = directive_is(parser, "push"), is_pop = directive_is(parser, "pop");
    if (is_push) directive_push_pack(parser);
    if (is_pop) directive_pop_pack(parser);
    if (cdef_is(parser, CDEF_IDENTIFIER)) {
      cdef_next(parser); /* push, pop, or the name of a level, which is ignored */
    } else {
      directive_read_pack_size(parser);
    }
    if (!cdef_is(parser, ')')) cdef_expect(parser, ',');
  }
}

/* ---- Other pragmas that change layouts: structs that they apply to are unusable */

static void directive_set_problem(cdef_parser *parser, cdef_layout_pragma pragma, bool has_effect, const char *reason) {
  parser->layout_problems[pragma] = has_effect ? reason : NULL;
}

/* Reads `on`, `off` or `reset`. */
static void directive_read_ms_struct(cdef_parser *parser) {
  directive_set_problem(parser, CDEF_PRAGMA_MS_STRUCT, directive_is(parser, "on"),
                        "#pragma ms_struct is not supported");
}

/* Reads `big-endian`, `little-endian` or `default`. All known machines have the second. */
static void directive_read_byte_order(cdef_parser *parser) {
  directive_set_problem(parser, CDEF_PRAGMA_BYTE_ORDER, directive_is(parser, "big"),
                        "#pragma scalar_storage_order is not supported");
}

/* Reads `=packed` and the like, as IBM's and Apple's compilers have it after `align`. */
static void directive_read_align(cdef_parser *parser) {
  if (!cdef_take(parser, '=')) return;
  bool is_usual = directive_is(parser, "natural") || directive_is(parser, "native") || directive_is(parser, "power") ||
                  directive_is(parser, "reset");
  directive_set_problem(parser, CDEF_PRAGMA_OPTIONS, !is_usual, "#pragma align is not supported");
}

/* Reads `align=packed`. */
static void directive_read_options(cdef_parser *parser) {
  if (!directive_is(parser, "align")) return;
  cdef_next(parser);
  directive_read_align(parser);
}

/* Reads `attribute push(__attribute__((…)), apply_to = …)`, `attribute push` and `attribute pop`, with or without a
 * namespace. Only attributes that change nothing may be pushed. */
static void directive_read_clang(cdef_parser *parser) {
  if (!directive_is(parser, "attribute")) return;
  cdef_next(parser);
  bool has_attributes = false;
  for (; !cdef_is(parser, CDEF_END); cdef_next(parser)) {
    if (directive_is(parser, "push")) parser->pushed_attributes++;
    if (directive_is(parser, "pop") && parser->pushed_attributes) parser->pushed_attributes--;
    while (cdef_begins_attribute(parser)) {
      cdef_attributes attributes = {0};
      cdef_read_attributes(parser, &attributes);
      has_attributes |= attributes.is_packed || attributes.is_transparent || attributes.align || attributes.mode ||
                        attributes.vector || attributes.unusable;
    }
  }
  if (has_attributes)
    directive_set_problem(parser, CDEF_PRAGMA_ATTRIBUTE, true, "#pragma clang attribute is not supported");
  if (!parser->pushed_attributes) directive_set_problem(parser, CDEF_PRAGMA_ATTRIBUTE, false, NULL);
}

/* Reads `redefine_extname old new`: the name of a symbol in the library, as asm("new") gives it. */
static void directive_read_extname(cdef_parser *parser) {
  cdef_name *name = parser->token.name;
  if (!cdef_take(parser, CDEF_IDENTIFIER) || !cdef_is(parser, CDEF_IDENTIFIER)) return;
  name->label = cdef_format(parser, "%.*s", (int)parser->token.length, parser->token.location.text);
}

static void directive_read_pragma(cdef_parser *parser) {
  static const struct {
    const char *name;
    void (*read)(cdef_parser *parser);
  } pragmas[] = {{"pack", directive_read_pack},
                 {"ms_struct", directive_read_ms_struct},
                 {"scalar_storage_order", directive_read_byte_order},
                 {"align", directive_read_align},
                 {"options", directive_read_options},
                 {"clang", directive_read_clang},
                 {"redefine_extname", directive_read_extname}};
  cdef_next(parser);
  for (size_t i = 0; i < sizeof pragmas / sizeof pragmas[0]; i++) {
    if (!directive_is(parser, pragmas[i].name)) continue;
    cdef_next(parser);
    pragmas[i].read(parser);
    return;
  }
}

/* ---- #define */

static size_t directive_digits_at(const char *text) {
  return strspn(text, "0123456789");
}

/* The value of a constant of type float as a JSON number, which is `decimal` if a float holds that exactly; NULL for
 * infinity. `digits` are those of the text, without its point. The decimal point is the only thing that depends on the
 * locale in what strtof reads and snprintf writes: strtof is given none, and of what snprintf writes the digits are
 * taken. */
static const char *directive_float_of(cdef_parser *parser, const char *digits, long exponent, const char *decimal) {
  enum { MORE = 16 }; /* with the one before the point 17, which tell any double from all others */
  char text[64];
  const char *number = cdef_format(parser, "%se%ld", digits, exponent);
  float value = number ? strtof(number, NULL) : 0;
  if (!number || !isfinite(value)) return NULL;
  if ((double)value == strtod(number, NULL)) return decimal;
  snprintf(text, sizeof text, "%.*e", MORE, (double)value);
  const char *end = strchr(text, 'e');
  return end ? cdef_format(parser, "%c.%.*s%s", text[0], MORE, end - MORE, end) : NULL;
}

/* A decimal floating constant, such as `1.5e3f`, as a JSON number. NULL for anything else. */
static const char *directive_decimal_of(cdef_parser *parser, const char *text, size_t length) {
  const char *end = text + length, *at = text;
  while (at[0] == '0' && at[1] >= '0' && at[1] <= '9') at++; /* JSON allows no leading zeros */
  const char *whole = at, *fraction = "", *exponent = "";
  size_t whole_length = directive_digits_at(at), fraction_length = 0, exponent_length = 0;
  at += whole_length;
  bool has_point = *at == '.';
  if (has_point) {
    fraction = ++at;
    fraction_length = directive_digits_at(at);
    at += fraction_length;
  }
  if (*at == 'e' || *at == 'E') {
    size_t sign = at[1] == '+' || at[1] == '-' ? 1 : 0, digits = directive_digits_at(at + 1 + sign);
    if (digits == 0) return NULL;
    exponent = at;
    exponent_length = 1 + sign + digits;
    at += exponent_length;
  }
  bool is_float = at < end && (*at == 'f' || *at == 'F');
  if (at < end && strchr("fFlL", *at)) at++;
  bool is_integer = !has_point && !exponent_length; /* one that is too large, or is not octal */
  if (at != end || is_integer) return NULL;
  const char *decimal = cdef_format(parser, "%.*s.%.*s%.*s", whole_length ? (int)whole_length : 1,
                                    whole_length ? whole : "0", fraction_length ? (int)fraction_length : 1,
                                    fraction_length ? fraction : "0", (int)exponent_length, exponent);
  if (!decimal || !is_float) return decimal;
  const char *digits = cdef_format(parser, "0%.*s%.*s", (int)whole_length, whole, (int)fraction_length, fraction);
  long power = exponent_length ? strtol(exponent + 1, NULL, 10) : 0;
  bool is_near = power > -10000 && power < 10000 && fraction_length < 10000;
  return digits && is_near ? directive_float_of(parser, digits, power - (long)fraction_length, decimal) : NULL;
}

/* Reads a decimal floating constant that is the rest of the line. Its JSON, or NULL for anything else. */
static const char *directive_read_decimal(cdef_parser *parser) {
  bool is_negative = cdef_take(parser, '-');
  cdef_token token = parser->token;
  if (token.kind != CDEF_NUMBER) return NULL;
  cdef_next(parser);
  const char *decimal =
      cdef_is(parser, CDEF_END) ? directive_decimal_of(parser, token.location.text, token.length) : NULL;
  return decimal && is_negative ? cdef_format(parser, "-%s", decimal) : decimal;
}

/* Reads string literals that are the rest of the line, and joins them. Their JSON; NULL for anything else, and for a
 * string with an escape sequence that JSON does not have. */
static const char *directive_read_string(cdef_parser *parser) {
  if (!cdef_is(parser, CDEF_STRING)) return NULL;
  cdef_buffer json = {0};
  cdef_buffer_write(&json, "\"");
  while (cdef_is(parser, CDEF_STRING)) {
    const char *at = parser->token.location.text + 1, *end = at + parser->token.length - 2;
    for (; at < end; at++) {
      bool is_escape = *at == '\\';
      if (is_escape && !strchr("\\\"nrtbf/", at[1])) break;
      if ((unsigned char)*at < ' ') break;
      cdef_buffer_print(&json, "%.*s", is_escape ? 2 : 1, at);
      at += is_escape;
    }
    if (at < end) break;
    cdef_next(parser);
  }
  cdef_buffer_write(&json, "\"");
  char *copy = NULL;
  if (cdef_is(parser, CDEF_END) && !json.has_failed) copy = cdef_take_memory(parser, json.length + 1);
  if (copy) memcpy(copy, json.text, json.length + 1);
  if (json.has_failed) cdef_fail_memory(parser);
  cdef_buffer_free(&json);
  return copy;
}

/* Returns to a position and clears a failure since then, except for lack of memory. */
static void directive_go_back(cdef_parser *parser, const cdef_position *to) {
  if (parser->status == ARK_NO_MEMORY) return;
  parser->status = ARK_OK;
  cdef_return_to(parser, to);
}

/* Reads the text of a macro in one way. `start` is the position of its name. */
static const char *directive_try(cdef_parser *parser, const cdef_position *start, const char *read(cdef_parser *)) {
  directive_go_back(parser, start);
  cdef_next(parser);
  return read(parser);
}

/* Declares a constant if the text of a macro is one; ignores any other macro. Failures are undone. */
static void directive_read_macro(cdef_parser *parser, cdef_name *name) {
  cdef_position start = cdef_position_of(parser);
  ark_error ignored, *error = parser->error;
  parser->error = &ignored;
  parser->is_trying = true;
  const char *json = NULL;
  cdef_next(parser);
  cdef_value value = cdef_read_expression(parser);
  bool is_integer = !parser->status && cdef_is(parser, CDEF_END) && !value.problem;
  if (!is_integer) json = directive_try(parser, &start, directive_read_string);
  if (!is_integer && !json) json = directive_try(parser, &start, directive_read_decimal);
  directive_go_back(parser, &start);
  parser->error = error;
  parser->is_trying = false;
  if (parser->status) ark_fail_memory(parser->error);
  if (!is_integer && !json) return;
  cdef_declare(parser, name, CDEF_CONSTANT, &start.token.location);
  name->is_macro = true;
  name->value = value;
  name->json = json;
}

static void directive_read_define(cdef_parser *parser) {
  cdef_next(parser);
  bool is_free = cdef_is(parser, CDEF_IDENTIFIER) && parser->token.name->meaning == CDEF_UNKNOWN;
  bool is_function = *parser->at == '(';
  if (is_free && !is_function) directive_read_macro(parser, parser->token.name);
}

static void directive_read_undef(cdef_parser *parser) {
  cdef_next(parser);
  cdef_name *name = parser->token.name;
  if (name && name->meaning == CDEF_CONSTANT && name->is_macro) name->meaning = CDEF_UNKNOWN;
}

static bool directive_is_condition(const cdef_parser *parser) {
  static const char *const words[] = {"include", "include_next", "import", "if",      "ifdef", "ifndef",
                                      "elif",    "else",         "endif",  "elifdef", "error"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (directive_is(parser, words[i])) return true;
  }
  return false;
}

void cdef_read_directive(cdef_parser *parser) {
  parser->in_directive = true;
  cdef_next(parser);
  if (cdef_is(parser, CDEF_NUMBER)) {
    directive_read_marker(parser);
  } else if (directive_is(parser, "line")) {
    cdef_next(parser);
    directive_read_marker(parser);
  } else if (directive_is(parser, "pragma")) {
    directive_read_pragma(parser);
  } else if (directive_is(parser, "define")) {
    directive_read_define(parser);
  } else if (directive_is(parser, "undef")) {
    directive_read_undef(parser);
  } else if (directive_is_condition(parser)) {
    cdef_fail(parser, "#%.*s is the preprocessor's: run the text through `cc -E` first", (int)parser->token.length,
              parser->token.location.text);
  }
  cdef_skip_line(parser);
  parser->in_directive = false;
}
