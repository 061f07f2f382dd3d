#include "grammar/unary.h"
#include "base/floating_value.h"
#include "base/json.h"
#include "base/literal.h"
#include "base/operators.h"
#include "base/string_literal.h"
#include "grammar/builtins.h"
#include "grammar/declarator.h"
#include "grammar/expression.h"
#include "grammar/size.h"
#include "grammar/specifiers.h"
#include "parser/expansion.h"
#include "parser/lexer.h"

/* ---- Casts */

static cdef_value unary_cast_to_floating(cdef_value value, cdef_value_kind kind) {
  bool is_number = value.kind == CDEF_INTEGER || cdef_is_floating(value.kind);
  return is_number ? cdef_to_floating(value, kind)
                   : cdef_no_value("an address is converted to a number with a fraction");
}

static cdef_value unary_cast_to_address(const cdef_type *target, cdef_value value) {
  if (value.kind == CDEF_TEXT) {
    bool is_text = target->kind == CDEF_SCALAR && target->size == value.unit;
    value.size = sizeof(char *);
    return is_text ? value : cdef_no_value("the address of a string is no constant");
  }
  if (cdef_is_floating(value.kind)) return cdef_no_value("a number with a fraction is converted to an address");
  value = cdef_wrap(cdef_value_of((uint64_t)value.bits, true, sizeof(void *)));
  value.kind = CDEF_ADDRESS;
  return value;
}

static cdef_value unary_cast_to_integer(const cdef_type *type, cdef_value value) {
  if (value.kind == CDEF_TEXT) return cdef_no_value("the address of a string is no constant");
  bool is_unsigned = type->scalar->kind == ARK_KIND_UNSIGNED, is_floating = cdef_is_floating(value.kind);
  if (type->scalar->kind == ARK_KIND_BOOL)
    return cdef_value_of(is_floating ? value.number != 0 : value.bits != 0, true, 1);
  if (is_floating) return cdef_to_integer(value, is_unsigned, type->size);
  return cdef_wrap(cdef_value_of((uint64_t)value.bits, is_unsigned, type->size));
}

/* The kind of the values of a type that is a number; long double is one in constants alone. */
static cdef_value_kind unary_kind_of(const cdef_parser *parser, const cdef_type *type) {
  if (type == &parser->basic.long_double) return CDEF_LONG_DOUBLE;
  if (type->scalar->kind != ARK_KIND_FLOAT) return CDEF_INTEGER;
  return type->size == sizeof(float) ? CDEF_FLOAT : CDEF_DOUBLE;
}

static cdef_value unary_cast(const cdef_parser *parser, cdef_qualified_type qualified, cdef_value value) {
  const cdef_type *type = qualified.type;
  bool is_long_double = type == &parser->basic.long_double;
  bool is_number = is_long_double || (type->kind == CDEF_SCALAR && !type->is_refused);
  cdef_value_kind kind = is_number ? unary_kind_of(parser, type) : CDEF_ADDRESS;
  if (value.problem && is_number) { /* the type of the result is known */
    value.kind = kind;
    value.size = type->size;
    value.is_unsigned = kind == CDEF_INTEGER && type->scalar->kind != ARK_KIND_SIGNED;
  }
  if (value.problem) return value;
  if (type->kind == CDEF_POINTER) return unary_cast_to_address(type->target.type, value);
  if (!is_number) return cdef_no_value("it is converted to a type that is no number");
  return kind == CDEF_INTEGER ? unary_cast_to_integer(type, value) : unary_cast_to_floating(value, kind);
}

/* ---- Strings */

/* The size of the units of the current string literal and of those after it: that of the first one that has a prefix.
 * All that have one must have the same, also where the units of two prefixes have one size. */
