/* The integers of constant expressions, and C's operators on them: C11 6.5.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_INTEGER_VALUE_H
#define CDEF_INTEGER_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a constant expression and the integer type that C gives it. Where there is no value, `problem` says why,
 * and the other members mean nothing. */
typedef struct cdef_value {
  uint64_t bits; /* extended to 64 bits according to the sign of the type */
  bool is_unsigned;
  size_t size;         /* of the type, in bytes: 1, 2, 4 or 8 */
  const char *problem; /* NULL where there is a value; static text */
} cdef_value;

/* A value of the integer type with that size, in bytes, and that sign. `bits` must fit the type. */
cdef_value cdef_value_of(uint64_t bits, bool is_unsigned, size_t size);

/* The result of an expression that has no value. `problem` must be static text. */
cdef_value cdef_no_value(const char *problem);

/* Whether the value is less than 0. */
bool cdef_is_negative(cdef_value value);

/* Wraps `bits` to the size of the value's type, as a conversion to that type does in GCC and Clang. */
cdef_value cdef_wrap(cdef_value value);

/* Converts to int if the type is smaller: the integer promotions, C11 6.3.1.1. */
cdef_value cdef_promote(cdef_value value);

/* Converts both operands to their common type: the usual arithmetic conversions, C11 6.3.1.8. Neither may have a
 * problem. */
void cdef_convert_operands(cdef_value *left, cdef_value *right);

/* Applies a binary operator, given as its token. A problem of an operand that C evaluates is the result's. */
cdef_value cdef_apply_binary(int op, cdef_value left, cdef_value right);

/* Applies one of + - ~ !, given as its token. A problem of the operand is the result's. */
cdef_value cdef_apply_unary(int op, cdef_value value);

/* The precedence of a binary operator, C11 6.5: a higher number binds more tightly. 0 for any other token. */
int cdef_precedence_of(int token);

#endif
