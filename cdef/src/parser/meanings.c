#include "parser/meanings.h"
#include "base/utf8.h"

bool cdef_is_declared(const cdef_name *name) {
  return name->meaning != CDEF_UNKNOWN;
}

void cdef_declare(cdef_parser *parser, cdef_name *name, cdef_meaning meaning, const cdef_location *location) {
  name->meaning = meaning;
  name->json = NULL;
  name->line = location->line;
  if (name->is_listed) return;
  name->is_listed = true;
  *parser->next_name = name;
  parser->next_name = &name->next;
}

void cdef_fail_redeclared(cdef_parser *parser, const cdef_name *name, const cdef_location *location) {
  int length = (int)cdef_cut_length(name->text, name->length, ARK_ERROR_SIZE / 4);
  cdef_fail_at(parser, location, "'%.*s' is declared otherwise in line %zu", length, name->text, name->line);
}
