/* Structs and unions.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_RECORD_H
#define CDEF_RECORD_H

#include "parser/parser.h"

/* Reads a struct or union from the word `struct` or `union` on. */
cdef_type *cdef_read_record(cdef_parser *parser, bool is_union);

#endif
