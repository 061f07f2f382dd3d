#include "parser/character_names.h"
#include "base/utf8.h"

static unsigned character_digit_of(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a') + 10;
  return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

size_t cdef_character_name_length(const char *text) {
  size_t length = text[0] != '\\' ? 0 : text[1] == 'u' ? 6 : text[1] == 'U' ? 10 : 0;
  for (size_t i = 2; i < length; i++) {
    if (character_digit_of(text[i]) == 16) return 0;
  }
  return length;
}

size_t cdef_write_named_characters(const char *text, size_t length, char *out) {
  size_t written = 0;
  for (size_t i = 0; i < length;) {
    size_t name_length = cdef_character_name_length(text + i);
    if (!name_length) {
      out[written++] = text[i++];
      continue;
    }
    uint32_t code = 0;
    for (size_t end = i + name_length, at = i + 2; at < end; at++) code = code << 4 | character_digit_of(text[at]);
    /* C11 6.4.3: none below U+00A0 but these three, of which an identifier may have '$'. */
    size_t encoded = code >= 0xA0 || code == '$' ? cdef_encode_utf8(code, out + written) : 0;
    if (!encoded) return 0;
    written += encoded;
    i += name_length;
  }
  return written;
}
