#include "env/encoding.h"
#include "env/utf16.h"

/* The bytes that may follow a first byte. The second byte alone has bounds of its own: they exclude longer forms of
 * shorter characters, surrogates, and what lies above U+10FFFF. */
typedef struct encoding_lead {
  unsigned following;
  uint32_t bits; /* of the first byte */
  unsigned char least, most;
} encoding_lead;

/* `following` is 0 if the byte begins no character of several bytes. */
static encoding_lead encoding_lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return (encoding_lead){1, byte & 0x1Fu, 0x80, 0xBF};
  if (byte >= 0xE0 && byte <= 0xEF) {
    return (encoding_lead){2, byte & 0x0Fu, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    return (encoding_lead){3, byte & 0x07u, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF};
  }
  return (encoding_lead){0};
}

/* Reads the character that begins at text[*index] and moves *index past its last valid byte. */
static uint32_t encoding_read(const unsigned char *text, size_t length, size_t *index) {
  unsigned char first = text[(*index)++];
  if (first < 0x80) return first;
  encoding_lead lead = encoding_lead_of(first);
  uint32_t point = lead.bits;
  if (!lead.following) return ARKJS_REPLACEMENT;
  for (; lead.following; lead.following--) {
    if (*index >= length || text[*index] < lead.least || text[*index] > lead.most) return ARKJS_REPLACEMENT;
    point = point << 6 | (text[(*index)++] & 0x3Fu);
    lead.least = 0x80;
    lead.most = 0xBF;
  }
  return point;
}

size_t arkjs_utf8_decode(const char *text, size_t length, uint16_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < length;) {
    uint32_t point = encoding_read((const unsigned char *)text, length, &i);
    if (point >= 0x10000) {
      out[count++] = (uint16_t)(0xD800 + ((point - 0x10000) >> 10));
      point = 0xDC00 + (point & 0x3FF);
    }
    out[count++] = (uint16_t)point;
  }
  return count;
}

static size_t encoding_size_of(uint32_t point) {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

static void encoding_write(uint32_t point, size_t size, char *out) {
  static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
  for (size_t i = size; i > 1; i--, point >>= 6) out[i - 1] = (char)(0x80 | (point & 0x3F));
  out[0] = (char)(leads[size] | point);
}

size_t arkjs_utf8_encode(const uint16_t *units, size_t length, char *out, size_t size) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    uint32_t point = arkjs_utf16_read(units, length, &i);
    size_t needed = encoding_size_of(point);
    if (out && needed > size - count) break;
    if (out) encoding_write(point, needed, out + count);
    count += needed;
  }
  return count;
}
