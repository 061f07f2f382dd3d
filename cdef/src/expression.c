/* Constant expressions, with the integers that C gives them: C11 6.6. */
#include "parser.h"
#include <limits.h>
#include <string.h>

static cdef_value integer(uint64_t bits, bool is_unsigned, size_t size) {
  return (cdef_value){.bits = bits, .is_unsigned = is_unsigned, .size = size};
}

static cdef_value none(const char *problem) {
  return (cdef_value){.size = sizeof(int), .problem = problem};
}

bool cdef_is_negative(cdef_value value) {
  return !value.is_unsigned && (int64_t)value.bits < 0;
}

/* Cuts to the size, and widens again with the sign that it has there. */
static cdef_value fit(cdef_value value) {
  if (value.size >= 8) return value;
  unsigned unused = 64 - 8 * (unsigned)value.size;
  value.bits =
      value.is_unsigned ? value.bits << unused >> unused : (uint64_t)((int64_t)(value.bits << unused) >> unused);
  return value;
}

/* ---- Literals */

static int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Whether it is one of u, l, ll, ul, … */
static bool read_suffix(const char *at, const char *end, bool *is_unsigned, bool *is_long) {
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

/* The first type of C11 6.4.4.1 that holds it. */
static cdef_value typed(uint64_t bits, bool is_decimal, bool is_unsigned, bool is_long) {
  if (!is_long && !is_unsigned && bits <= INT_MAX) return integer(bits, false, sizeof(int));
  if (!is_long && (is_unsigned || !is_decimal) && bits <= UINT_MAX) return integer(bits, true, sizeof(int));
  if (!is_unsigned && bits <= INT64_MAX) return integer(bits, false, 8);
  return integer(bits, true, 8);
}

static cdef_value number(const char *at, size_t length) {
  const char *end = at + length;
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
  for (; at < end && (unsigned)digit_of(*at) < base; at++) {
    uint64_t digit = (uint64_t)digit_of(*at);
    if (bits > (UINT64_MAX - digit) / base) return none("this number is larger than any type");
    bits = bits * base + digit;
  }
  bool is_unsigned, is_long;
  if (!read_suffix(at, end, &is_unsigned, &is_long)) return none("this is no integer");
  return typed(bits, base == 10, is_unsigned, is_long);
}

static uint64_t escape(const char **at, const char *end) {
  static const char letters[] = "abfnrtve", values[] = "\a\b\f\n\r\t\v\x1b";
  char c = *(*at)++;
  uint64_t code = 0;
  if (c >= '0' && c <= '7') {
    code = (uint64_t)digit_of(c);
    for (int i = 0; i < 2 && *at < end && digit_of(**at) < 8; i++) code = code * 8 + (uint64_t)digit_of(*(*at)++);
    return code;
  }
  if (c == 'x') {
    while (*at < end && digit_of(**at) < 16) code = code * 16 + (uint64_t)digit_of(*(*at)++);
    return code;
  }
  const char *letter = strchr(letters, c);
  return letter ? (uint64_t)values[letter - letters] : (unsigned char)c;
}

/* Of one character only: what several make is each compiler's own choice. */
static cdef_value character(const char *text, size_t length) {
  const char *at = text + 1, *end = text + length - 1;
  if (at == end) return none("this character is empty");
  uint64_t code = *at == '\\' ? (at++, escape(&at, end)) : (unsigned char)*at++;
  if (at != end) return none("only single bytes are understood here");
  cdef_value value = integer(code, CHAR_MIN == 0, 1);
  value = fit(value);
  value.size = sizeof(int);
  value.is_unsigned = false;
  return value;
}

/* ---- Operators */

/* C11 6.3.1.8: what both operands become. */
static void balance(cdef_value *left, cdef_value *right) {
  size_t size = left->size > right->size ? left->size : right->size;
  if (size < sizeof(int)) size = sizeof(int);
  bool is_unsigned = (left->is_unsigned && left->size == size) || (right->is_unsigned && right->size == size);
  left->size = right->size = size;
  left->is_unsigned = right->is_unsigned = is_unsigned;
  *left = fit(*left);
  *right = fit(*right);
}

static cdef_value truth(bool is_true) {
  return integer(is_true, false, sizeof(int));
}

static cdef_value shift(int op, cdef_value left, cdef_value right) {
  if (cdef_is_negative(right) || right.bits >= left.size * 8) return none("this shifts by more bits than there are");
  if (op == CDEF_SHIFT_LEFT) {
    left.bits <<= right.bits;
  } else {
    left.bits = left.is_unsigned ? left.bits >> right.bits : (uint64_t)((int64_t)left.bits >> right.bits);
  }
  return fit(left);
}

static cdef_value divide(int op, cdef_value left, cdef_value right) {
  if (right.bits == 0) return none("this divides by zero");
  if (left.is_unsigned) {
    left.bits = op == '/' ? left.bits / right.bits : left.bits % right.bits;
  } else if ((int64_t)right.bits == -1) {
    /* The one quotient that overflows is wrapped, as machines do. */
    left.bits = op == '/' ? 0 - left.bits : 0;
  } else {
    int64_t a = (int64_t)left.bits, b = (int64_t)right.bits;
    left.bits = (uint64_t)(op == '/' ? a / b : a % b);
  }
  return fit(left);
}

static bool is_less(cdef_value left, cdef_value right) {
  return left.is_unsigned ? left.bits < right.bits : (int64_t)left.bits < (int64_t)right.bits;
}

/* && and || need no value of their right side where the left one decides. */
static cdef_value connect(int op, cdef_value left, cdef_value right) {
  if (left.problem) return left;
  bool decides = (left.bits != 0) == (op == CDEF_OR);
  if (decides) return truth(op == CDEF_OR);
  return right.problem ? right : truth(right.bits != 0);
}

static cdef_value combine(int op, cdef_value left, cdef_value right) {
  if (op == CDEF_AND || op == CDEF_OR) return connect(op, left, right);
  if (left.problem) return left;
  if (right.problem) return right;
  if (op == CDEF_SHIFT_LEFT || op == CDEF_SHIFT_RIGHT) return shift(op, left, right);
  balance(&left, &right);
  switch (op) {
  case '*': left.bits *= right.bits; break;
  case '+': left.bits += right.bits; break;
  case '-': left.bits -= right.bits; break;
  case '&': left.bits &= right.bits; break;
  case '^': left.bits ^= right.bits; break;
  case '|': left.bits |= right.bits; break;
  case '<': return truth(is_less(left, right));
  case '>': return truth(is_less(right, left));
  case CDEF_LESS_EQUAL: return truth(!is_less(right, left));
  case CDEF_GREATER_EQUAL: return truth(!is_less(left, right));
  case CDEF_EQUAL: return truth(left.bits == right.bits);
  case CDEF_NOT_EQUAL: return truth(left.bits != right.bits);
  default: return divide(op, left, right);
  }
  return fit(left);
}

/* C11 6.5: a higher number binds closer; 0 for what is no operator. */
static int precedence_of(int token) {
  switch (token) {
  case '*':
  case '/':
  case '%': return 10;
  case '+':
  case '-': return 9;
  case CDEF_SHIFT_LEFT:
  case CDEF_SHIFT_RIGHT: return 8;
  case '<':
  case '>':
  case CDEF_LESS_EQUAL:
  case CDEF_GREATER_EQUAL: return 7;
  case CDEF_EQUAL:
  case CDEF_NOT_EQUAL: return 6;
  case '&': return 5;
  case '^': return 4;
  case '|': return 3;
  case CDEF_AND: return 2;
  case CDEF_OR: return 1;
  default: return 0;
  }
}

/* ---- Operands */

static cdef_value read_unary(cdef_parser *parser);

static cdef_value cast(cdef_use use, cdef_value value) {
  if (value.problem) return value;
  if (use.type->kind == CDEF_POINTER) return integer(value.bits, true, sizeof(void *));
  if (use.type->kind != CDEF_SCALAR || use.type->scalar->kind == ARK_KIND_FLOAT) return none("this is no integer");
  if (use.type->scalar->kind == ARK_KIND_BOOL) return integer(value.bits != 0, true, 1);
  value.size = use.type->size;
  value.is_unsigned = use.type->scalar->kind == ARK_KIND_UNSIGNED;
  return fit(value);
}

static cdef_value size_value(size_t size) {
  return size ? integer(size, true, sizeof size) : none("this type has no size yet");
}

static cdef_value measure(cdef_use use, bool is_align) {
  if (is_align && use.align) return size_value(use.align);
  if (!use.type->is_complete) return none("this type has no size yet");
  return is_align ? size_value(use.type->align) : integer(use.type->size, true, sizeof(size_t));
}

/* Bytes of the string literals from the current token on, which are one, with the NUL. */
static cdef_value read_string_size(cdef_parser *parser, bool is_align) {
  cdef_value value = integer(1, true, sizeof(size_t));
  for (; cdef_is(parser, CDEF_STRING); cdef_next(parser)) {
    const char *at = parser->token.place.text + 1, *end = at + parser->token.length - 2;
    for (; at < end && !is_align; value.bits++) {
      bool is_escape = *at++ == '\\';
      if (is_escape && (*at == 'u' || *at == 'U')) value.problem = "only single bytes are understood here";
      if (is_escape) escape(&at, end);
    }
  }
  return value;
}

/* What has a size without having a value: a type in parentheses, a variable or a string. False for anything else, of
 * which something may have been read. */
static bool read_sized(cdef_parser *parser, bool is_align, cdef_value *out) {
  size_t open = 0;
  while (cdef_take(parser, '(')) open++;
  const cdef_name *name = parser->token.name;
  if (open == 1 && cdef_begins_type(parser)) {
    *out = measure(cdef_read_type_name(parser), is_align);
    cdef_expect(parser, ')');
    return true;
  }
  if (cdef_is(parser, CDEF_STRING)) {
    *out = read_string_size(parser, is_align);
  } else if (cdef_is(parser, CDEF_IDENTIFIER) && name->meaning == CDEF_VARIABLE) {
    *out = measure(name->use, is_align);
    cdef_next(parser);
  } else {
    return false;
  }
  while (open && cdef_take(parser, ')')) open--;
  return !open && !cdef_is(parser, '.') && !cdef_is(parser, '[');
}

/* sizeof and _Alignof: also of an expression, as far as it is a constant. What such a one has for its type is as aligned
 * as it is large. */
static cdef_value read_measure(cdef_parser *parser, bool is_align) {
  cdef_next(parser);
  cdef_token first = parser->token;
  const char *behind = parser->at;
  cdef_place here = parser->here;
  cdef_value value;
  if (read_sized(parser, is_align, &value) || parser->status) return parser->status ? none("") : value;
  parser->token = first;
  parser->at = behind;
  parser->here = here;
  value = read_unary(parser);
  return value.problem ? value : size_value(value.size);
}

static cdef_value read_offset(cdef_parser *parser) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  cdef_use use = cdef_read_type_name(parser);
  cdef_expect(parser, ',');
  const cdef_name *name = parser->token.name;
  cdef_next(parser);
  cdef_value value = none("only a member of a struct has an offset here");
  if (use.type->kind == CDEF_STRUCT && use.type->is_complete && cdef_is(parser, ')')) {
    for (const cdef_member *member = use.type->members; member; member = member->next) {
      if (member->name == name && member->bits < 0) value = integer(member->placed->offset, true, sizeof(size_t));
    }
  }
  while (!cdef_is(parser, ')') && !cdef_is(parser, CDEF_END)) cdef_next(parser);
  cdef_expect(parser, ')');
  return value;
}

