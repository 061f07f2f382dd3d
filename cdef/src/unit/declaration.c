#include "unit/declaration.h"
#include "grammar/declarator.h"
#include "types/description.h"
#include "parser/lexer.h"
#include "parser/meanings.h"
#include "grammar/specifiers.h"
#include <string.h>

/* What is known from the start gives way, unless it is the same. */
static void declare_type(cdef_parser *parser, const cdef_declarator *declarator, size_t align) {
  cdef_name *name = declarator->name;
  cdef_use use = declarator->use;
  if (align) use.align = align;
  bool is_nameless = (use.type->kind == CDEF_STRUCT || use.type->kind == CDEF_UNION) && !use.type->tag;
  if (is_nameless) use.type->name = cdef_text(parser, "%.*s", (int)name->length, name->text);
  if (name->meaning == CDEF_TYPE_NAME) {
    bool is_same = strcmp(cdef_describe_use(parser, &name->use), cdef_describe_use(parser, &use)) == 0;
    if (is_same) return;
    if (name->line) cdef_fail_redeclared(parser, name, &declarator->place);
  } else if (cdef_is_declared(name)) {
    cdef_fail_redeclared(parser, name, &declarator->place);
  }
  cdef_declare(parser, name, CDEF_TYPE_NAME, &declarator->place);
  name->use = use;
}

/* Whether a declaration says less than one that there may be beside it: f(), or an array without its length. */
static bool is_vague(const cdef_type *type) {
  return (type->kind == CDEF_FUNCTION || type->kind == CDEF_ARRAY) && !type->is_complete;
}

static void declare_symbol(cdef_parser *parser, const cdef_declarator *declarator) {
  cdef_name *name = declarator->name;
  cdef_use use = declarator->use;
  cdef_meaning meaning = use.type->kind == CDEF_FUNCTION ? CDEF_FUNCTION_NAME : CDEF_VARIABLE;
  if (use.type->kind == CDEF_VOID) cdef_fail_at(parser, &declarator->place, "a variable cannot be void");
  if (declarator->attributes.label) name->label = declarator->attributes.label;
  const char *json = cdef_describe_symbol(parser, &use);
  if (cdef_is_declared(name)) {
    bool is_same = name->meaning == meaning && strcmp(name->json, json) == 0;
    if (is_same || (name->meaning == meaning && is_vague(use.type))) return;
    if (name->meaning != meaning || !is_vague(name->use.type)) {
      cdef_fail_redeclared(parser, name, &declarator->place);
      return;
    }
  }
  cdef_declare(parser, name, meaning, &declarator->place);
  name->use = use;
  name->json = json;
}

/* What stands behind a `=`: up to the comma or semicolon that ends it. */
static void skip_initializer(cdef_parser *parser) {
  while (!cdef_is(parser, ',') && !cdef_is(parser, ';') && !cdef_is(parser, CDEF_END)) {
    if (cdef_is(parser, '(') || cdef_is(parser, '{') || cdef_is(parser, '[')) {
      cdef_skip_group(parser);
    } else {
      cdef_next(parser);
    }
  }
}

/* Whether the declarator was a function with its body, which no semicolon ends. */
static bool read_declared(cdef_parser *parser, const cdef_specifiers *specifiers) {
  cdef_declarator declarator = cdef_read_declarator(parser, specifiers);
  if (!declarator.name) {
    cdef_fail_expected(parser, "a name");
    return false;
  }
  bool has_body = declarator.use.type->kind == CDEF_FUNCTION && cdef_is(parser, '{');
  if (specifiers->is_typedef) {
    size_t own = declarator.attributes.align;
    declare_type(parser, &declarator, own > specifiers->align ? own : specifiers->align);
  } else if (!specifiers->is_static && !(has_body && specifiers->is_inline)) {
    /* Nothing else is to be found in a library. */
    declare_symbol(parser, &declarator);
  }
  if (has_body) cdef_skip_group(parser);
  if (cdef_take(parser, '=')) skip_initializer(parser);
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
    if (read_declared(parser, &specifiers)) return;
  } while (cdef_take(parser, ','));
  cdef_expect(parser, ';');
}
