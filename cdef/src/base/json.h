/* Writes JSON into a buffer, from left to right.
 *
 * Failures are recorded in the buffer.
 * Thread rule: a buffer belongs to one thread.
 */
#ifndef CDEF_JSON_H
#define CDEF_JSON_H

#include "base/text_buffer.h"

/* Writes a comma, unless the next item is the first of its list or object. */
void cdef_json_separate(cdef_buffer *json);

/* Writes `length` bytes of UTF-8 as a JSON string, quoted and escaped. Each invalid byte becomes U+FFFD. */
void cdef_json_string(cdef_buffer *json, const char *text, size_t length);

#endif