static cdef_value read_primary(cdef_parser *parser) {
  cdef_token token = parser->token;
  cdef_value value;
  switch (token.kind) {
  case CDEF_NUMBER: value = number(token.place.text, token.length); break;
  case CDEF_CHARACTER: value = character(token.place.text, token.length); break;
  case CDEF_IDENTIFIER:
    value = token.name->meaning == CDEF_CONSTANT && !token.name->json ? token.name->value
                                                                      : none("this name is no constant integer");
    break;
  case CDEF_SIZEOF_WORD: return read_measure(parser, false);
  case CDEF_ALIGNOF_WORD: return read_measure(parser, true);
  case CDEF_OFFSETOF_WORD: return read_offset(parser);
  default: cdef_fail_expected(parser, "a constant"); return none("");
  }
  cdef_next(parser);
  return value;
}

static cdef_value read_parenthesized(cdef_parser *parser) {
  if (cdef_begins_type(parser)) {
    cdef_use use = cdef_read_type_name(parser);
    cdef_expect(parser, ')');
    return cast(use, read_unary(parser));
  }
  cdef_value value = cdef_read_expression(parser);
  cdef_expect(parser, ')');
  return value;
}

static cdef_value negate(int op, cdef_value value) {
  if (value.problem) return value;
  cdef_value zero = truth(false);
  if (op == '!') return truth(value.bits == 0);
  balance(&value, &zero);
  if (op == '-') value.bits = 0 - value.bits;
  if (op == '~') value.bits = ~value.bits;
  return fit(value);
}

