/* Enums: their constants, and the integer type that holds them.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_ENUMERATION_H
#define CDEF_ENUMERATION_H

#include "parser/parser.h"

/* From `enum` on. */
cdef_type *cdef_read_enum(cdef_parser *parser);

#endif
