#include "arkffi/cdef.h"
#include "arkffi/alloc.h"
#include "parser/expansion.h"
#include "parser/lexer.h"
#include "types/basic_types.h"
#include "types/description.h"
#include "unit/constants.h"
#include "unit/declaration.h"
#include "unit/directives.h"
#include <string.h>

static void cdef_start(cdef_parser *parser, const char *text, ark_error *error) {
  *parser = (cdef_parser){.at = text, .error = error};
  parser->here = (cdef_location){.text = text, .line_start = text, .line = 1};
  parser->next_name = &parser->first_name;
  parser->next_record = &parser->first_record;
  parser->next_enum = &parser->first_enum;
  parser->next_shape = &parser->first_shape;
  parser->next_macro = &parser->first_macro;
  parser->expansion_budget = CDEF_EXPANSION_BASE + CDEF_EXPANSION_RATE * strlen(text);
  ark_arena_init(&parser->arena, NULL);
  parser->read_directive = cdef_read_directive;
  cdef_add_keywords(parser);
  cdef_add_basic_types(parser);
}

static void cdef_finish(cdef_parser *parser) {
  for (const cdef_type *record = parser->first_record; record; record = record->next) {
    if (record->layout) ark_type_release(&record->layout->type);
  }
  cdef_names_free(&parser->names);
  cdef_names_free(&parser->shapes);
  ark_arena_clear(&parser->arena);
}

static void cdef_read_text(cdef_parser *parser) {
  cdef_next(parser);
  while (!cdef_is(parser, CDEF_END)) cdef_read_declaration(parser);
}

ark_status cdef_describe(const char *text, char **out, ark_error *error) {
  cdef_parser *parser = ark_alloc(1, sizeof *parser);
  if (!parser) return ark_fail_memory(error);
  cdef_start(parser, text, error);
  cdef_read_text(parser);
  if (!parser->status) cdef_evaluate_macros(parser);
  cdef_buffer json = {0};
  if (!parser->status) cdef_write_description(parser, &json);
  ark_status status = parser->status;
  if (!status && json.has_failed) status = ark_fail_memory(error);
  cdef_finish(parser);
  ark_free(parser);
  if (status) {
    cdef_buffer_free(&json);
    return status;
  }
  *out = json.text;
  return ARK_OK;
}
