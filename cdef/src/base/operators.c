#include "base/operators.h"
#include "base/floating_value.h"
#include "base/token.h"

/* Converts to int if the type is smaller: the integer promotions, C11 6.3.1.1. */
static cdef_value operator_promote(cdef_value value) {
  if (value.size >= sizeof(int)) return value;
  value.size = sizeof(int);
  value.is_unsigned = false;
  return value;
}

/* A result that has no value, because of an operand, but a type. */
static cdef_value operator_without(cdef_value type, const char *problem) {
  type.problem = problem;
  return type;
}

static const char operator_too_large[] = "this needs more than 64 bits";

/* A result in its type. One of 16 bytes has a value only if 64 bits hold it. */
static cdef_value operator_finish(cdef_value value) {
  bool fits = cdef_is_negative(value) ? (cdef_signed_bits)value.bits >= INT64_MIN : value.bits <= UINT64_MAX;
  return value.size > 8 && !fits ? operator_without(value, operator_too_large) : cdef_wrap(value);
}

static bool operator_is_number(cdef_value value) {
  return value.kind == CDEF_INTEGER || cdef_is_floating(value.kind);
}

static cdef_value operator_convert(cdef_value value, cdef_value_kind kind) {
  const char *problem = value.problem;
  value = cdef_to_floating(value, kind);
  value.problem = problem;
  return value;
}

void cdef_convert_operands(cdef_value *left, cdef_value *right) {
  if (cdef_is_floating(left->kind) || cdef_is_floating(right->kind)) {
    cdef_value_kind kind = left->kind > right->kind ? left->kind : right->kind;
    *left = operator_convert(*left, kind);
    *right = operator_convert(*right, kind);
    return;
  }
  size_t size = left->size > right->size ? left->size : right->size;
  if (size < sizeof(int)) size = sizeof(int);
  bool is_unsigned = (left->is_unsigned && left->size == size) || (right->is_unsigned && right->size == size);
  left->size = right->size = size;
  left->is_unsigned = right->is_unsigned = is_unsigned;
  *left = cdef_wrap(*left);
  *right = cdef_wrap(*right);
}

static cdef_value operator_of_truth(bool is_true) {
  return cdef_value_of(is_true, false, sizeof(int));
}

static cdef_value operator_shift(int op, cdef_value left, cdef_value right) {
  left = operator_promote(left);
  if (cdef_is_negative(right) || right.bits >= (cdef_bits)left.size * 8)
    return operator_without(left, "this shifts by more bits than there are");
  unsigned count = (unsigned)right.bits;
  cdef_signed_bits before = (cdef_signed_bits)left.bits;
  if (op == CDEF_SHIFT_LEFT) {
    left.bits <<= count;
    if (left.size > 8 && (cdef_signed_bits)left.bits >> count != before)
      return operator_without(left, operator_too_large);
  } else {
    left.bits = left.is_unsigned ? left.bits >> count : (cdef_bits)(before >> count);
  }
  return operator_finish(left);
}

static uint64_t operator_magnitude_of(cdef_value value) {
  return (uint64_t)(cdef_is_negative(value) ? 0 - value.bits : value.bits);
}

static cdef_value operator_divide(int op, cdef_value left, cdef_value right) {
  if (right.bits == 0) return operator_without(left, "this divides by zero");
  uint64_t a = operator_magnitude_of(left), b = operator_magnitude_of(right);
  bool is_negative = cdef_is_negative(left) != (op == '/' && cdef_is_negative(right));
  cdef_bits result = op == '/' ? a / b : a % b;
  left.bits = is_negative ? 0 - result : result;
  return operator_finish(left); /* the only quotient that overflows wraps; in C it would be undefined */
}

static bool operator_is_less(cdef_value left, cdef_value right) {
  return left.is_unsigned ? left.bits < right.bits : (cdef_signed_bits)left.bits < (cdef_signed_bits)right.bits;
}

/* Whether a scalar is not 0. */
static bool operator_is_true(cdef_value value) {
  return value.kind == CDEF_TEXT || (cdef_is_floating(value.kind) ? value.number != 0 : value.bits != 0);
}

/* A result of a known type, which has no value because an operand has none. */
static cdef_value operator_fail(cdef_value type, cdef_value operand) {
  type.problem = operand.problem;
  type.subject = operand.subject;
  type.subject_length = operand.subject_length;
  return type;
}

/* Applies && or ||. The right operand needs no value if the left one decides. */
static cdef_value operator_connect(int op, cdef_value left, cdef_value right) {
  if (left.problem) return operator_fail(operator_of_truth(false), left);
  bool decides = operator_is_true(left) == (op == CDEF_OR);
  if (decides) return operator_of_truth(op == CDEF_OR);
  if (right.problem) return operator_fail(operator_of_truth(false), right);
  return operator_of_truth(operator_is_true(right));
}

