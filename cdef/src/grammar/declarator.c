#include "grammar/declarator.h"
#include "grammar/expression.h"
#include "parser/lexer.h"

/* The parts of a declarator, the one next to the base type first, chained by `next`. */
typedef struct parts {
  cdef_type *first, **end;
} parts;

static void add_first(parts *to, cdef_type *part) {
  part->next = to->first;
  if (!to->first) to->end = &part->next;
  to->first = part;
}

static void add_last(parts *to, cdef_type *part) {
  if (to->first) {
    *to->end = part;
  } else {
    to->first = part;
  }
  to->end = &part->next;
}

static void join(parts *to, const parts *more) {
  if (!more->first) return;
  if (to->first) {
    *to->end = more->first;
  } else {
    to->first = more->first;
  }
  to->end = more->end;
}

/* A function's parameter is passed as C adjusts it: C11 6.7.6.3, and GCC's transparent unions. */
static cdef_use adjust_parameter(cdef_parser *parser, cdef_use use) {
  if (use.type->kind == CDEF_UNION && use.type->is_transparent && use.type->members) return use.type->members->use;
  if (use.type->kind != CDEF_ARRAY && use.type->kind != CDEF_FUNCTION) return use;
  cdef_type *pointer = cdef_new_type(parser, CDEF_POINTER);
  pointer->target = use.type->kind == CDEF_ARRAY ? use.type->target : use;
  return (cdef_use){.type = pointer};
}

static void read_parameters(cdef_parser *parser, cdef_type *function) {
  cdef_member **end = &function->members;
  do {
    if (cdef_take(parser, CDEF_ELLIPSIS)) {
      function->is_variadic = true;
      return;
    }
    cdef_specifiers specifiers = cdef_read_specifiers(parser);
    cdef_declarator declarator = cdef_read_declarator(parser, &specifiers);
    cdef_use use = adjust_parameter(parser, declarator.use);
    if (use.type->kind == CDEF_VOID) {
      bool is_alone = !function->members && !declarator.name && cdef_is(parser, ')');
      if (!is_alone) cdef_fail_at(parser, &declarator.place, "void cannot be a parameter");
      return;
    }
    cdef_member *parameter = cdef_take_memory(parser, sizeof *parameter);
    if (!parameter) return;
    parameter->name = declarator.name;
    parameter->use = use;
    *end = parameter;
    end = &parameter->next;
    function->count++;
  } while (cdef_take(parser, ','));
}

/* From behind the `(` on. */
static cdef_type *read_function(cdef_parser *parser) {
  cdef_type *function = cdef_new_type(parser, CDEF_FUNCTION);
  bool was_in_parameters = parser->is_in_parameters;
  parser->is_in_parameters = true;
  function->is_complete = !cdef_is(parser, ')');
  if (function->is_complete) read_parameters(parser, function);
  parser->is_in_parameters = was_in_parameters;
  cdef_expect(parser, ')');
  return function;
}

/* What stands in the brackets of a parameter changes nothing, and need be no constant. */
static cdef_type *read_array(cdef_parser *parser) {
  cdef_type *array = cdef_new_type(parser, CDEF_ARRAY);
  if (parser->is_in_parameters) {
    cdef_skip_group(parser);
    return array;
  }
  cdef_next(parser);
  if (cdef_take(parser, ']')) return array;
  cdef_place place = parser->token.place;
  cdef_value count = cdef_read_constant(parser);
  if (cdef_is_negative(count)) cdef_fail_at(parser, &place, "an array cannot have fewer than 0 elements");
  array->count = count.bits;
  array->is_complete = true;
  cdef_expect(parser, ']');
  return array;
}

/* Arrays and parameter lists; of several the last one is next to the base type. */
static parts read_suffixes(cdef_parser *parser) {
  parts suffixes = {0};
  for (;;) {
    if (cdef_is(parser, '[') && !cdef_begins_attribute(parser)) {
      add_first(&suffixes, read_array(parser));
    } else if (cdef_take(parser, '(')) {
      add_first(&suffixes, read_function(parser));
    } else {
      return suffixes;
    }
  }
}

/* Of their attributes a calling convention alone is kept: it is the function's, wherever it stands. */
static void read_pointers(cdef_parser *parser, parts *to, cdef_declarator *out) {
  while (cdef_take(parser, '*')) {
    cdef_attributes attributes = {0};
    do {
      cdef_read_attributes(parser, &attributes);
    } while (cdef_take(parser, CDEF_CONST_WORD) || cdef_take(parser, CDEF_ATOMIC_WORD));
    if (attributes.unusable) out->attributes.unusable = attributes.unusable;
    add_last(to, cdef_new_type(parser, CDEF_POINTER));
  }
}

