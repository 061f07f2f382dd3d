#include "base/json.h"
#include "base/utf8.h"
#include <string.h>

void cdef_json_separate(cdef_buffer *json) {
  if (json->length && !strchr("[{", json->text[json->length - 1])) cdef_buffer_append(json, ",", 1);
}

void cdef_json_string(cdef_buffer *json, const char *text, size_t length) {
  cdef_buffer_append(json, "\"", 1);
  while (length) {
    size_t taken = cdef_character_length(text, length);
    if (taken == 0) {
      cdef_buffer_append(json, "\\ufffd", 6);
      taken = 1;
    } else if (*text == '"' || *text == '\\') {
      cdef_buffer_print(json, "\\%c", *text);
    } else if ((unsigned char)*text < ' ') {
      cdef_buffer_print(json, "\\u%04x", (unsigned)*text);
    } else {
      cdef_buffer_append(json, text, taken);
    }
    text += taken;
    length -= taken;
  }
  cdef_buffer_append(json, "\"", 1);
}
