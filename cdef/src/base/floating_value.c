#include "base/floating_value.h"
#include "base/token.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the longest literal that is understood. */
enum { LONGEST_LITERAL = 1024 };

bool cdef_is_floating(cdef_value_kind kind) {
  return kind >= CDEF_FLOAT && kind <= CDEF_LONG_DOUBLE;
}

static size_t floating_size_of(cdef_value_kind kind) {
  return kind == CDEF_FLOAT ? sizeof(float) : kind == CDEF_DOUBLE ? sizeof(double) : sizeof(long double);
}

cdef_value cdef_floating_of(long double number, cdef_value_kind kind) {
  cdef_value value = {.kind = kind, .size = floating_size_of(kind), .number = number};
  if (kind == CDEF_FLOAT) value.number = (float)number;
  if (kind == CDEF_DOUBLE) value.number = (double)number;
  return value;
}

cdef_value cdef_to_floating(cdef_value value, cdef_value_kind kind) {
  if (cdef_is_floating(value.kind)) return cdef_floating_of(value.number, kind);
  bool is_negative = cdef_is_negative(value);
  int64_t signed_bits = (int64_t)value.bits;
  uint64_t bits = (uint64_t)value.bits;
  /* Each conversion rounds only once. */
  if (kind == CDEF_FLOAT) return cdef_floating_of(is_negative ? (float)signed_bits : (float)bits, kind);
  if (kind == CDEF_DOUBLE) return cdef_floating_of(is_negative ? (double)signed_bits : (double)bits, kind);
  return cdef_floating_of(is_negative ? (long double)signed_bits : (long double)bits, kind);
}

cdef_value cdef_to_integer(cdef_value value, bool is_unsigned, size_t size) {
  unsigned width = 8 * (unsigned)size;
  long double half = (long double)((uint64_t)1 << (width - 1));
  long double end = is_unsigned ? 2 * half : half, least = is_unsigned ? 0 : -half;
  bool fits = value.number < end && (value.number >= least || value.number > least - 1);
  cdef_value result = cdef_value_of(0, is_unsigned, size);
  if (!fits) {
    result.problem = "this number does not fit the type that it is converted to";
  } else if (value.number < 0) {
    result.bits = (cdef_bits)(int64_t)value.number;
  } else {
    result.bits = (uint64_t)value.number;
  }
  return result;
}

static float floating_calculate_float(int op, float a, float b) {
  return op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : a / b;
}

static double floating_calculate_double(int op, double a, double b) {
  return op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : a / b;
}

static long double floating_calculate(int op, cdef_value_kind kind, long double a, long double b) {
  if (kind == CDEF_FLOAT) return floating_calculate_float(op, (float)a, (float)b);
  if (kind == CDEF_DOUBLE) return floating_calculate_double(op, (double)a, (double)b);
  return op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : a / b;
}

cdef_value cdef_apply_floating(int op, cdef_value left, cdef_value right) {
  long double a = left.number, b = right.number;
  bool is_true;
  switch (op) {
  case '+':
  case '-':
  case '*':
  case '/': return cdef_floating_of(floating_calculate(op, left.kind, a, b), left.kind);
  case '<': is_true = a < b; break;
  case '>': is_true = a > b; break;
  case CDEF_LESS_EQUAL: is_true = a <= b; break;
  case CDEF_GREATER_EQUAL: is_true = a >= b; break;
  case CDEF_EQUAL: is_true = a == b; break;
  case CDEF_NOT_EQUAL: is_true = a != b; break;
  default: return cdef_no_value("this operator is for integers only");
  }
  return cdef_value_of(is_true, false, sizeof(int));
}

/* ---- Literals */

static bool floating_is_digit(char c, bool is_hexadecimal) {
  bool is_letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  return (c >= '0' && c <= '9') || (is_hexadecimal && is_letter);
}

/* The type that a suffix gives a literal. False for a suffix that is not known. */
static bool floating_read_suffix(const char *suffix, size_t length, cdef_value_kind *kind) {
  static const struct {
    const char *suffix;
    cdef_value_kind kind;
  } suffixes[] = {{"", CDEF_DOUBLE},       {"f", CDEF_FLOAT},     {"F", CDEF_FLOAT},    {"l", CDEF_LONG_DOUBLE},
                  {"L", CDEF_LONG_DOUBLE}, {"f32", CDEF_FLOAT},   {"F32", CDEF_FLOAT},  {"f64", CDEF_DOUBLE},
                  {"F64", CDEF_DOUBLE},    {"f32x", CDEF_DOUBLE}, {"F32x", CDEF_DOUBLE}};
  for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
    if (strlen(suffixes[i].suffix) != length || memcmp(suffixes[i].suffix, suffix, length) != 0) continue;
    *kind = suffixes[i].kind;
    return true;
  }
  return false;
}

/* Reads a decimal exponent with its sign. It is cut where no number has one so large. Moves *at past it. */
static bool floating_read_exponent(const char **at, const char *end, long *exponent) {
  bool is_negative = *at < end && **at == '-';
  if (*at < end && (**at == '-' || **at == '+')) ++*at;
  const char *start = *at;
  long value = 0;
  for (; *at < end && floating_is_digit(**at, false); ++*at) {
    if (value < 100000) value = value * 10 + (**at - '0');
  }
  *exponent = is_negative ? -value : value;
  return *at > start;
}

