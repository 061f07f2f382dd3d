/* The values of integer and character literals: C11 6.4.4, and C23 for their prefixes and separators.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_LITERAL_H
#define CDEF_LITERAL_H

#include "base/constant_value.h"

/* The value of a number, of `length` bytes: an integer literal or a floating-point one. */
cdef_value cdef_number_value(const char *text, size_t length);

/* The value of a character literal; `length` counts its quotes and its prefix. */
cdef_value cdef_character_value(const char *text, size_t length);

#endif