/* Whether a `(` that has just been read opens another declarator, and no list of parameters. */
static bool opens_declarator(const cdef_parser *parser) {
  if (cdef_is(parser, CDEF_ATTRIBUTE_WORD)) return true;
  return !cdef_is(parser, ')') && !cdef_is(parser, CDEF_ELLIPSIS) && !cdef_begins_type(parser);
}

static parts read_parts(cdef_parser *parser, cdef_declarator *out) {
  parts all = {0}, inner = {0};
  cdef_deeper(parser);
  cdef_read_attributes(parser, &out->attributes);
  read_pointers(parser, &all, out);
  cdef_read_attributes(parser, &out->attributes);
  parts suffixes = {0};
  if (cdef_is(parser, CDEF_IDENTIFIER)) {
    out->name = parser->token.name;
    out->place = parser->token.place;
    cdef_next(parser);
    cdef_read_attributes(parser, &out->attributes);
  } else if (cdef_take(parser, '(')) {
    if (opens_declarator(parser)) {
      inner = read_parts(parser, out);
      cdef_expect(parser, ')');
    } else {
      add_first(&suffixes, read_function(parser));
    }
  }
  parts more = read_suffixes(parser);
  join(&more, &suffixes);
  join(&all, &more);
  join(&all, &inner);
  cdef_shallower(parser);
  return all;
}

static void make_array(cdef_parser *parser, cdef_type *array, const cdef_place *place) {
  cdef_type *element = array->target.type;
  if (element->kind == CDEF_VOID || element->kind == CDEF_FUNCTION) {
    cdef_fail_at(parser, place, "there are no arrays of %s", element->kind == CDEF_VOID ? "void" : "functions");
  } else if (!element->is_complete && !parser->is_in_parameters) {
    cdef_fail_at(parser, place, "the elements of this array have no size yet");
  } else if (element->size && array->count > PTRDIFF_MAX / element->size) {
    cdef_fail_at(parser, place, "this array is larger than memory");
  } else if (element->depth == CDEF_MAX_DEPTH) {
    cdef_fail_at(parser, place, "this type nests deeper than %d levels", CDEF_MAX_DEPTH);
  }
  array->depth = element->depth + 1;
  array->size = element->size * (size_t)array->count;
  array->align = array->target.align ? array->target.align : element->align;
}

static void make_function(cdef_parser *parser, const cdef_type *function, const cdef_place *place) {
  cdef_kind result = function->target.type->kind;
  if (result != CDEF_ARRAY && result != CDEF_FUNCTION) return;
  cdef_fail_at(parser, place, "a function cannot return %s", result == CDEF_ARRAY ? "an array" : "a function");
}

/* The same type, with a function that it is or points to called in another way. A copy, as a typedef may share it. */
static cdef_use with_convention(cdef_parser *parser, cdef_use use, const char *unusable) {
  for (cdef_use *at = &use; !parser->status; at = &at->type->target) {
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
  return use;
}

cdef_declarator cdef_read_declarator(cdef_parser *parser, const cdef_specifiers *specifiers) {
  cdef_declarator out = {.place = parser->token.place, .attributes.unusable = specifiers->unusable};
  parts all = read_parts(parser, &out);
  cdef_read_attributes(parser, &out.attributes);
  cdef_use use = cdef_apply_attributes(parser, specifiers->use, &out.attributes);
  for (cdef_type *part = all.first; part && !parser->status; part = part->next) {
    part->target = use;
    if (part->kind == CDEF_ARRAY) make_array(parser, part, &out.place);
    if (part->kind == CDEF_FUNCTION) make_function(parser, part, &out.place);
    use = (cdef_use){.type = part};
  }
  out.use = out.attributes.unusable ? with_convention(parser, use, out.attributes.unusable) : use;
  return out;
}

cdef_use cdef_read_type_name(cdef_parser *parser) {
  cdef_deeper(parser);
  cdef_specifiers specifiers = cdef_read_specifiers(parser);
  cdef_declarator declarator = cdef_read_declarator(parser, &specifiers);
  if (declarator.name) cdef_fail_at(parser, &declarator.place, "a name cannot stand here");
  cdef_shallower(parser);
  return declarator.use;
}