static cdef_value read_unary(cdef_parser *parser) {
  cdef_value value;
  cdef_deeper(parser);
  int op = parser->token.kind;
  if (cdef_take(parser, '(')) {
    value = read_parenthesized(parser);
  } else if (cdef_take(parser, '-') || cdef_take(parser, '+') || cdef_take(parser, '~') || cdef_take(parser, '!')) {
    value = negate(op, read_unary(parser));
  } else if (cdef_take(parser, CDEF_IGNORED_WORD)) { /* __extension__ */
    value = read_unary(parser);
  } else {
    value = read_primary(parser);
  }
  cdef_shallower(parser);
  return value;
}

/* Operators that bind at least as close as `lowest`. */
static cdef_value read_binary(cdef_parser *parser, int lowest) {
  cdef_value left = read_unary(parser);
  for (;;) {
    int op = parser->token.kind, precedence = precedence_of(op);
    if (!precedence || precedence < lowest) return left;
    cdef_next(parser);
    left = combine(op, left, read_binary(parser, precedence + 1));
  }
}

cdef_value cdef_read_expression(cdef_parser *parser) {
  cdef_deeper(parser);
  cdef_value value = read_binary(parser, 1);
  if (cdef_take(parser, '?')) {
    cdef_value yes = cdef_read_expression(parser);
    cdef_expect(parser, ':');
    cdef_value no = cdef_read_expression(parser);
    bool is_yes = value.bits != 0;
    if (!value.problem) value = is_yes ? yes : no;
    cdef_value other = is_yes ? no : yes;
    if (!value.problem && !other.problem) balance(&value, &other);
  }
  cdef_shallower(parser);
  return value;
}

cdef_value cdef_read_constant(cdef_parser *parser) {
  cdef_place place = parser->token.place;
  cdef_value value = cdef_read_expression(parser);
  if (value.problem) cdef_fail_at(parser, &place, "%s", value.problem);
  return value.problem ? integer(0, false, sizeof(int)) : value;
}
