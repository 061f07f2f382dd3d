/* Floating-point numbers of constant expressions. They are computed in their own types, as the program would.
 *
 * Nothing here depends on the locale of the process.
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_FLOATING_VALUE_H
#define CDEF_FLOATING_VALUE_H

#include "base/constant_value.h"
#include "base/text_buffer.h"

bool cdef_is_floating(cdef_value_kind kind);

/* A value of a floating-point type, rounded to the type. */
cdef_value cdef_floating_of(long double number, cdef_value_kind kind);

/* Converts an integer or a floating-point number to a floating-point type. */
cdef_value cdef_to_floating(cdef_value value, cdef_value_kind kind);

/* Converts a floating-point number to the integer type with that size, in bytes, and that sign. A number that does not
 * fit is a problem of the value, because C leaves the result undefined. */
cdef_value cdef_to_integer(cdef_value value, bool is_unsigned, size_t size);

/* Applies one of + - * / and the comparisons to two numbers of the same floating-point type. */
cdef_value cdef_apply_floating(int op, cdef_value left, cdef_value right);

/* The value of a floating-point literal, decimal or hexadecimal, with its suffix. `length` is in bytes. Any other text
 * is a problem of the value. */
cdef_value cdef_floating_literal(const char *text, size_t length);

/* Writes a finite number as JSON, with at most 17 digits, which give the same number again. */
void cdef_write_double(cdef_buffer *json, double number);

#endif
