/* The values of literals: C11 6.4.4.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_LITERAL_H
#define CDEF_LITERAL_H

#include "base/integer_value.h"

cdef_value cdef_number_value(const char *text, size_t length);

/* With its quotes. Of one character only: what several make is each compiler's own choice. */
cdef_value cdef_character_value(const char *text, size_t length);

/* The character that an escape makes. *at is behind its backslash, and then behind all of it. */
uint64_t cdef_read_escape(const char **at, const char *end);

#endif
