/* The operands of constant expressions: C11 6.5.1 to 6.5.4.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_UNARY_H
#define CDEF_UNARY_H

#include "parser/parser.h"

/* Reads a unary expression, a cast, or a constant. */
cdef_value cdef_read_unary(cdef_parser *parser);

/* Reads string literals that stand beside each other, which are one. */
cdef_value cdef_read_string(cdef_parser *parser);

#endif
