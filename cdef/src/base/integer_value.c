#include "base/integer_value.h"
#include "base/token.h"

cdef_value cdef_value_of(uint64_t bits, bool is_unsigned, size_t size) {
  return (cdef_value){.bits = bits, .is_unsigned = is_unsigned, .size = size};
}

cdef_value cdef_no_value(const char *problem) {
  return (cdef_value){.size = sizeof(int), .problem = problem};
}

bool cdef_is_negative(cdef_value value) {
  return !value.is_unsigned && (int64_t)value.bits < 0;
}

cdef_value cdef_wrap(cdef_value value) {
  if (value.size >= 8) return value;
  unsigned unused = 64 - 8 * (unsigned)value.size;
  value.bits =
      value.is_unsigned ? value.bits << unused >> unused : (uint64_t)((int64_t)(value.bits << unused) >> unused);
  return value;
}

cdef_value cdef_promote(cdef_value value) {
  if (value.size >= sizeof(int)) return value;
  value.size = sizeof(int);
  value.is_unsigned = false;
  return value;
}

void cdef_convert_operands(cdef_value *left, cdef_value *right) {
  size_t size = left->size > right->size ? left->size : right->size;
  if (size < sizeof(int)) size = sizeof(int);
  bool is_unsigned = (left->is_unsigned && left->size == size) || (right->is_unsigned && right->size == size);
  left->size = right->size = size;
  left->is_unsigned = right->is_unsigned = is_unsigned;
  *left = cdef_wrap(*left);
  *right = cdef_wrap(*right);
}

static cdef_value value_of_truth(bool is_true) {
  return cdef_value_of(is_true, false, sizeof(int));
}

static cdef_value value_shift(int op, cdef_value left, cdef_value right) {
  left = cdef_promote(left);
  if (cdef_is_negative(right) || right.bits >= left.size * 8)
    return cdef_no_value("this shifts by more bits than there are");
  if (op == CDEF_SHIFT_LEFT) {
    left.bits <<= right.bits;
  } else {
    left.bits = left.is_unsigned ? left.bits >> right.bits : (uint64_t)((int64_t)left.bits >> right.bits);
  }
  return cdef_wrap(left);
}

static cdef_value value_divide(int op, cdef_value left, cdef_value right) {
  if (right.bits == 0) return cdef_no_value("this divides by zero");
  if (left.is_unsigned) {
    left.bits = op == '/' ? left.bits / right.bits : left.bits % right.bits;
  } else if ((int64_t)right.bits == -1) {
    /* The only quotient that overflows wraps; in C it would be undefined. */
    left.bits = op == '/' ? 0 - left.bits : 0;
  } else {
    int64_t a = (int64_t)left.bits, b = (int64_t)right.bits;
    left.bits = (uint64_t)(op == '/' ? a / b : a % b);
  }
  return cdef_wrap(left);
}

static bool value_is_less(cdef_value left, cdef_value right) {
  return left.is_unsigned ? left.bits < right.bits : (int64_t)left.bits < (int64_t)right.bits;
}

/* Applies && or ||. The right operand needs no value if the left one decides. */
static cdef_value value_connect(int op, cdef_value left, cdef_value right) {
  if (left.problem) return left;
  bool decides = (left.bits != 0) == (op == CDEF_OR);
  if (decides) return value_of_truth(op == CDEF_OR);
  return right.problem ? right : value_of_truth(right.bits != 0);
}

cdef_value cdef_apply_binary(int op, cdef_value left, cdef_value right) {
  if (op == CDEF_AND || op == CDEF_OR) return value_connect(op, left, right);
  if (left.problem) return left;
  if (right.problem) return right;
  if (op == CDEF_SHIFT_LEFT || op == CDEF_SHIFT_RIGHT) return value_shift(op, left, right);
  cdef_convert_operands(&left, &right);
  switch (op) {
  case '*': left.bits *= right.bits; break;
  case '+': left.bits += right.bits; break;
  case '-': left.bits -= right.bits; break;
  case '&': left.bits &= right.bits; break;
  case '^': left.bits ^= right.bits; break;
  case '|': left.bits |= right.bits; break;
  case '<': return value_of_truth(value_is_less(left, right));
  case '>': return value_of_truth(value_is_less(right, left));
  case CDEF_LESS_EQUAL: return value_of_truth(!value_is_less(right, left));
  case CDEF_GREATER_EQUAL: return value_of_truth(!value_is_less(left, right));
  case CDEF_EQUAL: return value_of_truth(left.bits == right.bits);
  case CDEF_NOT_EQUAL: return value_of_truth(left.bits != right.bits);
  default: return value_divide(op, left, right);
  }
  return cdef_wrap(left);
}

int cdef_precedence_of(int token) {
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

cdef_value cdef_apply_unary(int op, cdef_value value) {
  if (value.problem) return value;
  cdef_value zero = value_of_truth(false);
  if (op == '!') return value_of_truth(value.bits == 0);
  cdef_convert_operands(&value, &zero);
  if (op == '-') value.bits = 0 - value.bits;
  if (op == '~') value.bits = ~value.bits;
  return cdef_wrap(value);
}
