/* Constant expressions, with the integers that C gives them: C11 6.6.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_EXPRESSION_H
#define CDEF_EXPRESSION_H

#include "parser/parser.h"

/* A constant expression, as wide as a `?:`. A value that cannot be known has a problem, which is no failure yet. */
cdef_value cdef_read_expression(cdef_parser *parser);

/* The same, where there must be a value. */
cdef_value cdef_read_constant(cdef_parser *parser);

#endif
