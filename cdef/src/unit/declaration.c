#include "unit/declaration.h"
#include "grammar/declarator.h"
#include "grammar/expression.h"
#include "grammar/specifiers.h"
#include "parser/lexer.h"
#include "parser/meanings.h"
#include "types/description.h"
#include <string.h>

/* Declares a typedef. It may replace a name that needs no declaration, such as size_t. A struct or union without a
 * tag gets the name of its last typedef: headers define `__sigset_t` before `sigset_t`, which is the one that users
 * know. */
static void declaration_add_typedef(cdef_parser *parser, const cdef_declarator *declarator, size_t align) {
  cdef_name *name = declarator->name;
  cdef_qualified_type qualified = declarator->qualified;
  if (align) qualified.align = align;
  if (qualified.align > qualified.type->typedef_align) qualified.type->typedef_align = qualified.align;
  bool is_record = qualified.type->kind == CDEF_STRUCT || qualified.type->kind == CDEF_UNION;
  if (is_record && !qualified.type->tag)
    qualified.type->name = cdef_format(parser, "%.*s", (int)name->length, name->text);
  if (qualified.type->is_enum && !qualified.type->name)
    qualified.type->name = cdef_format(parser, "%.*s", (int)name->length, name->text);
  if (name->meaning == CDEF_TYPE_NAME) {
    bool is_same = strcmp(cdef_describe_type(parser, &name->qualified), cdef_describe_type(parser, &qualified)) == 0;
    if (is_same) return;
    if (name->line) cdef_fail_redeclared(parser, name, &declarator->location);
  } else if (cdef_is_declared(name)) {
    cdef_fail_redeclared(parser, name, &declarator->location);
  }
  cdef_declare(parser, name, CDEF_TYPE_NAME, &declarator->location);
  name->qualified = qualified;
}

/* Whether a type may be completed by another declaration: a function f(), or an array without a length. */
static bool declaration_is_incomplete(const cdef_type *type) {
  return (type->kind == CDEF_FUNCTION || type->kind == CDEF_ARRAY) && !type->is_complete;
}

/* Whether `json`, the description of a declaration, says the same as the earlier declaration of the name. That one is
 * described again if its description differs, because a struct of its type may be complete now. */
static bool declaration_is_same(cdef_parser *parser, const cdef_name *name, const char *json) {
  return strcmp(name->json, json) == 0 || strcmp(cdef_describe_symbol(parser, &name->qualified), json) == 0;
}

static void declaration_add_symbol(cdef_parser *parser, const cdef_declarator *declarator) {
  cdef_name *name = declarator->name;
  cdef_qualified_type qualified = declarator->qualified;
  cdef_meaning meaning = qualified.type->kind == CDEF_FUNCTION ? CDEF_FUNCTION_NAME : CDEF_VARIABLE;
  if (qualified.type->kind == CDEF_VOID) cdef_fail_at(parser, &declarator->location, "a variable cannot be void");
  if (declarator->attributes.label) name->label = declarator->attributes.label;
  const char *json = cdef_describe_symbol(parser, &qualified);
  if (cdef_is_declared(name)) {
    bool is_same = name->meaning == meaning && declaration_is_same(parser, name, json);
    if (is_same || (name->meaning == meaning && declaration_is_incomplete(qualified.type))) return;
    if (name->meaning != meaning || !declaration_is_incomplete(name->qualified.type)) {
      cdef_fail_redeclared(parser, name, &declarator->location);
      return;
    }
  }
  cdef_declare(parser, name, meaning, &declarator->location);
  name->qualified = qualified;
  name->json = json;
}

/* Lists a function of the header. No library exports it. */
static void declaration_add_inline(cdef_parser *parser, cdef_name *name) {
  if (name->is_inline) return;
  name->is_inline = true;
  name->next_inline = parser->first_inline;
  parser->first_inline = name;
}

