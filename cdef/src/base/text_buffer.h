/* A growing text, written from left to right.
 *
 * Out of memory is recorded in `has_failed`, which the owner checks once, at the end: further writes do nothing.
 * Thread rule: a buffer belongs to one thread.
 */
#ifndef CDEF_TEXT_BUFFER_H
#define CDEF_TEXT_BUFFER_H

#include "arkffi/error.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct cdef_buffer {
  char *text;          /* owned; NULL until something is written, then NUL-terminated */
  size_t length, size; /* bytes: of the text without its NUL; allocated */
  bool has_failed;     /* memory ran out; the text is incomplete */
} cdef_buffer;

/* Writes bytes, a NUL-terminated text, or what printf makes, of any length. */
void cdef_buffer_append(cdef_buffer *buffer, const char *text, size_t length);
void cdef_buffer_write(cdef_buffer *buffer, const char *text);
void cdef_buffer_print(cdef_buffer *buffer, const char *format, ...) ARK_PRINTF(2, 3);

/* Takes the text back to its first `length` bytes. */
void cdef_buffer_cut(cdef_buffer *buffer, size_t length);

/* Frees the text. */
void cdef_buffer_free(cdef_buffer *buffer);

#endif
