/* The declarations of a text, and what they make of names. */
#include "parser.h"
#include "arkffi/alloc.h"
#include "arkffi/cdef.h"
#include <string.h>

void cdef_deeper(cdef_parser *parser) {
  if (++parser->depth > CDEF_MAX_DEPTH) cdef_fail(parser, "this nests deeper than %d levels", CDEF_MAX_DEPTH);
}

void cdef_shallower(cdef_parser *parser) {
  parser->depth--;
}

/* ---- Names */

bool cdef_is_declared(const cdef_name *name) {
  return name->meaning != CDEF_UNKNOWN && !name->is_macro;
}

void cdef_declare(cdef_parser *parser, cdef_name *name, cdef_meaning meaning, const cdef_place *place) {
  name->meaning = meaning;
  name->is_macro = false;
  name->json = NULL;
  name->line = place->line;
  if (name->is_listed) return;
  name->is_listed = true;
  *parser->next_name = name;
  parser->next_name = &name->next;
}

void cdef_fail_redeclared(cdef_parser *parser, const cdef_name *name, const cdef_place *place) {
  int length = (int)cdef_cut_length(name->text, name->length, ARK_ERROR_SIZE / 4);
  cdef_fail_at(parser, place, "'%.*s' is declared otherwise in line %zu", length, name->text, name->line);
}

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

/* ---- Declarations */

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

static void read_declaration(cdef_parser *parser) {
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

void cdef_read_text(cdef_parser *parser) {
  cdef_next(parser);
  while (!cdef_is(parser, CDEF_END)) read_declaration(parser);
}

/* ---- The one way in */

static void start(cdef_parser *parser, const char *text, ark_error *error) {
  *parser = (cdef_parser){.at = text, .error = error};
  parser->here = (cdef_place){.text = text, .line_start = text, .line = 1};
  parser->next_name = &parser->first_name;
  parser->next_record = &parser->first_record;
  parser->next_shape = &parser->first_shape;
  ark_arena_init(&parser->arena, NULL);
  cdef_begin_basic_types(parser);
}

static void finish(cdef_parser *parser) {
  for (const cdef_type *record = parser->first_record; record; record = record->next) {
    if (record->layout) ark_type_release(&record->layout->type);
  }
  cdef_names_free(&parser->names);
  cdef_names_free(&parser->shapes);
  ark_arena_clear(&parser->arena);
}

ark_status cdef_describe(const char *text, char **out, ark_error *error) {
  cdef_parser *parser = ark_alloc(1, sizeof *parser);
  if (!parser) return ark_fail_memory(error);
  start(parser, text, error);
  cdef_read_text(parser);
  cdef_json json = {0};
  if (!parser->status) cdef_write_description(parser, &json);
  ark_status status = parser->status;
  if (!status && json.has_failed) status = ark_fail_memory(error);
  finish(parser);
  ark_free(parser);
  if (status) {
    cdef_json_free(&json);
    return status;
  }
  *out = json.text;
  return ARK_OK;
}
