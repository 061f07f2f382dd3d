#include "grammar/expression.h"
#include "base/literal.h"
#include "grammar/declarator.h"
#include "grammar/specifiers.h"
#include "parser/lexer.h"

static cdef_value expression_read_unary(cdef_parser *parser);

static cdef_value expression_cast(cdef_qualified_type qualified, cdef_value value) {
  if (value.problem) return value;
  if (qualified.type->kind == CDEF_POINTER) return cdef_value_of(value.bits, true, sizeof(void *));
  if (qualified.type->kind != CDEF_SCALAR || qualified.type->scalar->kind == ARK_KIND_FLOAT)
    return cdef_no_value("this is no integer");
  if (qualified.type->scalar->kind == ARK_KIND_BOOL) return cdef_value_of(value.bits != 0, true, 1);
  value.size = qualified.type->size;
  value.is_unsigned = qualified.type->scalar->kind == ARK_KIND_UNSIGNED;
  return cdef_wrap(value);
}

static cdef_value expression_size_value(size_t size) {
  return size ? cdef_value_of(size, true, sizeof size) : cdef_no_value("this type has no size yet");
}

static cdef_value expression_measure(cdef_qualified_type qualified, bool is_align) {
  if (is_align && qualified.align) return expression_size_value(qualified.align);
  const cdef_type *type = qualified.type;
  while (type->kind == CDEF_ARRAY && !type->has_unknown_layout) type = type->target.type;
  if (type->has_unknown_layout) return cdef_no_value("the size of this type is not known, because of an attribute");
  if (!qualified.type->is_complete) return cdef_no_value("this type has no size yet");
  return is_align ? expression_size_value(qualified.type->align)
                  : cdef_value_of(qualified.type->size, true, sizeof(size_t));
}

/* Reads adjacent string literals, which are one string. Its size with the NUL, or its alignment. */
static cdef_value expression_read_string_size(cdef_parser *parser, bool is_align) {
  cdef_value value = cdef_value_of(1, true, sizeof(size_t));
  for (; cdef_is(parser, CDEF_STRING); cdef_next(parser)) {
    const char *at = parser->token.location.text + 1, *end = at + parser->token.length - 2;
    for (; at < end && !is_align; value.bits++) {
      bool is_escape = *at++ == '\\';
      if (is_escape && (*at == 'u' || *at == 'U')) value.problem = "only single bytes are understood here";
      if (is_escape) cdef_read_escape(&at, end);
    }
  }
  return value;
}

/* Reads an operand that has a size but no value: a type in parentheses, a variable or a string. False for any other
 * operand, of which some tokens may have been read. */
static bool expression_read_sized(cdef_parser *parser, bool is_align, cdef_value *out) {
  size_t open = 0;
  while (cdef_take(parser, '(')) open++;
  const cdef_name *name = parser->token.name;
  if (open == 1 && cdef_begins_type(parser)) {
    *out = expression_measure(cdef_read_type_name(parser), is_align);
    cdef_expect(parser, ')');
    return true;
  }
  if (cdef_is(parser, CDEF_STRING)) {
    *out = expression_read_string_size(parser, is_align);
  } else if (cdef_is(parser, CDEF_IDENTIFIER) && name->meaning == CDEF_VARIABLE) {
    *out = expression_measure(name->qualified, is_align);
    cdef_next(parser);
  } else {
    return false;
  }
  while (open && cdef_take(parser, ')')) open--;
  return !open && !cdef_is(parser, '.') && !cdef_is(parser, '[');
}

/* Reads sizeof or _Alignof of a type, a variable, a string or a constant expression. The alignment of an integer
 * type is its size. */
static cdef_value expression_read_measure(cdef_parser *parser, bool is_align) {
  cdef_next(parser);
  cdef_position start = cdef_position_of(parser);
  cdef_value value;
  if (expression_read_sized(parser, is_align, &value) || parser->status)
    return parser->status ? cdef_no_value("") : value;
  cdef_return_to(parser, &start);
  value = expression_read_unary(parser);
  return value.problem ? value : expression_size_value(value.size);
}

