#include "grammar/declarator.h"
#include "grammar/expression.h"
#include "parser/lexer.h"

/* The pointers, arrays and functions of a declarator, linked by `next`. The first one applies to the base type. */
typedef struct declarator_parts {
  cdef_type *first, **end;
} declarator_parts;

static void declarator_add_first(declarator_parts *to, cdef_type *part) {
  part->next = to->first;
  if (!to->first) to->end = &part->next;
  to->first = part;
}

static void declarator_add_last(declarator_parts *to, cdef_type *part) {
  if (to->first) {
    *to->end = part;
  } else {
    to->first = part;
  }
  to->end = &part->next;
}

static void declarator_join(declarator_parts *to, const declarator_parts *more) {
  if (!more->first) return;
  if (to->first) {
    *to->end = more->first;
  } else {
    to->first = more->first;
  }
  to->end = more->end;
}

/* The type that a parameter is passed as: arrays and functions become pointers, C11 6.7.6.3, and a transparent union of
 * GCC becomes its first member. */
static cdef_qualified_type declarator_adjust_parameter(cdef_parser *parser, cdef_qualified_type qualified) {
  if (qualified.type->kind == CDEF_UNION && qualified.type->is_transparent && qualified.type->members)
    return qualified.type->members->qualified;
  if (qualified.type->kind != CDEF_ARRAY && qualified.type->kind != CDEF_FUNCTION) return qualified;
  cdef_type *pointer = cdef_new_type(parser, CDEF_POINTER);
  pointer->target = qualified.type->kind == CDEF_ARRAY ? qualified.type->target : qualified;
  return (cdef_qualified_type){.type = pointer};
}

static void declarator_read_parameters(cdef_parser *parser, cdef_type *function) {
  cdef_member **end = &function->members;
  do {
    if (cdef_take(parser, CDEF_ELLIPSIS)) {
      function->is_variadic = true;
      return;
    }
    cdef_specifiers specifiers = cdef_read_specifiers(parser);
    cdef_declarator declarator = cdef_read_declarator(parser, &specifiers);
    cdef_qualified_type qualified = declarator_adjust_parameter(parser, declarator.qualified);
    if (qualified.type->kind == CDEF_VOID) {
      bool is_alone = !function->members && !declarator.name && cdef_is(parser, ')');
      if (!is_alone) cdef_fail_at(parser, &declarator.location, "void cannot be a parameter");
      return;
    }
    cdef_member *parameter = cdef_take_memory(parser, sizeof *parameter);
    if (!parameter) return;
    parameter->name = declarator.name;
    parameter->qualified = qualified;
    *end = parameter;
    end = &parameter->next;
  } while (cdef_take(parser, ','));
}

/* Reads the parameters of a function from after the `(` on. */
static cdef_type *declarator_read_function(cdef_parser *parser) {
  cdef_type *function = cdef_new_type(parser, CDEF_FUNCTION);
  bool was_in_parameters = parser->is_in_parameters;
  parser->is_in_parameters = true;
  function->is_complete = !cdef_is(parser, ')');
  if (function->is_complete) declarator_read_parameters(parser, function);
  parser->is_in_parameters = was_in_parameters;
  cdef_expect(parser, ')');
  return function;
}

/* In a parameter, the brackets have no effect on the type, and their content need not be constant. */
static cdef_type *declarator_read_array(cdef_parser *parser) {
  cdef_type *array = cdef_new_type(parser, CDEF_ARRAY);
  if (parser->is_in_parameters) {
    cdef_skip_group(parser);
    return array;
  }
  cdef_next(parser);
  if (cdef_take(parser, ']')) return array;
  cdef_location location = parser->token.location;
  cdef_value count = cdef_read_constant(parser);
  if (cdef_is_negative(count)) cdef_fail_at(parser, &location, "an array cannot have fewer than 0 elements");
  array->count = count.bits;
  array->is_complete = true;
  cdef_expect(parser, ']');
  return array;
}

/* Reads arrays and parameter lists. The last one of several applies to the base type. */
static declarator_parts declarator_read_suffixes(cdef_parser *parser) {
  declarator_parts suffixes = {0};
  for (;;) {
    if (cdef_is(parser, '[') && !cdef_begins_attribute(parser)) {
      declarator_add_first(&suffixes, declarator_read_array(parser));
    } else if (cdef_take(parser, '(')) {
      declarator_add_first(&suffixes, declarator_read_function(parser));
    } else {
      return suffixes;
    }
  }
}

/* Reads pointers. Of their attributes, only a calling convention is kept: it belongs to the function, wherever it is
 * written. */
static void declarator_read_pointers(cdef_parser *parser, declarator_parts *to, cdef_declarator *out) {
  while (cdef_take(parser, '*')) {
    cdef_attributes attributes = {0};
    do {
      cdef_read_attributes(parser, &attributes);
    } while (cdef_take(parser, CDEF_CONST_WORD) || cdef_take(parser, CDEF_ATOMIC_WORD));
    if (attributes.unusable) out->attributes.unusable = attributes.unusable;
    declarator_add_last(to, cdef_new_type(parser, CDEF_POINTER));
  }
}

