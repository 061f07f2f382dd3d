#include "base/string_literal.h"
#include "base/utf8.h"
#include <string.h>
#include <wchar.h>

size_t cdef_prefix_length(const char *text) {
  size_t length = strchr("LuU", text[0]) && text[0] ? 1 : 0;
  if (length && text[0] == 'u' && text[1] == '8') length = 2;
  return length && (text[length] == '"' || text[length] == '\'') ? length : 0;
}

size_t cdef_prefix_unit(const char *prefix, size_t length) {
  if (length != 1) return 1;
  return *prefix == 'L' ? sizeof(wchar_t) : *prefix == 'u' ? 2 : 4;
}

static unsigned string_digit_of(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a') + 10;
  return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

/* Reads digits, at most `most` of them. A number that is too large for any unit stays so. */
static uint64_t string_read_digits(const char **at, const char *end, unsigned base, size_t most) {
  uint64_t code = 0;
  for (size_t i = 0; i < most && *at < end && string_digit_of(**at) < base; i++) {
    code = code * base + string_digit_of(*(*at)++);
    if (code > UINT32_MAX) code = (uint64_t)UINT32_MAX + 1;
  }
  return code;
}

/* Reads an escape sequence after its backslash, which is not at the end. Whether it is the name of a character, `\u` or
 * `\U`, instead of a unit. */
static bool string_read_escape(const char **at, const char *end, uint64_t *code) {
  static const char letters[] = "abfnrtve", values[] = "\a\b\f\n\r\t\v\x1b";
  char c = *(*at)++;
  if (c >= '0' && c <= '7') {
    --*at;
    *code = string_read_digits(at, end, 8, 3);
  } else if (c == 'x') {
    *code = string_read_digits(at, end, 16, SIZE_MAX);
  } else if (c == 'u' || c == 'U') {
    *code = string_read_digits(at, end, 16, c == 'u' ? 4 : 8);
    return true;
  } else {
    const char *letter = c ? strchr(letters, c) : NULL;
    *code = letter ? (unsigned char)values[letter - letters] : (unsigned char)c;
  }
  return false;
}

char cdef_read_escaped_byte(const char **at, const char *end) {
  uint64_t code;
  string_read_escape(at, end, &code);
  return (char)code;
}

static void string_count_unit(cdef_string_decoder *decoder, uint32_t unit) {
  decoder->count++;
  decoder->last = unit;
  decoder->value = decoder->value << 8 | (unit & 0xFF);
}

static void string_add_character(cdef_string_decoder *decoder, uint32_t code) {
  char bytes[4];
  size_t length = cdef_encode_utf8(code, bytes);
  if (!length) decoder->is_invalid = true;
  cdef_buffer_append(&decoder->text, bytes, length);
}

/* Adds one unit, which may be half of a surrogate pair. */
static void string_add_unit(cdef_string_decoder *decoder, uint64_t code) {
  uint64_t most = decoder->unit == 4 ? UINT32_MAX : ((uint64_t)1 << 8 * decoder->unit) - 1;
  if (code > most) decoder->problem = "an escape sequence is too large for its character";
  uint32_t unit = (uint32_t)code;
  string_count_unit(decoder, unit);
  if (decoder->unit == 1) {
    char byte = (char)unit;
    cdef_buffer_append(&decoder->text, &byte, 1);
    return;
  }
  uint32_t high = decoder->high;
  bool is_high = decoder->unit == 2 && unit >= 0xD800 && unit < 0xDC00;
  bool is_low = decoder->unit == 2 && unit >= 0xDC00 && unit < 0xE000;
  decoder->high = is_high ? unit : 0;
  if (high && !is_low) decoder->is_invalid = true;
  if (is_high) return;
  string_add_character(decoder, high && is_low ? 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00) : unit);
}

/* Adds a character, in as many units as it needs. */
static void string_add_code_point(cdef_string_decoder *decoder, uint64_t code) {
  char bytes[4];
  size_t length = code <= UINT32_MAX ? cdef_encode_utf8((uint32_t)code, bytes) : 0;
  if (!length) {
    decoder->problem = "the name of a character is not valid";
  } else if (decoder->unit == 1) {
    for (size_t i = 0; i < length; i++) string_add_unit(decoder, (unsigned char)bytes[i]);
  } else if (decoder->unit == 2 && code > 0xFFFF) {
    string_add_unit(decoder, 0xD800 + ((code - 0x10000) >> 10));
    string_add_unit(decoder, 0xDC00 + ((code - 0x10000) & 0x3FF));
  } else {
    string_add_unit(decoder, code);
  }
}

void cdef_decode_string(cdef_string_decoder *decoder, const char *at, const char *end) {
  while (at < end) {
    uint64_t code;
    if (*at == '\\' && at + 1 < end) {
      at++;
      if (string_read_escape(&at, end, &code)) {
        string_add_code_point(decoder, code);
      } else {
        string_add_unit(decoder, code);
      }
    } else if (decoder->unit == 1 || (unsigned char)*at < 0x80) {
      string_add_unit(decoder, (unsigned char)*at++);
    } else {
      uint32_t character;
      size_t length = cdef_decode_utf8(at, (size_t)(end - at), &character);
      if (length) {
        string_add_code_point(decoder, character);
      } else {
        decoder->problem = "the bytes of this text are not UTF-8";
      }
      at += length ? length : 1;
    }
  }
}

bool cdef_is_text(const cdef_string_decoder *decoder) {
  if (decoder->is_invalid || decoder->high) return false;
  const char *at = decoder->text.text;
  for (size_t left = decoder->text.length; left;) {
    uint32_t character;
    size_t length = cdef_decode_utf8(at, left, &character);
    if (!length) return false;
    at += length;
    left -= length;
  }
  return true;
}