static cdef_value expression_read_offset(cdef_parser *parser) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  cdef_qualified_type qualified = cdef_read_type_name(parser);
  cdef_expect(parser, ',');
  const cdef_name *name = parser->token.name;
  cdef_next(parser);
  cdef_value value = cdef_no_value("only a member of a struct has an offset here");
  bool has_layout = qualified.type->is_complete && !qualified.type->has_unknown_layout;
  if (qualified.type->kind == CDEF_STRUCT && has_layout && cdef_is(parser, ')')) {
    for (const cdef_member *member = qualified.type->members; member; member = member->next) {
      if (name && member->name == name && member->bits < 0)
        value = cdef_value_of(member->laid_out->offset, true, sizeof(size_t));
    }
  }
  while (!cdef_is(parser, ')') && !cdef_is(parser, CDEF_END)) cdef_next(parser);
  cdef_expect(parser, ')');
  return value;
}

static cdef_value expression_read_primary(cdef_parser *parser) {
  cdef_token token = parser->token;
  cdef_value value;
  switch (token.kind) {
  case CDEF_NUMBER: value = cdef_number_value(token.location.text, token.length); break;
  case CDEF_CHARACTER: value = cdef_character_value(token.location.text, token.length); break;
  case CDEF_IDENTIFIER:
    value = token.name->meaning == CDEF_CONSTANT && !token.name->json
                ? token.name->value
                : cdef_no_value("this name is no constant integer");
    break;
  case CDEF_SIZEOF_WORD: return expression_read_measure(parser, false);
  case CDEF_ALIGNOF_WORD: return expression_read_measure(parser, true);
  case CDEF_OFFSETOF_WORD: return expression_read_offset(parser);
  default: cdef_fail_expected(parser, "a constant"); return cdef_no_value("");
  }
  cdef_next(parser);
  return value;
}

static cdef_value expression_read_parenthesized(cdef_parser *parser) {
  if (cdef_begins_type(parser)) {
    cdef_qualified_type qualified = cdef_read_type_name(parser);
    cdef_expect(parser, ')');
    return expression_cast(qualified, expression_read_unary(parser));
  }
  cdef_value value = cdef_read_expression(parser);
  cdef_expect(parser, ')');
  return value;
}

static cdef_value expression_read_unary(cdef_parser *parser) {
  cdef_value value;
  cdef_enter_level(parser);
  int op = parser->token.kind;
  if (cdef_take(parser, '(')) {
    value = expression_read_parenthesized(parser);
  } else if (cdef_take(parser, '-') || cdef_take(parser, '+') || cdef_take(parser, '~') || cdef_take(parser, '!')) {
    value = cdef_apply_unary(op, expression_read_unary(parser));
  } else if (cdef_take(parser, CDEF_IGNORED_WORD)) { /* __extension__ */
    value = expression_read_unary(parser);
  } else {
    value = expression_read_primary(parser);
  }
  cdef_leave_level(parser);
  return value;
}

/* Reads a binary expression whose operators have at least the precedence `lowest`. */
static cdef_value expression_read_binary(cdef_parser *parser, int lowest) {
  cdef_value left = expression_read_unary(parser);
  for (;;) {
    int op = parser->token.kind, precedence = cdef_precedence_of(op);
    if (!precedence || precedence < lowest) return left;
    cdef_next(parser);
    left = cdef_apply_binary(op, left, expression_read_binary(parser, precedence + 1));
  }
}

cdef_value cdef_read_expression(cdef_parser *parser) {
  cdef_enter_level(parser);
  cdef_value value = expression_read_binary(parser, 1);
  if (cdef_take(parser, '?')) {
    cdef_value yes = cdef_read_expression(parser);
    cdef_expect(parser, ':');
    cdef_value no = cdef_read_expression(parser);
    bool is_yes = value.bits != 0;
    if (!value.problem) value = is_yes ? yes : no;
    cdef_value other = is_yes ? no : yes;
    if (!value.problem && !other.problem) cdef_convert_operands(&value, &other);
  }
  cdef_leave_level(parser);
  return value;
}

cdef_value cdef_read_constant(cdef_parser *parser) {
  cdef_location location = parser->token.location;
  cdef_value value = cdef_read_expression(parser);
  if (value.problem) cdef_fail_at(parser, &location, "%s", value.problem);
  return value.problem ? cdef_value_of(0, false, sizeof(int)) : value;
}
