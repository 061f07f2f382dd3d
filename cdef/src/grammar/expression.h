/* Constant expressions, evaluated in the types that C gives them: C11 6.6.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_EXPRESSION_H
#define CDEF_EXPRESSION_H

#include "parser/parser.h"

/* Reads a conditional expression, C11 6.5.15. An expression that has no value gives a value with a problem; that is not
 * a failure. */
cdef_value cdef_read_expression(cdef_parser *parser);

/* Reads a conditional expression that is an integer, and fails if it is none. */
cdef_value cdef_read_constant(cdef_parser *parser);

/* The problem of a value as a text. Never NULL. */
const char *cdef_problem_of(cdef_parser *parser, const cdef_value *value);

#endif
