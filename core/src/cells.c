#include "cells.h"
#include "platform/direct.h"
#include "platform/placement.h"

/* The greatest integer up to which a double tells all of them apart. */
#define MOST ((int64_t)1 << 53)

/* Answers, one for each kind of result. */

static inline bool give_number(double number, ark_value *out) {
  out->f64 = number;
  return true;
}

static inline bool give_bool(uint8_t value, ark_value *out) {
  return give_number(value != 0, out);
}

static inline bool give_exact(uint64_t value, ark_value *out) {
  out->u64 = value;
  return false;
}

static inline bool give_signed(int64_t value, ark_value *out) {
  return value > -MOST && value < MOST ? give_number((double)value, out) : give_exact((uint64_t)value, out);
}

static inline bool give_unsigned(uint64_t value, ark_value *out) {
  return value < (uint64_t)MOST ? give_number((double)(int64_t)value, out) : give_exact(value, out);
}

static bool is_exact(const ark_type *type) {
  return type->kind == ARK_KIND_STRING || type->id == ARK_TYPE_BIGINT64 || type->id == ARK_TYPE_BIGUINT64;
}

bool ark__cells_answer(const ark_type *type, ark_value value, ark_value *out) {
  value = ark_value_widen(type, value);
  if (is_exact(type)) return give_exact(value.u64, out);
  switch (type->kind) {
  case ARK_KIND_FLOAT: return give_number(type->id == ARK_TYPE_FLOAT ? (double)value.f32 : value.f64, out);
  case ARK_KIND_SIGNED: return give_signed(value.i64, out);
  default: return give_unsigned(value.u64, out);
  }
}

/* Loads: which registers get something. Each function below makes one, for one type of result. */

#define INTEGER(c, i) (uint64_t)(int64_t)(c)[ARK__INTEGER_WORDS + (i)].f64
#define FLOAT(c, i) (c)[ARK__FLOAT_WORDS + (i)].f64

#define LOAD_NONE(type, entry, c) ((type(*)(void))(entry))()
#if ARK__DIRECT_INTEGERS
#if ARK__DIRECT_INTEGERS == 6
#define INTEGERS(c) INTEGER(c, 0), INTEGER(c, 1), INTEGER(c, 2), INTEGER(c, 3), INTEGER(c, 4), INTEGER(c, 5)
#else
#define INTEGERS(c)                                                                                                    \
  INTEGER(c, 0), INTEGER(c, 1), INTEGER(c, 2), INTEGER(c, 3), INTEGER(c, 4), INTEGER(c, 5), INTEGER(c, 6), INTEGER(c, 7)
#endif
#define FLOATS(c) FLOAT(c, 0), FLOAT(c, 1), FLOAT(c, 2), FLOAT(c, 3), FLOAT(c, 4), FLOAT(c, 5), FLOAT(c, 6), FLOAT(c, 7)
#define LOAD_TWO_INTEGERS(type, entry, c) ((type(*)(uint64_t, uint64_t))(entry))(INTEGER(c, 0), INTEGER(c, 1))
#define LOAD_INTEGERS(type, entry, c) ((type(*)(ARK__INTEGER_TYPES))(entry))(INTEGERS(c))
#define LOAD_TWO_FLOATS(type, entry, c) ((type(*)(double, double))(entry))(FLOAT(c, 0), FLOAT(c, 1))
#define LOAD_ALL(type, entry, c) ((type(*)(ARK__INTEGER_TYPES, ARK__FLOAT_TYPES))(entry))(INTEGERS(c), FLOATS(c))
#else /* only functions without arguments are called here */
#define LOAD_TWO_INTEGERS LOAD_NONE
#define LOAD_INTEGERS LOAD_NONE
#define LOAD_TWO_FLOATS LOAD_NONE
#define LOAD_ALL LOAD_NONE
#endif

typedef enum load { NONE, TWO_INTEGERS, INTEGERS_ALONE, TWO_FLOATS, ALL, LOADS } load;

static load load_of(size_t integers, size_t floats) {
  if (!integers && !floats) return NONE;
  if (!floats) return integers <= 2 ? TWO_INTEGERS : INTEGERS_ALONE;
  return !integers && floats <= 2 ? TWO_FLOATS : ALL;
}

/* Of a narrow integer C sets only the low bits, so all are taken for wide ones and cut. */
#define DEFINE_CALLER(name, LOAD, in_register, type, give)                                                             \
  static bool name(const ark_plan *plan, ark_entry entry, const ark_value *cells, ark_value *out) {                    \
    (void)plan, (void)cells;                                                                                           \
    return give((type)LOAD(in_register, entry, cells), out);                                                           \
  }

#define DEFINE_CALLERS(name, in_register, type, give)                                                                  \
  DEFINE_CALLER(name##_of_none, LOAD_NONE, in_register, type, give)                                                    \
  DEFINE_CALLER(name##_of_two_integers, LOAD_TWO_INTEGERS, in_register, type, give)                                    \
  DEFINE_CALLER(name##_of_integers, LOAD_INTEGERS, in_register, type, give)                                            \
  DEFINE_CALLER(name##_of_two_floats, LOAD_TWO_FLOATS, in_register, type, give)                                        \
  DEFINE_CALLER(name##_of_all, LOAD_ALL, in_register, type, give)                                                      \
  static const ark_cells_caller name##_callers[LOADS] = {name##_of_none, name##_of_two_integers, name##_of_integers,   \
                                                         name##_of_two_floats, name##_of_all};

/* Of nothing there is a number too, which nobody looks at. */
#define give_nothing(call, out) ((call), give_number(0, out))

DEFINE_CALLERS(void, void, void, give_nothing)
DEFINE_CALLERS(bool, uint64_t, uint8_t, give_bool)
DEFINE_CALLERS(int8, uint64_t, int8_t, give_number)
DEFINE_CALLERS(uint8, uint64_t, uint8_t, give_number)
DEFINE_CALLERS(int16, uint64_t, int16_t, give_number)
DEFINE_CALLERS(uint16, uint64_t, uint16_t, give_number)
DEFINE_CALLERS(int32, uint64_t, int32_t, give_number)
DEFINE_CALLERS(uint32, uint64_t, uint32_t, give_number)
DEFINE_CALLERS(float, float, float, give_number)
DEFINE_CALLERS(double, double, double, give_number)
DEFINE_CALLERS(signed, uint64_t, int64_t, give_signed)
DEFINE_CALLERS(unsigned, uint64_t, uint64_t, give_unsigned)
DEFINE_CALLERS(exact, uint64_t, uint64_t, give_exact)

static const ark_cells_caller *signed_callers_of(size_t size) {
  return size == 1 ? int8_callers : size == 2 ? int16_callers : size == 4 ? int32_callers : signed_callers;
}

static const ark_cells_caller *unsigned_callers_of(size_t size) {
  return size == 1 ? uint8_callers : size == 2 ? uint16_callers : size == 4 ? uint32_callers : unsigned_callers;
}

static const ark_cells_caller *callers_of(const ark_type *result) {
  if (is_exact(result)) return exact_callers;
  switch (result->kind) {
  case ARK_KIND_VOID: return void_callers;
  case ARK_KIND_BOOL: return bool_callers;
  case ARK_KIND_FLOAT: return result->id == ARK_TYPE_FLOAT ? float_callers : double_callers;
  case ARK_KIND_SIGNED: return signed_callers_of(result->size);
  default: return unsigned_callers_of(result->size);
  }
}

ark_cells_caller ark__cells_caller(const ark_type *result, size_t integers, size_t floats) {
  return callers_of(result)[load_of(integers, floats)];
}
