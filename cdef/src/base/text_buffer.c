#include "base/text_buffer.h"
#include "arkffi/alloc.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Bytes. A print that needs no more is formatted once. */
enum { USUAL_PRINT = 32 };

/* Makes room for `length` more bytes and a NUL. Whether there is room. */
static bool buffer_make_room(cdef_buffer *buffer, size_t length) {
  if (buffer->has_failed) return false;
  if (length < buffer->size - buffer->length) return true;
  size_t size = buffer->size ? buffer->size : 256;
  while (size - buffer->length <= length) {
    if (size > SIZE_MAX / 2) break;
    size *= 2;
  }
  char *text = size - buffer->length > length ? ark_resize(buffer->text, size) : NULL;
  buffer->has_failed = !text;
  if (!text) return false;
  buffer->text = text;
  buffer->size = size;
  return true;
}

void cdef_buffer_append(cdef_buffer *buffer, const char *text, size_t length) {
  if (!buffer_make_room(buffer, length)) return;
  memcpy(buffer->text + buffer->length, text, length);
  buffer->length += length;
  buffer->text[buffer->length] = '\0';
}

void cdef_buffer_write(cdef_buffer *buffer, const char *text) {
  cdef_buffer_append(buffer, text, strlen(text));
}

void cdef_buffer_print(cdef_buffer *buffer, const char *format, ...) {
  if (!buffer_make_room(buffer, USUAL_PRINT)) return;
  va_list args;
  va_start(args, format);
  int length = vsnprintf(buffer->text + buffer->length, buffer->size - buffer->length, format, args);
  va_end(args);
  if (length < 0) buffer->has_failed = true;
  bool is_cut = length >= 0 && (size_t)length >= buffer->size - buffer->length;
  if (length < 0 || (is_cut && !buffer_make_room(buffer, (size_t)length))) return;
  if (is_cut) {
    va_start(args, format);
    vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, args);
    va_end(args);
  }
  buffer->length += (size_t)length;
}

void cdef_buffer_cut(cdef_buffer *buffer, size_t length) {
  if (!buffer->text || length >= buffer->length) return;
  buffer->length = length;
  buffer->text[length] = '\0';
}

void cdef_buffer_free(cdef_buffer *buffer) {
  ark_free(buffer->text);
}