static size_t unary_find_unit(cdef_parser *parser, bool *do_agree) {
  cdef_position start = cdef_position_of(parser);
  size_t unit = 1, length = 0;
  char first = '\0';
  *do_agree = true;
  for (; cdef_is(parser, CDEF_STRING); cdef_next(parser)) {
    const char *text = parser->token.location.text;
    size_t own = cdef_prefix_length(text);
    if (!own) continue;
    if (length && (own != length || *text != first)) *do_agree = false;
    length = own;
    first = *text;
    unit = cdef_prefix_unit(text, length);
  }
  if (!parser->status) cdef_return_to(parser, &start);
  return unit;
}

cdef_value cdef_read_string(cdef_parser *parser) {
  bool do_agree;
  cdef_string_decoder decoder = {.unit = unary_find_unit(parser, &do_agree)};
  for (; cdef_is(parser, CDEF_STRING); cdef_next(parser)) {
    const char *at = parser->token.location.text;
    cdef_decode_string(&decoder, at + cdef_prefix_length(at) + 1, at + parser->token.length - 1);
  }
  cdef_value value = {.kind = CDEF_TEXT, .unit = decoder.unit, .size = (decoder.count + 1) * decoder.unit};
  cdef_buffer json = {0};
  if (decoder.text.has_failed) {
    cdef_fail_memory(parser);
  } else if (!do_agree) {
    value = cdef_no_value("these strings have different prefixes");
  } else if (decoder.problem) {
    value = cdef_no_value(decoder.problem);
  } else if (cdef_is_text(&decoder)) {
    cdef_json_string(&json, decoder.text.text ? decoder.text.text : "", decoder.text.length);
    value.json = cdef_finish_text(parser, &json);
  }
  cdef_buffer_free(&decoder.text);
  return value;
}

/* ---- Names */

static cdef_value unary_problem(const char *problem, const cdef_token *token) {
  cdef_value value = cdef_no_value(problem);
  value.subject = token->location.text;
  value.subject_length = token->length;
  return value;
}

/* Why a name has no value, if it is not called. */
static const char *unary_why_no_constant(const cdef_token *token) {
  static const char *const places[] = {"__LINE__",      "__FILE__",      "__COUNTER__",       "__DATE__",
                                       "__TIME__",      "__TIMESTAMP__", "__INCLUDE_LEVEL__", "__BASE_FILE__",
                                       "__FILE_NAME__", "__func__",      "__FUNCTION__",      "__PRETTY_FUNCTION__"};
  switch (token->name->meaning) {
  case CDEF_FUNCTION_NAME: return "'%' is a function";
  case CDEF_VARIABLE: return "'%' is a variable";
  case CDEF_TYPE_NAME: return "'%' is a type";
  default: break;
  }
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    if (cdef_token_is(token, places[i])) return "'%' depends on the place where it is used";
  }
  if (token->name->is_static) return "'%' is static";
  if (token->name->macro && token->name->macro->has_parameters) return "'%' is a macro with parameters";
  return "'%' is not declared";
}

/* Skips what follows an operand that has no value: the arguments of a call, elements, members, and strings, which
 * follow a name that only the compiler replaces by a string. */
static void unary_skip_suffixes(cdef_parser *parser) {
  for (;;) {
    bool is_arrow = cdef_is(parser, '-') && cdef_is_before(parser, '>');
    if (cdef_is(parser, '(') || cdef_is(parser, '[')) {
      cdef_skip_group(parser);
    } else if (cdef_is(parser, CDEF_STRING)) {
      cdef_next(parser);
    } else if (is_arrow || cdef_is(parser, '.')) {
      cdef_next(parser);
      if (is_arrow) cdef_next(parser);
      cdef_next(parser);
    } else {
      return;
    }
  }
}

