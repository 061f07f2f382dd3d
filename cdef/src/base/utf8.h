/* UTF-8: where characters begin and end.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_UTF8_H
#define CDEF_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the UTF-8 character at `text`, or 0 where there is none. `length` is at least 1. */
size_t cdef_character_length(const char *text, size_t length);

/* The length of what is left of a text when it is cut to `most` bytes at most, between two characters. */
size_t cdef_cut_length(const char *text, size_t length, size_t most);

#endif