static bool operator_compares(int op) {
  switch (op) {
  case '<':
  case '>':
  case CDEF_LESS_EQUAL:
  case CDEF_GREATER_EQUAL:
  case CDEF_EQUAL:
  case CDEF_NOT_EQUAL: return true;
  default: return false;
  }
}

/* The type that two operands have in common, of size 0 where it is not known. */
static cdef_value operator_common_type(cdef_value left, cdef_value right) {
  if (!left.size || !right.size || !operator_is_number(left) || !operator_is_number(right)) return (cdef_value){0};
  cdef_convert_operands(&left, &right);
  return left;
}

/* The problem of an operand as the result of an operator, with the type of the result where it is known. */
static cdef_value operator_of_problem(int op, cdef_value left, cdef_value right) {
  cdef_value operand = left.problem ? left : right;
  if (operator_compares(op)) return operator_fail(operator_of_truth(false), operand);
  bool is_shift = op == CDEF_SHIFT_LEFT || op == CDEF_SHIFT_RIGHT;
  if (is_shift && left.size && left.kind == CDEF_INTEGER) return operator_fail(operator_promote(left), operand);
  return operator_fail(operator_common_type(left, right), operand);
}

/* Compares two addresses, or an address and an integer. Everything else about addresses depends on what is there. */
static cdef_value operator_compare_addresses(int op, cdef_value left, cdef_value right) {
  bool are_known =
      left.kind != CDEF_TEXT && right.kind != CDEF_TEXT && operator_is_number(left) + operator_is_number(right) < 2;
  if (!are_known || cdef_is_floating(left.kind) || cdef_is_floating(right.kind))
    return cdef_no_value("this calculates with an address");
  switch (op) {
  case CDEF_EQUAL: return operator_of_truth(left.bits == right.bits);
  case CDEF_NOT_EQUAL: return operator_of_truth(left.bits != right.bits);
  default: return cdef_no_value("this calculates with an address");
  }
}

cdef_value cdef_choose(cdef_value condition, cdef_value yes, cdef_value no) {
  if (condition.problem) return operator_fail(operator_common_type(yes, no), condition);
  bool is_yes = operator_is_true(condition);
  cdef_value value = is_yes ? yes : no, other = is_yes ? no : yes;
  if (value.problem) return operator_fail(operator_common_type(yes, no), value);
  if (other.problem && !other.size) return other; /* its type decides about the type of the result */
  if (operator_is_number(value) && operator_is_number(other)) cdef_convert_operands(&value, &other);
  if (value.kind == CDEF_TEXT) value.size = sizeof(char *);
  return value;
}

cdef_value cdef_apply_binary(int op, cdef_value left, cdef_value right) {
  if (op == CDEF_AND || op == CDEF_OR) return operator_connect(op, left, right);
  if (left.problem || right.problem) return operator_of_problem(op, left, right);
  if (!operator_is_number(left) || !operator_is_number(right)) return operator_compare_addresses(op, left, right);
  bool has_floating = cdef_is_floating(left.kind) || cdef_is_floating(right.kind);
  bool is_shift = op == CDEF_SHIFT_LEFT || op == CDEF_SHIFT_RIGHT;
  if (is_shift && !has_floating) return operator_shift(op, left, right);
  cdef_convert_operands(&left, &right);
  if (has_floating) return cdef_apply_floating(op, left, right);
  switch (op) {
  case '*': left.bits *= right.bits; break;
  case '+': left.bits += right.bits; break;
  case '-': left.bits -= right.bits; break;
  case '&': left.bits &= right.bits; break;
  case '^': left.bits ^= right.bits; break;
  case '|': left.bits |= right.bits; break;
  case '<': return operator_of_truth(operator_is_less(left, right));
  case '>': return operator_of_truth(operator_is_less(right, left));
  case CDEF_LESS_EQUAL: return operator_of_truth(!operator_is_less(right, left));
  case CDEF_GREATER_EQUAL: return operator_of_truth(!operator_is_less(left, right));
  case CDEF_EQUAL: return operator_of_truth(left.bits == right.bits);
  case CDEF_NOT_EQUAL: return operator_of_truth(left.bits != right.bits);
  default: return operator_divide(op, left, right);
  }
  return operator_finish(left);
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
  if (value.problem && op == '!') return operator_fail(operator_of_truth(false), value);
  if (value.problem)
    return value.size && value.kind == CDEF_INTEGER ? operator_fail(operator_promote(value), value) : value;
  if (op == '!') return operator_of_truth(!operator_is_true(value));
  if (!operator_is_number(value)) return cdef_no_value("this calculates with an address");
  if (cdef_is_floating(value.kind)) {
    if (op == '~') return cdef_no_value("this operator is for integers only");
    if (op == '-') value.number = -value.number;
    return value;
  }
  value = operator_promote(value);
  if (op == '-') value.bits = 0 - value.bits;
  if (op == '~') value.bits = ~value.bits;
  return operator_finish(value);
}
