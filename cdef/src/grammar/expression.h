/* Constant expressions, evaluated in the integer types that C gives them: C11 6.6.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_EXPRESSION_H
#define CDEF_EXPRESSION_H

#include "parser/parser.h"

/* Reads a conditional expression, C11 6.5.15. An expression that has no value gives a value with a problem; that is not
 * a failure. */
cdef_value cdef_read_expression(cdef_parser *parser);

/* Reads a conditional expression, and fails if it has no value. */
cdef_value cdef_read_constant(cdef_parser *parser);

#endif
