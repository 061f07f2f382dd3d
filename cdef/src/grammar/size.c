#include "grammar/size.h"
#include "base/string_literal.h"
#include "grammar/declarator.h"
#include "grammar/expression.h"
#include "grammar/specifiers.h"
#include "grammar/unary.h"
#include "parser/lexer.h"

/* Brackets around an operand, one in another, within which a member of an object is recognized. */
enum { MOST_BRACKETS = 8 };

/* Something in memory: a variable, or a member of an object whose address is a number. */
typedef struct size_object {
  cdef_qualified_type qualified;
  uint64_t address; /* in bytes; of a variable: 0 */
  bool is_bit_field;
} size_object;

static cdef_value size_value(size_t size) {
  return size ? cdef_value_of(size, true, sizeof size) : cdef_no_value("this type has no size yet");
}

const char cdef_size_unknown[] = "the size of this type is not known, because of an attribute";

static cdef_value size_type(cdef_qualified_type qualified, bool is_align) {
  if (is_align && qualified.align) return size_value(qualified.align);
  const cdef_type *type = qualified.type;
  while (type->kind == CDEF_ARRAY && !type->has_unknown_layout) type = type->target.type;
  if (type->has_unknown_layout) return cdef_no_value(cdef_size_unknown);
  if (!qualified.type->is_complete) return cdef_no_value("this type has no size yet");
  return is_align ? size_value(qualified.type->align) : cdef_value_of(qualified.type->size, true, sizeof(size_t));
}

/* ---- Objects */

/* The member of that name, also in anonymous structs and unions, whose offsets are added to *offset. NULL for none.
 * Recurses as deep as structs nest. */
static const cdef_member *size_find_member(const cdef_type *type, const cdef_name *name, uint64_t *offset) {
  bool has_members = (type->kind == CDEF_STRUCT || type->kind == CDEF_UNION) && type->is_complete;
  if (!has_members || type->has_unknown_layout) return NULL;
  for (const cdef_member *member = type->members; member; member = member->next) {
    const cdef_member *found = member->name && member->name == name ? member : NULL;
    uint64_t inside = 0;
    if (!member->name && member->bits < 0) found = size_find_member(member->qualified.type, name, &inside);
    if (!found) continue;
    *offset += inside + member->laid_out->offset;
    return found;
  }
  return NULL;
}

/* Moves an object to its member whose name is the current token. False if it has none. */
static bool size_read_member(cdef_parser *parser, size_object *object) {
  const cdef_member *member =
      parser->token.name ? size_find_member(object->qualified.type, parser->token.name, &object->address) : NULL;
  if (!member) return false;
  cdef_next(parser);
  object->is_bit_field = member->bits >= 0;
  object->qualified = member->qualified;
  return true;
}

/* Moves an object to the members and elements that follow it. False if one of them is not known. */
static bool size_read_parts(cdef_parser *parser, size_object *object) {
  for (;;) {
    if (cdef_take(parser, '.')) {
      if (!size_read_member(parser, object)) return false;
    } else if (cdef_take(parser, '[')) {
      const cdef_type *type = object->qualified.type;
      cdef_value index = cdef_read_expression(parser);
      cdef_expect(parser, ']');
      if (type->kind != CDEF_ARRAY || type->has_unknown_layout || index.problem || index.kind != CDEF_INTEGER)
        return false;
      object->address += (uint64_t)index.bits * type->target.type->size;
      object->qualified = type->target;
    } else {
      return true;
    }
  }
}

static bool size_take_arrow(cdef_parser *parser) {
  if (!cdef_is(parser, '-') || !cdef_is_before(parser, '>')) return false;
  cdef_next(parser);
  cdef_next(parser);
  return true;
}

/* Whether the tokens from the current one on are `((T *)0)->`. */
static bool size_is_at_object(cdef_parser *parser) {
  cdef_position start = cdef_position_of(parser);
  bool is_object = false;
  if (cdef_take(parser, '(') && cdef_is(parser, '(')) {
    cdef_skip_group(parser);
    is_object =
        cdef_take(parser, CDEF_NUMBER) && cdef_take(parser, ')') && cdef_is(parser, '-') && cdef_is_before(parser, '>');
  }
  if (!parser->status) cdef_return_to(parser, &start);
  return is_object;
}

