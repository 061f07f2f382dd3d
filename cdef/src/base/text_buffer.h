/* Text that is written from left to right.
 *
 * Out of memory is told once, at the end: until then writing goes nowhere.
 * Thread rule: a buffer belongs to one thread.
 */
#ifndef CDEF_TEXT_BUFFER_H
#define CDEF_TEXT_BUFFER_H

#include "arkffi/error.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct cdef_buffer {
  char *text; /* owned; terminated once something is written */
  size_t length, size;
  bool has_failed;
} cdef_buffer;

/* As it is. */
void cdef_buffer_append(cdef_buffer *buffer, const char *text, size_t length);
void cdef_buffer_write(cdef_buffer *buffer, const char *text);
void cdef_buffer_print(cdef_buffer *buffer, const char *format, ...) ARK_PRINTF(2, 3);

/* Gives the text back. */
void cdef_buffer_free(cdef_buffer *buffer);

#endif
