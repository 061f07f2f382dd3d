/* The names of characters in identifiers, `\u00df` and `\U000000df`, as GCC's preprocessor writes those that are not
 * ASCII: C11 6.4.3.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_CHARACTER_NAMES_H
#define CDEF_CHARACTER_NAMES_H

#include <stddef.h>

/* Length in bytes of the name of a character at `text`, which is NUL-terminated; 0 if there is none. */
size_t cdef_character_name_length(const char *text);

/* Writes an identifier of `length` bytes with the characters themselves, which are shorter than their names, to `out`.
 * The number of bytes written, or 0 if a name is not that of a character that an identifier may have. */
size_t cdef_write_named_characters(const char *text, size_t length, char *out);

#endif
