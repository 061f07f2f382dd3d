#include "base/literal.h"
#include "base/floating_value.h"
#include "base/string_literal.h"
#include <limits.h>
#include <string.h>
#include <wchar.h>

#ifndef ARKFFI_LIKE_CLANG
#error "The build must define ARKFFI_LIKE_CLANG; core/cmake/like_clang.cmake says how."
#endif
enum { LITERAL_LIKE_CLANG = ARKFFI_LIKE_CLANG };

static unsigned literal_digit_of(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a') + 10;
  return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

static bool literal_take(const char **at, const char *end, char lower, char upper) {
  if (*at == end || (**at != lower && **at != upper)) return false;
  ++*at;
  return true;
}

/* Reads the suffix of an integer literal: u, l or ll, and a u before or after one of these. `least` is the size of the
 * narrowest type that it allows. False for anything else: the letters of ll are the same and stand beside each other,
 * C11 6.4.4.1. */
static bool literal_read_suffix(const char *at, const char *end, bool *is_unsigned, size_t *least) {
  *least = sizeof(int);
  *is_unsigned = literal_take(&at, end, 'u', 'U');
  const char *first = at;
  if (literal_take(&at, end, 'l', 'L'))
    *least = literal_take(&at, end, *first, *first) ? sizeof(long long) : sizeof(long);
  if (!*is_unsigned) *is_unsigned = literal_take(&at, end, 'u', 'U');
  return at == end;
}

/* Reads digits with separators between them, C23 6.4.4.1. Moves *at past them. Sets *is_large if 64 bits do not hold
 * their value. False where there are none, or where a separator is not between two of them. */
static bool literal_read_digits(const char **at, const char *end, unsigned base, uint64_t *bits, bool *is_large) {
  bool is_after_digit = false;
  for (; *at < end && (literal_digit_of(**at) < base || (**at == '\'' && is_after_digit)); ++*at) {
    is_after_digit = **at != '\'';
    if (!is_after_digit) continue;
    uint64_t digit = literal_digit_of(**at);
    if (*bits > (UINT64_MAX - digit) / base) *is_large = true;
    *bits = *bits * base + digit;
  }
  return is_after_digit;
}

/* The value in the first type of the list in C11 6.4.4.1 that holds it. After that list GCC has __int128, so that the
 * least int64_t can be written as -9223372036854775808; Clang has unsigned long. */
static cdef_value literal_typed(uint64_t bits, bool is_decimal, bool is_unsigned, size_t least) {
  bool is_wide = least > sizeof(int);
  if (!is_wide && !is_unsigned && bits <= INT_MAX) return cdef_value_of(bits, false, sizeof(int));
  if (!is_wide && (is_unsigned || !is_decimal) && bits <= UINT_MAX) return cdef_value_of(bits, true, sizeof(int));
  if (!is_unsigned && bits <= INT64_MAX) return cdef_value_of(bits, false, 8);
  cdef_value value = cdef_value_of(bits, true, 8);
  if (is_decimal && !is_unsigned && !LITERAL_LIKE_CLANG && sizeof value.bits > 8) {
    value.size = sizeof value.bits;
    value.is_unsigned = false;
  }
  return value;
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
  }
  uint64_t bits = 0;
  bool is_large = false, is_unsigned;
  size_t least;
  if (!literal_read_digits(&at, end, base, &bits, &is_large) || !literal_read_suffix(at, end, &is_unsigned, &least))
    return cdef_floating_literal(text, length);
  if (is_large) return cdef_no_value("this number is larger than any type");
  return literal_typed(bits, base == 10, is_unsigned, least);
}

/* The type of a character literal with a prefix. */
static cdef_value literal_with_prefix(const char *prefix, size_t length, uint32_t unit) {
  if (length == 2) return cdef_value_of(unit, true, 1);
  if (*prefix == 'L') return cdef_wrap(cdef_value_of(unit, (wchar_t)-1 > (wchar_t)0, sizeof(wchar_t)));
  return cdef_value_of(unit, true, *prefix == 'u' ? 2 : 4);
}

cdef_value cdef_character_value(const char *text, size_t length) {
  size_t prefix = cdef_prefix_length(text);
  cdef_string_decoder decoder = {.unit = cdef_prefix_unit(text, prefix)};
  cdef_decode_string(&decoder, text + prefix + 1, text + length - 1);
  cdef_buffer_free(&decoder.text);
  if (decoder.problem) return cdef_no_value(decoder.problem);
  if (decoder.count == 0) return cdef_no_value("this character is empty");
  /* GCC and Clang give several characters the same value, as long as they fit an int. */
  if (decoder.count > (prefix ? 1 : sizeof(int))) return cdef_no_value("these are too many characters for one value");
  if (prefix) return literal_with_prefix(text, prefix, decoder.last);
  cdef_value value = cdef_value_of(decoder.value, false, sizeof(int));
  if (decoder.count == 1) {
    value = cdef_wrap(cdef_value_of(decoder.value, CHAR_MIN == 0, 1));
    value.size = sizeof(int);
    value.is_unsigned = false;
  }
  return cdef_wrap(value);
}