/* Whether `at` is a separator between two digits, C23 6.4.4.1. */
static bool floating_is_separator(const char *at, const char *end, bool is_hexadecimal) {
  return *at == '\'' && at + 1 < end && floating_is_digit(at[-1], is_hexadecimal) &&
         floating_is_digit(at[1], is_hexadecimal);
}

/* Copies the digits without the point, which a locale may write otherwise, and without separators. `digits_after` is
 * the number of those after the point. Moves *at past them. The number of digits. */
static size_t floating_copy_digits(const char **at, const char *end, bool is_hexadecimal, char *out,
                                   size_t *digits_after) {
  size_t count = 0;
  bool has_point = false;
  *digits_after = 0;
  for (; *at < end; ++*at) {
    if (count && floating_is_separator(*at, end, is_hexadecimal)) continue;
    if (**at == '.' && !has_point) {
      has_point = true;
      continue;
    }
    if (!floating_is_digit(**at, is_hexadecimal)) break;
    out[count++] = **at;
    *digits_after += has_point;
  }
  return count;
}

cdef_value cdef_floating_literal(const char *text, size_t length) {
  static const char not_a_number[] = "this is no number";
  const char *at = text, *end = text + length;
  char digits[LONGEST_LITERAL + 32], *out = digits;
  if (length > LONGEST_LITERAL) return cdef_no_value("this number has too many digits");
  bool is_hexadecimal = length > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
  if (is_hexadecimal) {
    at += 2;
    *out++ = '0';
    *out++ = 'x';
  }
  size_t digits_after, count = floating_copy_digits(&at, end, is_hexadecimal, out, &digits_after);
  bool has_exponent = at < end && strchr(is_hexadecimal ? "pP" : "eE", *at);
  long exponent = 0;
  if (has_exponent) {
    at++;
    if (!floating_read_exponent(&at, end, &exponent)) return cdef_no_value(not_a_number);
  }
  cdef_value_kind kind;
  bool is_floating = has_exponent || (!is_hexadecimal && memchr(text, '.', length));
  if (!count || (!is_floating && at == end)) return cdef_no_value(not_a_number);
  if (!is_floating || !floating_read_suffix(at, (size_t)(end - at), &kind)) {
    cdef_value value = cdef_no_value("the suffix '%' of this number is not known");
    value.subject = at;
    value.subject_length = (size_t)(end - at);
    return value;
  }
  exponent -= (long)digits_after * (is_hexadecimal ? 4 : 1);
  snprintf(out + count, 32, "%c%ld", is_hexadecimal ? 'p' : 'e', exponent);
  if (kind == CDEF_FLOAT) return cdef_floating_of(strtof(digits, NULL), kind);
  if (kind == CDEF_DOUBLE) return cdef_floating_of(strtod(digits, NULL), kind);
  return cdef_floating_of(strtold(digits, NULL), kind);
}

/* ---- JSON */

/* The digits of a number that is neither 0 nor negative, without zeros at the end, and the decimal exponent of the
 * first one. They give the number again. The number of digits. */
static size_t floating_digits_of(double number, char digits[24], int *exponent) {
  for (int places = 14;; places++) {
    char printed[64], read[64];
    snprintf(printed, sizeof printed, "%.*e", places, number);
    size_t count = 0;
    const char *at = printed;
    for (; *at != 'e'; at++) {
      if (*at >= '0' && *at <= '9') digits[count++] = *at; /* not the point, as the locale writes it */
    }
    *exponent = (int)strtol(at + 1, NULL, 10);
    snprintf(read, sizeof read, "%.*se%d", (int)count, digits, *exponent - (int)count + 1);
    if (places < 16 && strtod(read, NULL) != number) continue;
    while (count > 1 && digits[count - 1] == '0') count--;
    return count;
  }
}

void cdef_write_double(cdef_buffer *json, double number) {
  static const char zeros[] = "00000000000000000000";
  char digits[24];
  int exponent;
  if (copysign(1, number) < 0) cdef_buffer_write(json, "-");
  if (number == 0) {
    cdef_buffer_write(json, "0");
    return;
  }
  int count = (int)floating_digits_of(number < 0 ? -number : number, digits, &exponent);
  if (exponent >= 0 && exponent < 20) {
    int whole = exponent + 1 < count ? exponent + 1 : count;
    cdef_buffer_print(json, "%.*s%.*s", whole, digits, exponent + 1 - whole, zeros);
    if (whole < count) cdef_buffer_print(json, ".%.*s", count - whole, digits + whole);
  } else if (exponent < 0 && exponent > -7) {
    cdef_buffer_print(json, "0.%.*s%.*s", -exponent - 1, zeros, count, digits);
  } else {
    cdef_buffer_print(json, "%c%s%.*se%d", digits[0], count > 1 ? "." : "", count - 1, digits + 1, exponent);
  }
}