/* Skips an initializer, up to the comma or semicolon after it. */
static void declaration_skip_initializer(cdef_parser *parser) {
  while (!cdef_is(parser, ',') && !cdef_is(parser, ';') && !cdef_is(parser, CDEF_END)) {
    if (cdef_is(parser, '(') || cdef_is(parser, '{') || cdef_is(parser, '[')) {
      cdef_skip_group(parser);
    } else {
      cdef_next(parser);
    }
  }
}

/* Declares the constant that a `constexpr` variable with an initializer is, if it is an integer. The initializer stays
 * to be skipped. Its value fits in the type (C23 6.7.2). */
static void declaration_add_constexpr(cdef_parser *parser, const cdef_declarator *declarator) {
  const cdef_type *type = declarator->qualified.type;
  if (type->kind != CDEF_SCALAR || type->is_refused || type->scalar->kind == ARK_KIND_FLOAT) return;
  cdef_trial trial;
  cdef_begin_trial(parser, &trial);
  cdef_value value = cdef_read_constant(parser);
  bool is_whole = cdef_is(parser, ',') || cdef_is(parser, ';');
  if (!cdef_end_trial(parser, &trial) || !is_whole || value.problem || !value.size) return;
  if (cdef_is_declared(declarator->name)) {
    cdef_fail_redeclared(parser, declarator->name, &declarator->location);
    return;
  }
  cdef_declare(parser, declarator->name, CDEF_CONSTANT, &declarator->location);
  bool is_unsigned = type->scalar->kind != ARK_KIND_SIGNED;
  declarator->name->value = (cdef_integer){(uint64_t)value.bits, is_unsigned, type->size};
}

/* Reads one declarator with its initializer or body. Whether it was a function with a body, which has no semicolon. */
static bool declaration_read_declarator(cdef_parser *parser, const cdef_specifiers *specifiers) {
  cdef_declarator declarator = cdef_read_declarator(parser, specifiers);
  if (!declarator.name) {
    cdef_fail_expected(parser, "a name");
    return false;
  }
  bool has_body = declarator.qualified.type->kind == CDEF_FUNCTION && cdef_is(parser, '{');
  bool is_set = !has_body && cdef_take(parser, '=');
  if (specifiers->is_inferred && is_set) {
    declarator.qualified.type = cdef_type_of_expression(parser, ",;");
  } else if (specifiers->is_inferred) {
    cdef_fail_at(parser, &declarator.location, "a variable with auto needs a value, which gives it its type");
  }
  if (specifiers->is_typedef) {
    size_t own = declarator.attributes.align;
    declaration_add_typedef(parser, &declarator, own > specifiers->align ? own : specifiers->align);
  } else if (!specifiers->is_static && !(has_body && specifiers->is_inline)) {
    /* No library exports any other function or variable. */
    declaration_add_symbol(parser, &declarator);
  } else {
    declarator.name->is_static = !specifiers->is_constexpr;
    if (declarator.qualified.type->kind == CDEF_FUNCTION) declaration_add_inline(parser, declarator.name);
  }
  if (has_body) cdef_skip_group(parser);
  if (is_set && specifiers->is_constexpr) declaration_add_constexpr(parser, &declarator);
  if (is_set) declaration_skip_initializer(parser);
  return has_body;
}

void cdef_read_declaration(cdef_parser *parser) {
  if (cdef_take(parser, ';')) return;
  if (cdef_is(parser, CDEF_STATIC_ASSERT_WORD)) {
    cdef_next(parser);
    if (cdef_is(parser, '(')) cdef_skip_group(parser);
    cdef_expect(parser, ';');
    return;
  }
  if (cdef_is(parser, CDEF_ASM_WORD)) {
    cdef_next(parser);
    while (!cdef_is(parser, '(') && cdef_is(parser, CDEF_IGNORED_WORD)) cdef_next(parser);
    if (cdef_is(parser, '(')) cdef_skip_group(parser);
    return;
  }
  cdef_specifiers specifiers = cdef_read_specifiers(parser);
  if (cdef_take(parser, ';')) return;
  do {
    if (declaration_read_declarator(parser, &specifiers)) return;
  } while (cdef_take(parser, ','));
  cdef_expect(parser, ';');
}
