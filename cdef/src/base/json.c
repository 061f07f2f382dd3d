#include "base/json.h"
#include "base/utf8.h"
#include <string.h>

void cdef_json_separate(cdef_buffer *json) {
  if (json->length && !strchr("[{", json->text[json->length - 1])) cdef_buffer_append(json, ",", 1);
}

/* The length of the start of a text that JSON writes as it is: valid UTF-8 without quotes, backslashes and controls. */
static size_t json_plain_length(const char *text, size_t length) {
  size_t plain = 0;
  while (plain < length) {
    unsigned char c = (unsigned char)text[plain];
    size_t taken = c < 0x80 ? 1 : cdef_character_length(text + plain, length - plain);
    if (taken == 0 || c == '"' || c == '\\' || c < ' ') break;
    plain += taken;
  }
  return plain;
}

static void json_write_escape(cdef_buffer *json, char c) {
  if ((unsigned char)c >= 0x80) {
    cdef_buffer_write(json, "\\ufffd");
  } else if (c == '"' || c == '\\') {
    cdef_buffer_print(json, "\\%c", c);
  } else {
    cdef_buffer_print(json, "\\u%04x", (unsigned)c);
  }
}

void cdef_json_string(cdef_buffer *json, const char *text, size_t length) {
  cdef_buffer_append(json, "\"", 1);
  for (;;) {
    size_t plain = json_plain_length(text, length);
    cdef_buffer_append(json, text, plain);
    if (plain == length) break;
    json_write_escape(json, text[plain]);
    text += plain + 1;
    length -= plain + 1;
  }
  cdef_buffer_append(json, "\"", 1);
}
