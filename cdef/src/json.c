#include "json.h"
#include "arkffi/alloc.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Room for `length` bytes more and a NUL. */
static bool make_room(cdef_json *json, size_t length) {
  if (json->has_failed) return false;
  if (length < json->size - json->length) return true;
  size_t size = json->size ? json->size : 256;
  while (size - json->length <= length) {
    if (size > SIZE_MAX / 2) break;
    size *= 2;
  }
  char *text = size - json->length > length ? ark_resize(json->text, size) : NULL;
  json->has_failed = !text;
  if (!text) return false;
  json->text = text;
  json->size = size;
  return true;
}

static void append(cdef_json *json, const char *text, size_t length) {
  if (!make_room(json, length)) return;
  memcpy(json->text + json->length, text, length);
  json->length += length;
  json->text[json->length] = '\0';
}

void cdef_json_write(cdef_json *json, const char *text) {
  append(json, text, strlen(text));
}

void cdef_json_print(cdef_json *json, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (length < 0) json->has_failed = true;
  if (length < 0 || !make_room(json, (size_t)length)) return;
  va_start(args, format);
  vsnprintf(json->text + json->length, (size_t)length + 1, format, args);
  va_end(args);
  json->length += (size_t)length;
}

void cdef_json_separate(cdef_json *json) {
  if (json->length && !strchr("[{", json->text[json->length - 1])) append(json, ",", 1);
}

static bool continues(char c) {
  return ((unsigned char)c & 0xC0) == 0x80;
}

size_t cdef_cut_length(const char *text, size_t length, size_t most) {
  if (length <= most) return length;
  while (most && continues(text[most])) most--;
  return most;
}

/* Bytes of the UTF-8 character at `text`, or 0 where there is none. */
static size_t character_length(const char *text, size_t length) {
  unsigned char lead = (unsigned char)text[0];
  if (lead < 0x80) return 1;
  size_t wanted = lead >= 0xF0 && lead < 0xF5   ? 4
                  : lead >= 0xE0 && lead < 0xF0 ? 3
                  : lead >= 0xC2 && lead < 0xE0 ? 2
                                                : 0;
  if (wanted == 0 || wanted > length) return 0;
  for (size_t i = 1; i < wanted; i++) {
    if (!continues(text[i])) return 0;
  }
  return wanted;
}

void cdef_json_string(cdef_json *json, const char *text, size_t length) {
  append(json, "\"", 1);
  while (length) {
    size_t taken = character_length(text, length);
    if (taken == 0) {
      append(json, "\\ufffd", 6);
      taken = 1;
    } else if (*text == '"' || *text == '\\') {
      cdef_json_print(json, "\\%c", *text);
    } else if ((unsigned char)*text < ' ') {
      cdef_json_print(json, "\\u%04x", (unsigned)*text);
    } else {
      append(json, text, taken);
    }
    text += taken;
    length -= taken;
  }
  append(json, "\"", 1);
}

void cdef_json_free(cdef_json *json) {
  ark_free(json->text);
}
