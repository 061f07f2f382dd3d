/* C's operators on the values of constant expressions: C11 6.5.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_OPERATORS_H
#define CDEF_OPERATORS_H

#include "base/constant_value.h"

/* Converts both operands to their common type: the usual arithmetic conversions, C11 6.3.1.8. Both must be integers or
 * floating-point numbers. One with a problem keeps it, and gets the type. */
void cdef_convert_operands(cdef_value *left, cdef_value *right);

/* The value of `condition ? yes : no`: C11 6.5.15. */
cdef_value cdef_choose(cdef_value condition, cdef_value yes, cdef_value no);

/* Applies a binary operator, given as its token. A problem of an operand that C evaluates is the result's. */
cdef_value cdef_apply_binary(int op, cdef_value left, cdef_value right);

/* Applies one of + - ~ !, given as its token. A problem of the operand is the result's. */
cdef_value cdef_apply_unary(int op, cdef_value value);

/* The precedence of a binary operator, C11 6.5: a higher number binds more tightly. 0 for any other token. */
int cdef_precedence_of(int token);

#endif
