/* The values of literals: C11 6.4.4.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_LITERAL_H
#define CDEF_LITERAL_H

#include "base/integer_value.h"

/* The value of an integer literal, of `length` bytes. Any other number is a problem of the value. */
cdef_value cdef_number_value(const char *text, size_t length);

/* The value of a character literal; `length` counts its quotes. Several characters are a problem of the value, because
 * each compiler gives them a value of its own. */
cdef_value cdef_character_value(const char *text, size_t length);

/* The character that an escape sequence stands for. *at points after its backslash, and is moved past the sequence, at
 * most to `end`. */
uint64_t cdef_read_escape(const char **at, const char *end);

#endif
