#include "grammar/enumeration.h"
#include "grammar/attributes.h"
#include "grammar/expression.h"
#include "grammar/specifiers.h"
#include "parser/lexer.h"
#include "parser/meanings.h"
#include "types/basic_types.h"
#include <limits.h>

typedef struct enumeration_range {
  bool has_negative;
  int64_t least;
  uint64_t most;
} enumeration_range;

static void enumeration_widen(enumeration_range *values, cdef_value value) {
  if (cdef_is_negative(value)) {
    values->has_negative = true;
    if ((int64_t)value.bits < values->least) values->least = (int64_t)value.bits;
  } else if (value.bits > values->most) {
    values->most = (uint64_t)value.bits;
  }
}

/* The type that GCC and Clang choose: unsigned int if the values allow it; narrower than int only if the enum is
 * packed. */
static cdef_type *enumeration_type_of(cdef_parser *parser, const enumeration_range *values, bool is_packed) {
  for (size_t size = is_packed ? 1 : sizeof(int); size <= 8; size *= 2) {
    cdef_type *type = cdef_integer_type(parser, size, !values->has_negative);
    if (type && values->most <= ark_type_max(type->scalar) && values->least >= ark_type_min(type->scalar)) return type;
  }
  return cdef_integer_type(parser, 8, !values->has_negative);
}

/* The value of a constant as expressions use it: an int if it fits one, C11 6.4.4.3; otherwise, as in GCC and Clang,
 * in the type of its own. */
static cdef_value enumeration_constant_of(cdef_value value) {
  bool is_int = cdef_is_negative(value) ? (cdef_signed_bits)value.bits >= INT_MIN : value.bits <= INT_MAX;
  return is_int ? cdef_value_of((uint64_t)value.bits, false, sizeof(int)) : value;
}

/* The value of the next constant, in a type that holds it. */
static cdef_value enumeration_next_value(cdef_value value) {
  bool was_negative = cdef_is_negative(value);
  if (!was_negative && value.bits == UINT64_MAX) return cdef_no_value("this constant is larger than any type");
  value.bits++;
  if (was_negative) return value;
  if (value.bits > (value.is_unsigned ? UINT_MAX : INT_MAX)) value.size = 8;
  if (value.bits > INT64_MAX) value.is_unsigned = true;
  return value;
}

static void enumeration_declare_constant(cdef_parser *parser, const cdef_token *token, cdef_value value) {
  if (cdef_is_declared(token->name)) {
    cdef_fail_redeclared(parser, token->name, &token->location);
    return;
  }
  cdef_declare(parser, token->name, CDEF_CONSTANT, &token->location);
  token->name->value = (cdef_integer){(uint64_t)value.bits, value.is_unsigned, value.size};
}

static void enumeration_read_constants(cdef_parser *parser, cdef_type *type, enumeration_range *values) {
  cdef_member **next = &type->members;
  cdef_value value = {.size = sizeof(int)};
  while (!cdef_is(parser, '}') && !cdef_is(parser, CDEF_END)) {
    if (!cdef_is(parser, CDEF_IDENTIFIER)) {
      cdef_fail_expected(parser, "a name");
      return;
    }
    cdef_token token = parser->token;
    cdef_next(parser);
    cdef_attributes ignored = {0};
    cdef_read_attributes(parser, &ignored);
    if (cdef_take(parser, '=')) value = enumeration_constant_of(cdef_read_constant(parser));
    if (value.problem) cdef_fail_at(parser, &token.location, "%s", value.problem);
    enumeration_declare_constant(parser, &token, value);
    enumeration_widen(values, value);
    cdef_member *constant = cdef_take_memory(parser, sizeof *constant);
    if (!constant) return;
    constant->name = token.name;
    *next = constant;
    next = &constant->next;
    value = enumeration_next_value(value);
    if (!cdef_is(parser, '}')) cdef_expect(parser, ',');
  }
}

/* Reads the underlying type after a colon, as C23 and Clang allow it. NULL if there is none. */
static cdef_type *enumeration_read_underlying(cdef_parser *parser) {
  if (!cdef_take(parser, ':')) return NULL;
  cdef_specifiers specifiers = cdef_read_specifiers(parser);
  return specifiers.qualified.type->kind == CDEF_SCALAR ? specifiers.qualified.type : NULL;
}

static void enumeration_set_integer(cdef_type *type, const cdef_type *integer) {
  type->scalar = integer->scalar;
  type->size = integer->size;
  type->align = integer->align;
}

static void enumeration_refuse(cdef_type *type, const char *reason) {
  type->unusable = reason;
  type->is_refused = type->has_unknown_layout = true;
}

/* Applies the attributes of an enum other than `packed`. */
static void enumeration_apply_attributes(cdef_parser *parser, cdef_type *type, const cdef_attributes *attributes) {
  if (attributes->mode) {
    const cdef_type *integer = cdef_with_mode(parser, (cdef_qualified_type){.type = type}, attributes->mode).type;
    if (integer->kind == CDEF_SCALAR && !integer->is_refused) {
      enumeration_set_integer(type, integer);
    } else {
      enumeration_refuse(type, "an enum does not have this machine mode");
    }
  }
  if (attributes->align && attributes->align != type->align)
    enumeration_refuse(type, "compilers disagree about an enum with an alignment of its own");
  if (attributes->unusable) enumeration_refuse(type, attributes->unusable);
}

cdef_type *cdef_read_enum(cdef_parser *parser) {
  cdef_attributes attributes = {0};
  cdef_location location = parser->token.location;
  cdef_name *tag = cdef_read_tag(parser, &attributes);
  if (cdef_is(parser, '{') && parser->is_trying) {
    cdef_fail(parser, "it defines a type");
    return &parser->basic.unknown;
  }
  cdef_type *underlying = enumeration_read_underlying(parser);
  cdef_type *type = tag ? tag->tag : NULL;
  if (!type) {
    type = cdef_new_type(parser, CDEF_SCALAR);
    type->is_enum = type->is_complete = true;
    enumeration_set_integer(type, underlying ? underlying : cdef_integer_type(parser, sizeof(int), true));
    if (tag) tag->tag = type;
    if (tag) type->name = cdef_format(parser, "enum %.*s", (int)tag->length, tag->text);
    type->index = parser->enum_count++;
    *parser->next_enum = type;
    parser->next_enum = &type->next;
  }
  if (!type->is_enum) cdef_fail_at(parser, &location, "%s is no enum", type->name ? type->name : "this");
  if (!cdef_is(parser, '{')) {
    if (!tag) cdef_fail_expected(parser, "'{' or a tag");
    return type;
  }
  if (type->is_open) cdef_fail_at(parser, &location, "this enum has values already");
  type->is_open = true;
  enumeration_range values = {0};
  cdef_next(parser);
  enumeration_read_constants(parser, type, &values);
  cdef_expect(parser, '}');
  cdef_read_type_attributes(parser, &attributes);
  if (!underlying) enumeration_set_integer(type, enumeration_type_of(parser, &values, attributes.is_packed));
  enumeration_apply_attributes(parser, type, &attributes);
  return type;
}