/* Reads `((T *)0)->member`. False if T has no such member. */
static bool size_read_object(cdef_parser *parser, size_object *object) {
  cdef_next(parser);
  cdef_next(parser);
  cdef_qualified_type qualified = cdef_read_type_name(parser);
  cdef_expect(parser, ')');
  cdef_value address = cdef_read_unary(parser);
  cdef_expect(parser, ')');
  if (!size_take_arrow(parser) || qualified.type->kind != CDEF_POINTER || address.problem) return false;
  *object = (size_object){.qualified = qualified.type->target, .address = (uint64_t)address.bits};
  return size_read_member(parser, object) && size_read_parts(parser, object);
}

cdef_value cdef_read_address(cdef_parser *parser) {
  size_object object;
  cdef_next(parser);
  if (!size_is_at_object(parser) || !size_read_object(parser, &object) || object.is_bit_field) {
    cdef_fail(parser, "the address of an object is no constant");
    return cdef_no_value("");
  }
  return (cdef_value){.kind = CDEF_ADDRESS, .size = sizeof(void *), .bits = object.address};
}

cdef_value cdef_read_offset(cdef_parser *parser) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  size_object object = {.qualified = cdef_read_type_name(parser)};
  cdef_expect(parser, ',');
  bool is_known = size_read_member(parser, &object) && size_read_parts(parser, &object) && !object.is_bit_field;
  while (!is_known && !cdef_is(parser, ')') && !cdef_is(parser, CDEF_END)) cdef_next(parser);
  cdef_expect(parser, ')');
  return is_known ? cdef_value_of(object.address, true, sizeof(size_t))
                  : cdef_no_value("only a member of a struct has an offset here");
}

/* ---- sizeof */

/* Reads an operand that has a size but no value: a type in brackets, a variable, a member of an object, or a string.
 * False for any other operand, of which some tokens may have been read. */
static bool size_read_sized(cdef_parser *parser, bool is_align, cdef_value *out) {
  size_t open = 0;
  while (cdef_is(parser, '(') && (open >= MOST_BRACKETS || !size_is_at_object(parser))) {
    cdef_next(parser);
    open++;
  }
  const cdef_name *name = parser->token.name;
  size_object object = {0};
  if (open == 1 && cdef_begins_type(parser)) {
    *out = size_type(cdef_read_type_name(parser), is_align);
    cdef_expect(parser, ')');
    return true;
  }
  if (cdef_is(parser, '(')) {
    if (!size_read_object(parser, &object) || object.is_bit_field) return false;
    *out = size_type(object.qualified, is_align);
  } else if (cdef_is(parser, CDEF_STRING)) {
    *out = cdef_read_string(parser);
    if (is_align && !out->problem) *out = cdef_value_of(out->unit, true, sizeof(size_t));
    if (!is_align && !out->problem) *out = cdef_value_of(out->size, true, sizeof(size_t));
  } else if (cdef_is(parser, CDEF_IDENTIFIER) && name->meaning == CDEF_VARIABLE) {
    object.qualified = name->qualified;
    cdef_next(parser);
    if (size_take_arrow(parser)) {
      if (object.qualified.type->kind != CDEF_POINTER) return false;
      object.qualified = object.qualified.type->target;
      if (!size_read_member(parser, &object)) return false;
    }
    if (!size_read_parts(parser, &object) || object.is_bit_field) return false;
    *out = size_type(object.qualified, is_align);
  } else {
    return false;
  }
  while (open && cdef_take(parser, ')')) open--;
  return !open && !cdef_is(parser, '.') && !cdef_is(parser, '[');
}

cdef_value cdef_read_measure(cdef_parser *parser, bool is_align) {
  cdef_next(parser);
  cdef_position start = cdef_position_of(parser);
  cdef_value value;
  if (size_read_sized(parser, is_align, &value) || parser->status) return parser->status ? cdef_no_value("") : value;
  cdef_return_to(parser, &start);
  value = cdef_read_unary(parser);
  /* The alignment of an integer type is its size. */
  return value.size ? size_value(value.size) : value;
}
