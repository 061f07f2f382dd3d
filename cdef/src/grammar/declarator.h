/* Declarators: what is between the type and the comma, `*(*name[3])(int)`.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_DECLARATOR_H
#define CDEF_DECLARATOR_H

#include "grammar/attributes.h"
#include "grammar/specifiers.h"

/* One declarator: what it declares, and how. */
typedef struct cdef_declarator {
  cdef_name *name; /* NULL for an abstract one */
  cdef_location location;
  cdef_qualified_type qualified;
  cdef_attributes attributes;
} cdef_declarator;

cdef_declarator cdef_read_declarator(cdef_parser *parser, const cdef_specifiers *specifiers);
cdef_qualified_type cdef_read_type_name(cdef_parser *parser);

#endif