static cdef_value unary_read_name(cdef_parser *parser) {
  cdef_token token = parser->token;
  cdef_value value;
  if (token.name->meaning == CDEF_CONSTANT) {
    cdef_next(parser);
    cdef_integer constant = token.name->value;
    return cdef_value_of(constant.bits, constant.is_unsigned, constant.size);
  }
  if (cdef_read_builtin(parser, &value)) return value;
  cdef_next(parser);
  value = unary_problem(cdef_is(parser, '(') ? "it calls '%'" : unary_why_no_constant(&token), &token);
  unary_skip_suffixes(parser);
  return value;
}

/* ---- Operands */

/* Reads what follows the bracket of a cast or of an expression. */
static cdef_value unary_read_bracket(cdef_parser *parser) {
  if (cdef_begins_type(parser)) {
    cdef_qualified_type qualified = cdef_read_type_name(parser);
    cdef_expect(parser, ')');
    if (!cdef_is(parser, '{')) return unary_cast(parser, qualified, cdef_read_unary(parser));
    cdef_skip_group(parser);
    unary_skip_suffixes(parser);
    return cdef_no_value("a value in braces is no constant");
  }
  if (cdef_is(parser, '{')) {
    cdef_skip_group(parser);
    cdef_expect(parser, ')');
    return cdef_no_value("it has statements");
  }
  cdef_value value = cdef_read_expression(parser);
  while (cdef_take(parser, ',')) {
    cdef_value next = cdef_read_expression(parser);
    if (!value.problem) value = next;
    if (value.kind == CDEF_TEXT) value.size = sizeof(char *);
  }
  cdef_expect(parser, ')');
  if (cdef_is(parser, '(') || cdef_is(parser, '[') || cdef_is(parser, '.') ||
      (cdef_is(parser, '-') && cdef_is_before(parser, '>'))) {
    unary_skip_suffixes(parser);
    if (!value.problem) value = cdef_no_value("it reads memory or calls a function");
  }
  return value;
}

static cdef_value unary_read_operand(cdef_parser *parser) {
  cdef_token token = parser->token;
  cdef_value value;
  switch (token.kind) {
  case CDEF_NUMBER: value = cdef_number_value(token.location.text, token.length); break;
  case CDEF_CHARACTER: value = cdef_character_value(token.location.text, token.length); break;
  case CDEF_STRING:
    value = cdef_read_string(parser);
    if (!cdef_is(parser, '[')) return value;
    unary_skip_suffixes(parser);
    return cdef_no_value("it reads memory or calls a function");
  case CDEF_IDENTIFIER: return unary_read_name(parser);
  case CDEF_SIZEOF_WORD: return cdef_read_measure(parser, false);
  case CDEF_ALIGNOF_WORD: return cdef_read_measure(parser, true);
  case CDEF_OFFSETOF_WORD: return cdef_read_offset(parser);
  default: cdef_fail_expected(parser, "a constant"); return cdef_no_value("");
  }
  cdef_next(parser);
  return value;
}

cdef_value cdef_read_unary(cdef_parser *parser) {
  cdef_value value;
  cdef_enter_level(parser);
  while (cdef_is(parser, CDEF_IDENTIFIER) && parser->token.name->meaning == CDEF_UNKNOWN && cdef_expand_here(parser))
    continue;
  int op = parser->token.kind;
  if (cdef_take(parser, '(')) {
    value = unary_read_bracket(parser);
  } else if (cdef_take(parser, '-') || cdef_take(parser, '+') || cdef_take(parser, '~') || cdef_take(parser, '!')) {
    value = cdef_apply_unary(op, cdef_read_unary(parser));
  } else if (cdef_is(parser, '&')) {
    value = cdef_read_address(parser);
  } else if (cdef_is(parser, '*')) {
    cdef_next(parser);
    value = cdef_read_unary(parser);
    if (!value.problem) value = cdef_no_value("it reads memory or calls a function");
  } else if (cdef_take(parser, CDEF_IGNORED_WORD)) { /* __extension__ */
    value = cdef_read_unary(parser);
  } else {
    value = unary_read_operand(parser);
  }
  cdef_leave_level(parser);
  return value;
}
