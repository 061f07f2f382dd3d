/* Enums: their constants and their integer types.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_ENUMERATION_H
#define CDEF_ENUMERATION_H

#include "parser/parser.h"

/* Reads an enum from the word `enum` on. Its type is a scalar. */
cdef_type *cdef_read_enum(cdef_parser *parser);

#endif
