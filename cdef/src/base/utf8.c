#include "base/utf8.h"

static bool utf8_continues(char c) {
  return ((unsigned char)c & 0xC0) == 0x80;
}

size_t cdef_cut_length(const char *text, size_t length, size_t most) {
  if (length <= most) return length;
  while (most && utf8_continues(text[most])) most--;
  return most;
}

size_t cdef_character_length(const char *text, size_t length) {
  unsigned char lead = (unsigned char)text[0];
  if (lead < 0x80) return 1;
  size_t wanted = lead >= 0xF0 && lead < 0xF5   ? 4
                  : lead >= 0xE0 && lead < 0xF0 ? 3
                  : lead >= 0xC2 && lead < 0xE0 ? 2
                                                : 0;
  if (wanted == 0 || wanted > length) return 0;
  for (size_t i = 1; i < wanted; i++) {
    if (!utf8_continues(text[i])) return 0;
  }
  return wanted;
}

size_t cdef_decode_utf8(const char *text, size_t length, uint32_t *out) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t count = length ? cdef_character_length(text, length) : 0;
  if (count <= 1) {
    *out = count ? (unsigned char)text[0] : 0;
    return count;
  }
  uint32_t code = (unsigned char)text[0] & (0x7Fu >> count);
  for (size_t i = 1; i < count; i++) code = code << 6 | ((unsigned char)text[i] & 0x3F);
  *out = code;
  char encoded[4];
  return code >= least[count] && cdef_encode_utf8(code, encoded) ? count : 0;
}

size_t cdef_encode_utf8(uint32_t code, char out[4]) {
  if ((code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return 0;
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  size_t count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (size_t i = count - 1; i; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
  out[0] = (char)(0xF00 >> count | code);
  return count;
}
