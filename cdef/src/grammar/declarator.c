#include "grammar/declarator.h"
#include "grammar/expression.h"
#include "parser/lexer.h"
#include "types/basic_types.h"

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

/* The type that a parameter is passed as: arrays and functions become pointers, C11 6.7.6.3, a transparent union of
 * GCC becomes its first member, and a va_list is passed by its address where it is no pointer itself. */
static cdef_qualified_type declarator_adjust_parameter(cdef_parser *parser, cdef_qualified_type qualified) {
  if (qualified.type->kind == CDEF_UNION && qualified.type->is_transparent && qualified.type->members)
    return qualified.type->members->qualified;
  if (qualified.type == &parser->basic.va_list_type) qualified.type = &parser->basic.va_list_pointer;
  if (qualified.type->kind != CDEF_ARRAY && qualified.type->kind != CDEF_FUNCTION) return qualified;
  cdef_type *pointer = cdef_new_type(parser, CDEF_POINTER);
  pointer->target = qualified.type->kind == CDEF_ARRAY ? qualified.type->target : qualified;
  pointer->is_not_text = qualified.type->has_length; /* C reads that many characters, or gives them */
  if (qualified.type->is_refused)
    return cdef_refuse_type(parser, (cdef_qualified_type){.type = pointer}, qualified.type->unusable);
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

/* Whether brackets contain a length, not just qualifiers. The current token is the `[`, and stays it. */
static bool declarator_has_length(cdef_parser *parser) {
  cdef_position open = cdef_position_of(parser);
  cdef_next(parser);
  while (cdef_take(parser, CDEF_CONST_WORD) || cdef_take(parser, CDEF_IGNORED_WORD)) continue;
  bool has_length = !cdef_is(parser, ']');
  if (!parser->status) cdef_return_to(parser, &open);
  return has_length;
}

/* In a parameter, the brackets have no effect on the type, and their content need not be constant. */
static cdef_type *declarator_read_array(cdef_parser *parser) {
  cdef_type *array = cdef_new_type(parser, CDEF_ARRAY);
  if (parser->is_in_parameters) {
    array->has_length = declarator_has_length(parser);
    if (cdef_is(parser, '[')) cdef_skip_group(parser);
    return array;
  }
  cdef_next(parser);
  if (cdef_take(parser, ']')) return array;
  cdef_location location = parser->token.location;
  cdef_value count = cdef_read_constant(parser);
  if (cdef_is_negative(count)) cdef_fail_at(parser, &location, "an array cannot have fewer than 0 elements");
  array->count = (size_t)count.bits;
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

/* Adds those attributes that change the placement of what is declared. */
static void declarator_add_attributes(cdef_declarator *out, const cdef_attributes *attributes) {
  if (attributes->align > out->attributes.align) out->attributes.align = attributes->align;
  out->attributes.is_packed |= attributes->is_packed;
  out->attributes.is_not_text |= attributes->is_not_text;
}

/* Reads pointers. Attributes of the last one belong to what is declared, and so does an attribute that is not
 * supported, wherever it is written. Others have no effect on the size of a pointer. */
static void declarator_read_pointers(cdef_parser *parser, declarator_parts *to, cdef_declarator *out) {
  while (cdef_take(parser, '*')) {
    cdef_attributes attributes = {0};
    do {
      cdef_read_attributes(parser, &attributes);
    } while (cdef_take(parser, CDEF_CONST_WORD) || cdef_take(parser, CDEF_ATOMIC_WORD));
    if (attributes.abi) out->is_abi_inside = true;
    cdef_add_abi(&out->attributes, attributes.abi);
    if (attributes.unusable) out->attributes.unusable = attributes.unusable;
    if (!cdef_is(parser, '*')) declarator_add_attributes(out, &attributes);
    declarator_add_last(to, cdef_new_type(parser, CDEF_POINTER));
  }
}

/* Reads the attributes before the pointers of a declarator in parentheses: GCC gives them to the pointer's target,
 * Clang to what is declared. */
static void declarator_read_first_attributes(cdef_parser *parser, cdef_declarator *out, bool is_nested) {
  cdef_attributes before = out->attributes, *now = &out->attributes;
  cdef_read_attributes(parser, now);
  if (is_nested && now->abi != before.abi) out->is_abi_inside = true;
  bool changes_layout = now->align != before.align || now->is_packed != before.is_packed || now->mode != before.mode;
  if (is_nested && changes_layout && cdef_is(parser, '*'))
    out->disputed = "compilers disagree about an attribute that stands here, before a pointer";
}

/* Whether a `(` that was just read opens a nested declarator, not a list of parameters. */
static bool declarator_is_nested(const cdef_parser *parser) {
  if (cdef_is(parser, CDEF_ATTRIBUTE_WORD)) return true;
  return !cdef_is(parser, ')') && !cdef_is(parser, CDEF_ELLIPSIS) && !cdef_begins_type(parser);
}

static declarator_parts declarator_read_parts(cdef_parser *parser, cdef_declarator *out, bool is_nested) {
  declarator_parts all = {0}, inner = {0};
  cdef_enter_level(parser);
  declarator_read_first_attributes(parser, out, is_nested);
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
      inner = declarator_read_parts(parser, out, true);
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

/* Whether a type is a function, or points to one, so that an attribute may belong to the function. */
static bool declarator_leads_to_function(const cdef_type *type) {
  int level = 0;
  while (level++ < MOST_CONVENTION_LEVELS && (type->kind == CDEF_POINTER || type->kind == CDEF_ARRAY))
    type = type->target.type;
  return type->kind == CDEF_FUNCTION;
}

/* Whether a type that leads to a function leads to a second one, by the result of the first. */
static bool declarator_leads_to_two_functions(const cdef_type *type) {
  while (type->kind != CDEF_FUNCTION) type = type->target.type;
  return declarator_leads_to_function(type->target.type);
}

/* A calling convention that stands after a pointer or in parentheses may belong to the function that is returned. */
static const char *declarator_why_unusable(const cdef_declarator *out, const cdef_type *type) {
  if (out->attributes.unusable || !out->is_abi_inside || !declarator_leads_to_function(type))
    return out->attributes.unusable;
  return declarator_leads_to_two_functions(type) ? "it is not clear which function has the calling convention" : NULL;
}

/* The function type with another calling convention. */
static void declarator_set_abi(cdef_type *function, ark_abi abi) {
  cdef_attributes both = {.abi = function->abi};
  cdef_add_abi(&both, abi);
  if (both.unusable) function->unusable = both.unusable;
  function->abi = both.abi;
}

/* The type with a calling convention, or with an attribute that is not supported, on the function that it is or points
 * to. Without a function a calling convention has no effect, and the whole type has the attribute that is not
 * supported. Copies the types on the way to the function, because a typedef may share them. */
static cdef_qualified_type declarator_changed(cdef_parser *parser, cdef_qualified_type qualified, ark_abi abi,
                                              const char *unusable) {
  if (!declarator_leads_to_function(qualified.type))
    return unusable ? cdef_refuse_type(parser, qualified, unusable) : qualified;
  cdef_qualified_type *at = &qualified;
  for (int level = 0; level <= MOST_CONVENTION_LEVELS && !parser->status; level++, at = &at->type->target) {
    cdef_kind kind = at->type->kind;
    if (kind != CDEF_POINTER && kind != CDEF_ARRAY && kind != CDEF_FUNCTION) break;
    cdef_type *copy = cdef_new_type(parser, kind);
    *copy = *at->type;
    at->type = copy;
    if (kind == CDEF_FUNCTION) {
      if (unusable) copy->unusable = unusable;
      declarator_set_abi(copy, abi);
      break;
    }
  }
  return qualified;
}

cdef_declarator cdef_read_declarator(cdef_parser *parser, const cdef_specifiers *specifiers) {
  cdef_declarator out = {.location = parser->token.location, .attributes.unusable = specifiers->unusable};
  out.attributes.abi = specifiers->abi;
  out.attributes.is_not_text = specifiers->is_not_text;
  declarator_parts all = declarator_read_parts(parser, &out, false);
  cdef_read_attributes(parser, &out.attributes);
  cdef_qualified_type qualified = cdef_apply_attributes(parser, specifiers->qualified, &out.attributes);
  for (cdef_type *part = all.first; part && !parser->status; part = part->next) {
    part->target = qualified;
    if (part->kind == CDEF_ARRAY) declarator_complete_array(parser, part, &out.location);
    if (part->kind == CDEF_FUNCTION) declarator_check_function(parser, part, &out.location);
    qualified = (cdef_qualified_type){.type = part};
  }
  if (out.attributes.is_not_text && qualified.type->kind == CDEF_POINTER) {
    cdef_type *copy = cdef_new_type(parser, CDEF_POINTER);
    *copy = *qualified.type;
    copy->is_not_text = true;
    qualified.type = copy;
  }
  if (out.disputed) qualified = cdef_refuse_type(parser, qualified, out.disputed);
  const char *unusable = declarator_why_unusable(&out, qualified.type);
  bool is_changed = unusable || out.attributes.abi;
  out.qualified = is_changed ? declarator_changed(parser, qualified, out.attributes.abi, unusable) : qualified;
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
