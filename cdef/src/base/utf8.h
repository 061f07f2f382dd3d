/* The boundaries of characters in UTF-8.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_UTF8_H
#define CDEF_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length in bytes of the UTF-8 character at `text`, or 0 where the bytes are invalid. `length`, the bytes that may be
 * read, must be at least 1. */
size_t cdef_character_length(const char *text, size_t length);

/* Length in bytes of the longest start of `text` that has at most `most` bytes and ends between two characters. */
size_t cdef_cut_length(const char *text, size_t length, size_t most);

/* Decodes the first character of `text`, of which `length` bytes may be read. Its length in bytes, or 0 where the bytes
 * are not the shortest form of a character. */
size_t cdef_decode_utf8(const char *text, size_t length, uint32_t *out);

/* Encodes a character. Its length in bytes, or 0 for a surrogate or a number beyond U+10FFFF, which are none. */
size_t cdef_encode_utf8(uint32_t code, char out[4]);

#endif
