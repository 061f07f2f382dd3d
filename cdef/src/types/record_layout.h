/* How structs and unions lie in memory, which the core works out.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_RECORD_LAYOUT_H
#define CDEF_RECORD_LAYOUT_H

#include "parser/parser.h"

/* Measures a struct or union whose members are known. */
void cdef_complete_record(cdef_parser *parser, cdef_type *type, const cdef_location *location);

#endif
