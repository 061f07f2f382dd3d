#include "base/literal.h"
#include <limits.h>
#include <string.h>

static int literal_digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Reads the suffix of an integer literal: u, l, ll, ul, … False for any other suffix. */
static bool literal_read_suffix(const char *at, const char *end, bool *is_unsigned, bool *is_long) {
  size_t longs = 0, unsigneds = 0;
  for (; at < end; at++) {
    if (*at == 'u' || *at == 'U') {
      unsigneds++;
    } else if (*at == 'l' || *at == 'L') {
      longs++;
    } else {
      return false;
    }
  }
  *is_unsigned = unsigneds > 0;
  *is_long = longs > 0;
  return longs <= 2 && unsigneds <= 1;
}

/* The value in the first type of the list in C11 6.4.4.1 that holds it. */
static cdef_value literal_typed(uint64_t bits, bool is_decimal, bool is_unsigned, bool is_long) {
  if (!is_long && !is_unsigned && bits <= INT_MAX) return cdef_value_of(bits, false, sizeof(int));
  if (!is_long && (is_unsigned || !is_decimal) && bits <= UINT_MAX) return cdef_value_of(bits, true, sizeof(int));
  if (!is_unsigned && bits <= INT64_MAX) return cdef_value_of(bits, false, 8);
  return cdef_value_of(bits, true, 8);
}

cdef_value cdef_number_value(const char *text, size_t length) {
  const char *at = text, *end = text + length;
  unsigned base = 10;
  if (length > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
    base = 16;
    at += 2;
  } else if (length > 2 && at[0] == '0' && (at[1] == 'b' || at[1] == 'B')) {
    base = 2;
    at += 2;
  } else if (length > 1 && at[0] == '0') {
    base = 8;
    at++;
  }
  uint64_t bits = 0;
  for (; at < end && (unsigned)literal_digit_of(*at) < base; at++) {
    uint64_t digit = (uint64_t)literal_digit_of(*at);
    if (bits > (UINT64_MAX - digit) / base) return cdef_no_value("this number is larger than any type");
    bits = bits * base + digit;
  }
  bool is_unsigned, is_long;
  if (!literal_read_suffix(at, end, &is_unsigned, &is_long)) return cdef_no_value("this is no integer");
  return literal_typed(bits, base == 10, is_unsigned, is_long);
}

uint64_t cdef_read_escape(const char **at, const char *end) {
  static const char letters[] = "abfnrtve", values[] = "\a\b\f\n\r\t\v\x1b";
  char c = *(*at)++;
  uint64_t code = 0;
  if (c >= '0' && c <= '7') {
    code = (uint64_t)literal_digit_of(c);
    for (int i = 0; i < 2 && *at < end && literal_digit_of(**at) < 8; i++)
      code = code * 8 + (uint64_t)literal_digit_of(*(*at)++);
    return code;
  }
  if (c == 'x') {
    while (*at < end && literal_digit_of(**at) < 16) code = code * 16 + (uint64_t)literal_digit_of(*(*at)++);
    return code;
  }
  const char *letter = strchr(letters, c);
  return letter ? (uint64_t)values[letter - letters] : (unsigned char)c;
}

cdef_value cdef_character_value(const char *text, size_t length) {
  const char *at = text + 1, *end = text + length - 1;
  if (at == end) return cdef_no_value("this character is empty");
  uint64_t code = *at == '\\' ? (at++, cdef_read_escape(&at, end)) : (unsigned char)*at++;
  if (at != end) return cdef_no_value("only single bytes are understood here");
  cdef_value value = cdef_value_of(code, CHAR_MIN == 0, 1);
  value = cdef_wrap(value);
  value.size = sizeof(int);
  value.is_unsigned = false;
  return value;
}
