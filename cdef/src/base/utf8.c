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
