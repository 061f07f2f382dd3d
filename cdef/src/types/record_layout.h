/* The layouts of structs and unions, which the core computes.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_RECORD_LAYOUT_H
#define CDEF_RECORD_LAYOUT_H

#include "parser/parser.h"

/* Lays out a struct or union whose members are all read, and makes it complete. Fails at `location`. */
void cdef_complete_record(cdef_parser *parser, cdef_type *type, const cdef_location *location);

#endif