/* Whether a `(` that was just read opens a nested declarator, not a list of parameters. */
static bool declarator_is_nested(const cdef_parser *parser) {
  if (cdef_is(parser, CDEF_ATTRIBUTE_WORD)) return true;
  return !cdef_is(parser, ')') && !cdef_is(parser, CDEF_ELLIPSIS) && !cdef_begins_type(parser);
}

static declarator_parts declarator_read_parts(cdef_parser *parser, cdef_declarator *out) {
  declarator_parts all = {0}, inner = {0};
  cdef_enter_level(parser);
  cdef_read_attributes(parser, &out->attributes);
  declarator_read_pointers(parser, &all, out);
  cdef_read_attributes(parser, &out->attributes);
  declarator_parts suffixes = {0};
  if (cdef_is(parser, CDEF_IDENTIFIER)) {
    out->name = parser->token.name;
    out->location = parser->token.location;
    cdef_next(parser);
    cdef_read_attributes(parser, &out->attributes);
  } else if (cdef_take(parser, '(')) {
    if (declarator_is_nested(parser)) {
      inner = declarator_read_parts(parser, out);
      cdef_expect(parser, ')');
    } else {
      declarator_add_first(&suffixes, declarator_read_function(parser));
    }
  }
  declarator_parts more = declarator_read_suffixes(parser);
  declarator_join(&more, &suffixes);
  declarator_join(&all, &more);
  declarator_join(&all, &inner);
  cdef_leave_level(parser);
  return all;
}

static void declarator_complete_array(cdef_parser *parser, cdef_type *array, const cdef_location *location) {
  cdef_type *element = array->target.type;
  if (element->kind == CDEF_VOID || element->kind == CDEF_FUNCTION) {
    cdef_fail_at(parser, location, "there are no arrays of %s", element->kind == CDEF_VOID ? "void" : "functions");
  } else if (!element->is_complete && !parser->is_in_parameters) {
    cdef_fail_at(parser, location, "the elements of this array have no size yet");
  } else if (element->size && array->count > PTRDIFF_MAX / element->size) {
    cdef_fail_at(parser, location, "this array is larger than memory");
  } else if (element->depth == CDEF_MAX_DEPTH) {
    cdef_fail_at(parser, location, "this type nests deeper than %d levels", CDEF_MAX_DEPTH);
  }
  array->depth = element->depth + 1;
  array->size = element->size * (size_t)array->count;
  array->align = array->target.align ? array->target.align : element->align;
}

static void declarator_check_function(cdef_parser *parser, const cdef_type *function, const cdef_location *location) {
  cdef_kind result = function->target.type->kind;
  if (result != CDEF_ARRAY && result != CDEF_FUNCTION) return;
  cdef_fail_at(parser, location, "a function cannot return %s", result == CDEF_ARRAY ? "an array" : "a function");
}

/* A calling convention reaches a function through at most this many pointers and arrays, all of which are copied. */
enum { MOST_CONVENTION_LEVELS = 8 };

/* The type with an unsupported calling convention on the function that it is or points to. Copies the types on the way
 * there, because a typedef may share them. */
static cdef_qualified_type declarator_with_convention(cdef_parser *parser, cdef_qualified_type qualified,
                                                      const char *unusable) {
  cdef_qualified_type *at = &qualified;
  for (int level = 0; level <= MOST_CONVENTION_LEVELS && !parser->status; level++, at = &at->type->target) {
    cdef_kind kind = at->type->kind;
    if (kind != CDEF_POINTER && kind != CDEF_ARRAY && kind != CDEF_FUNCTION) break;
    cdef_type *copy = cdef_new_type(parser, kind);
    *copy = *at->type;
    at->type = copy;
    if (kind == CDEF_FUNCTION) {
      copy->unusable = unusable;
      break;
    }
  }
  return qualified;
}

cdef_declarator cdef_read_declarator(cdef_parser *parser, const cdef_specifiers *specifiers) {
  cdef_declarator out = {.location = parser->token.location, .attributes.unusable = specifiers->unusable};
  declarator_parts all = declarator_read_parts(parser, &out);
  cdef_read_attributes(parser, &out.attributes);
  cdef_qualified_type qualified = cdef_apply_attributes(parser, specifiers->qualified, &out.attributes);
  for (cdef_type *part = all.first; part && !parser->status; part = part->next) {
    part->target = qualified;
    if (part->kind == CDEF_ARRAY) declarator_complete_array(parser, part, &out.location);
    if (part->kind == CDEF_FUNCTION) declarator_check_function(parser, part, &out.location);
    qualified = (cdef_qualified_type){.type = part};
  }
  out.qualified =
      out.attributes.unusable ? declarator_with_convention(parser, qualified, out.attributes.unusable) : qualified;
  return out;
}

cdef_qualified_type cdef_read_type_name(cdef_parser *parser) {
  cdef_enter_level(parser);
  cdef_specifiers specifiers = cdef_read_specifiers(parser);
  cdef_declarator declarator = cdef_read_declarator(parser, &specifiers);
  if (declarator.name) cdef_fail_at(parser, &declarator.location, "a name cannot stand here");
  cdef_leave_level(parser);
  return declarator.qualified;
}
