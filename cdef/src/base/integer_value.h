/* Integers as constant expressions have them, and C's operators on them: C11 6.5.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_INTEGER_VALUE_H
#define CDEF_INTEGER_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A value that is known without running anything. */
typedef struct cdef_value {
  uint64_t bits;
  bool is_unsigned;
  size_t size;         /* bytes: that of int or of long long */
  const char *problem; /* why there is no value, or NULL; static */
} cdef_value;

cdef_value cdef_value_of(uint64_t bits, bool is_unsigned, size_t size);

/* One that has no value. The problem is static text. */
cdef_value cdef_no_value(const char *problem);

bool cdef_is_negative(cdef_value value);

/* Cuts to the size, and widens again with the sign that it has there. */
cdef_value cdef_wrap(cdef_value value);

/* C11 6.3.1.8: what both operands become. */
void cdef_convert_operands(cdef_value *left, cdef_value *right);

/* The binary operators, and + - ~ !, by their tokens. */
cdef_value cdef_apply_binary(int op, cdef_value left, cdef_value right);
cdef_value cdef_apply_unary(int op, cdef_value value);

/* C11 6.5: a higher number binds closer; 0 for what is no binary operator. */
int cdef_precedence_of(int token);

#endif
