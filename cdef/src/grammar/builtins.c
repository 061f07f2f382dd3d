#include "grammar/builtins.h"
#include "base/floating_value.h"
#include "grammar/expression.h"
#include "parser/lexer.h"
#include <math.h>
#include <string.h>

/* Reads the arguments. `detail` is what the table of builtins says of the name. */
typedef cdef_value builtin_reader(cdef_parser *parser, int detail);

static cdef_value builtin_read_infinity(cdef_parser *parser, int kind) {
  (void)parser;
  return cdef_floating_of((long double)INFINITY, (cdef_value_kind)kind);
}

static cdef_value builtin_read_nan(cdef_parser *parser, int kind) {
  cdef_expect(parser, CDEF_STRING);
  return cdef_floating_of((long double)NAN, (cdef_value_kind)kind);
}

/* __builtin_expect(value, expected): the value, as a long. */
static cdef_value builtin_read_expect(cdef_parser *parser, int detail) {
  (void)detail;
  cdef_value value = cdef_read_expression(parser);
  while (cdef_take(parser, ',')) cdef_read_expression(parser);
  if (value.problem) return value;
  if (value.kind != CDEF_INTEGER) return cdef_no_value("this is no integer");
  return cdef_wrap(cdef_value_of((uint64_t)value.bits, false, sizeof(long)));
}

static cdef_value builtin_read_constant_p(cdef_parser *parser, int detail) {
  (void)detail;
  cdef_value value = cdef_read_expression(parser);
  if (value.problem) return cdef_no_value("compilers disagree whether this is constant");
  return cdef_value_of(1, false, sizeof(int));
}

/* __builtin_choose_expr(condition, yes, no): unlike ?:, its type is that of the value. */
static cdef_value builtin_read_choice(cdef_parser *parser, int detail) {
  (void)detail;
  cdef_value condition = cdef_read_expression(parser);
  cdef_expect(parser, ',');
  cdef_value yes = cdef_read_expression(parser);
  cdef_expect(parser, ',');
  cdef_value no = cdef_read_expression(parser);
  if (condition.problem) return condition;
  if (condition.kind != CDEF_INTEGER) return cdef_no_value("this is no integer");
  return condition.bits ? yes : no;
}

static cdef_value builtin_read_swap(cdef_parser *parser, int size) {
  cdef_value value = cdef_read_expression(parser);
  if (value.problem) return value;
  if (value.kind != CDEF_INTEGER) return cdef_no_value("this is no integer");
  uint64_t swapped = 0;
  for (int i = 0; i < size; i++) swapped = swapped << 8 | ((uint64_t)value.bits >> 8 * i & 0xFF);
  return cdef_value_of(swapped, true, (size_t)size);
}

static const struct {
  const char *name;
  builtin_reader *read;
  int detail; /* the kind of the number, or the number of bytes */
} builtins[] = {
    {"__builtin_inf", builtin_read_infinity, CDEF_DOUBLE}, {"__builtin_huge_val", builtin_read_infinity, CDEF_DOUBLE},
    {"__builtin_nan", builtin_read_nan, CDEF_DOUBLE},      {"__builtin_nans", builtin_read_nan, CDEF_DOUBLE},
    {"__builtin_expect", builtin_read_expect, 0},          {"__builtin_constant_p", builtin_read_constant_p, 0},
    {"__builtin_choose_expr", builtin_read_choice, 0},     {"__builtin_bswap16", builtin_read_swap, 2},
    {"__builtin_bswap32", builtin_read_swap, 4},           {"__builtin_bswap64", builtin_read_swap, 8},
};

static bool builtin_is(const cdef_name *name, const char *text) {
  return strlen(text) == name->length && memcmp(name->text, text, name->length) == 0;
}

/* The constants that are words of C23; <stdbool.h> defines two of them for older versions. */
static bool builtin_read_word(cdef_parser *parser, const cdef_name *name, cdef_value *out) {
  bool is_true = builtin_is(name, "true"), is_null = builtin_is(name, "nullptr");
  if (name->meaning != CDEF_UNKNOWN || (!is_true && !is_null && !builtin_is(name, "false"))) return false;
  cdef_next(parser);
  *out = cdef_value_of(is_true, true, 1);
  if (is_null) *out = (cdef_value){.kind = CDEF_ADDRESS, .size = sizeof(void *)};
  return true;
}

/* The number of the builtin with that name. The names of those for floating-point numbers end with the suffix of a
 * literal, which gives their kind. The number of builtins for any other name. */
static size_t builtin_find(const cdef_name *name, int *detail) {
  static const struct {
    const char *suffix;
    cdef_value_kind kind;
  } suffixes[] = {
      {"f", CDEF_FLOAT}, {"l", CDEF_LONG_DOUBLE}, {"f32", CDEF_FLOAT}, {"f64", CDEF_DOUBLE}, {"f32x", CDEF_DOUBLE}};
  size_t i = 0;
  for (; i < sizeof builtins / sizeof builtins[0]; i++) {
    size_t length = strlen(builtins[i].name);
    *detail = builtins[i].detail;
    if (name->length < length || memcmp(name->text, builtins[i].name, length) != 0) continue;
    if (name->length == length) return i;
    for (size_t j = 0; j < sizeof suffixes / sizeof suffixes[0] && builtins[i].read != builtin_read_swap; j++) {
      size_t rest = strlen(suffixes[j].suffix);
      if (name->length != length + rest || memcmp(name->text + length, suffixes[j].suffix, rest) != 0) continue;
      *detail = (int)suffixes[j].kind;
      return i;
    }
  }
  return i;
}

bool cdef_read_builtin(cdef_parser *parser, cdef_value *out) {
  const cdef_name *name = parser->token.name;
  if (builtin_read_word(parser, name, out)) return true;
  if (name->length < 10 || memcmp(name->text, "__builtin_", 10) != 0) return false;
  int detail;
  size_t found = builtin_find(name, &detail);
  if (found == sizeof builtins / sizeof builtins[0]) return false;
  cdef_next(parser);
  cdef_expect(parser, '(');
  *out = builtins[found].read(parser, detail);
  cdef_expect(parser, ')');
  return true;
}
