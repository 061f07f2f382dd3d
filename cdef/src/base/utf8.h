/* The boundaries of characters in UTF-8.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_UTF8_H
#define CDEF_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Length in bytes of the UTF-8 character at `text`, or 0 where the bytes are invalid. `length`, the bytes that may be
 * read, must be at least 1. */
size_t cdef_character_length(const char *text, size_t length);

/* Length in bytes of the longest start of `text` that has at most `most` bytes and ends between two characters. */
size_t cdef_cut_length(const char *text, size_t length, size_t most);

#endif
