/* JSON, written from left to right into a buffer.
 *
 * Thread rule: that of the buffer.
 */
#ifndef CDEF_JSON_H
#define CDEF_JSON_H

#include "base/text_buffer.h"

/* A comma, unless this is the first of its list. */
void cdef_json_separate(cdef_buffer *json);

/* Quoted. Of what is no UTF-8 each byte becomes U+FFFD. */
void cdef_json_string(cdef_buffer *json, const char *text, size_t length);

#endif
