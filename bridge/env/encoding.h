/* UTF-8 to UTF-16 and back, as the Encoding Standard defines it, for hosts whose own conversion is another one.
 *
 * Thread rule: any thread.
 */
#ifndef ARKJS_ENCODING_H
#define ARKJS_ENCODING_H

#include <stddef.h>
#include <stdint.h>

/* Writes the UTF-16 units of `length` bytes, at most as many units as bytes; returns their number. Each maximal prefix
 * of a character, and each other invalid byte, becomes ARKJS_REPLACEMENT. */
size_t arkjs_utf8_decode(const char *text, size_t length, uint16_t *out);

/* Writes the bytes of `length` UTF-16 units as far as `size` bytes go, without a NUL and without splitting a character;
 * returns their number. With NULL for `out` it returns the number of bytes of all units. */
size_t arkjs_utf8_encode(const uint16_t *units, size_t length, char *out, size_t size);

#endif
