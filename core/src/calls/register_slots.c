#include "calls/register_slots.h"
#include "cpu/direct_call.h"
#include "cpu/placement.h"

/* A double holds every integer below this exactly. */
#define MOST ((int64_t)1 << 53)

/* Sets *out to a result, one function for each kind of it. Returns whether *out is the result as a double. */

static inline bool slot_give_number(double number, ark_value *out) {
  out->f64 = number;
  return true;
}

static inline bool slot_give_bool(uint8_t value, ark_value *out) {
  return slot_give_number(value != 0, out);
}

static inline bool slot_give_exact(uint64_t value, ark_value *out) {
  out->u64 = value;
  return false;
}

static inline bool slot_give_signed(int64_t value, ark_value *out) {
  return value > -MOST && value < MOST ? slot_give_number((double)value, out) : slot_give_exact((uint64_t)value, out);
}

static inline bool slot_give_unsigned(uint64_t value, ark_value *out) {
  return value < (uint64_t)MOST ? slot_give_number((double)(int64_t)value, out) : slot_give_exact(value, out);
}

static bool slot_is_exact(const ark_type *type) {
  return type->kind == ARK_KIND_STRING || type->id == ARK_TYPE_BIGINT64 || type->id == ARK_TYPE_BIGUINT64;
}

bool ark_slot_result(const ark_type *type, ark_value value, ark_value *out) {
  value = ark_value_widen(type, value);
  if (slot_is_exact(type)) return slot_give_exact(value.u64, out);
  switch (type->kind) {
  case ARK_KIND_FLOAT: return slot_give_number(type->id == ARK_TYPE_FLOAT ? (double)value.f32 : value.f64, out);
  case ARK_KIND_SIGNED: return slot_give_signed(value.i64, out);
  default: return slot_give_unsigned(value.u64, out);
  }
}

/* Loads: which registers are loaded from slots. Each function below makes one kind of load, for one type of result. */

#define INTEGER(c, i) (uint64_t)(int64_t)(c)[ARK__INTEGER_WORDS + (i)].f64
#define FLOAT(c, i) (c)[ARK__FLOAT_WORDS + (i)].f64

#define LOAD_NONE(type, function, c) ((type(*)(void))(function))()
#if ARK__DIRECT_INTEGERS
#if ARK__DIRECT_INTEGERS == 6
#define INTEGERS(c) INTEGER(c, 0), INTEGER(c, 1), INTEGER(c, 2), INTEGER(c, 3), INTEGER(c, 4), INTEGER(c, 5)
#else
#define INTEGERS(c)                                                                                                    \
  INTEGER(c, 0), INTEGER(c, 1), INTEGER(c, 2), INTEGER(c, 3), INTEGER(c, 4), INTEGER(c, 5), INTEGER(c, 6), INTEGER(c, 7)
#endif
#define FLOATS(c) FLOAT(c, 0), FLOAT(c, 1), FLOAT(c, 2), FLOAT(c, 3), FLOAT(c, 4), FLOAT(c, 5), FLOAT(c, 6), FLOAT(c, 7)
#define LOAD_TWO_INTEGERS(type, function, c) ((type(*)(uint64_t, uint64_t))(function))(INTEGER(c, 0), INTEGER(c, 1))
#define LOAD_INTEGERS(type, function, c) ((type(*)(ARK__INTEGER_TYPES))(function))(INTEGERS(c))
#define LOAD_TWO_FLOATS(type, function, c) ((type(*)(double, double))(function))(FLOAT(c, 0), FLOAT(c, 1))
#define LOAD_ALL(type, function, c) ((type(*)(ARK__INTEGER_TYPES, ARK__FLOAT_TYPES))(function))(INTEGERS(c), FLOATS(c))
#else /* functions with arguments are not called this way */
#define LOAD_TWO_INTEGERS LOAD_NONE
#define LOAD_INTEGERS LOAD_NONE
#define LOAD_TWO_FLOATS LOAD_NONE
#define LOAD_ALL LOAD_NONE
#endif

typedef enum load { NONE, TWO_INTEGERS, INTEGERS_ALONE, TWO_FLOATS, ALL, LOADS } load;

static load register_load_of(size_t integers, size_t floats) {
  if (!integers && !floats) return NONE;
  if (!floats) return integers <= 2 ? TWO_INTEGERS : INTEGERS_ALONE;
  return !integers && floats <= 2 ? TWO_FLOATS : ALL;
}

/* C sets only the low bits of a narrow integer result, so all integers are fetched as 64 bits and cut. */
#define DEFINE_CALLER(name, LOAD, in_register, type, give)                                                             \
  static bool name(const ark_plan *plan, ark_c_function function, const ark_value *slots, ark_value *out) {            \
    (void)plan, (void)slots;                                                                                           \
    return give((type)LOAD(in_register, function, slots), out);                                                        \
  }

#define DEFINE_CALLERS(name, in_register, type, give)                                                                  \
  DEFINE_CALLER(register_##name##_of_none, LOAD_NONE, in_register, type, give)                                         \
  DEFINE_CALLER(register_##name##_of_two_integers, LOAD_TWO_INTEGERS, in_register, type, give)                         \
  DEFINE_CALLER(register_##name##_of_integers, LOAD_INTEGERS, in_register, type, give)                                 \
  DEFINE_CALLER(register_##name##_of_two_floats, LOAD_TWO_FLOATS, in_register, type, give)                             \
  DEFINE_CALLER(register_##name##_of_all, LOAD_ALL, in_register, type, give)                                           \
  static const ark_slot_caller register_##name##_callers[LOADS] = {                                                    \
      register_##name##_of_none, register_##name##_of_two_integers, register_##name##_of_integers,                     \
      register_##name##_of_two_floats, register_##name##_of_all};

/* A void call stores 0 as its number; callers ignore it. */
#define slot_give_nothing(call, out) ((call), slot_give_number(0, out))

DEFINE_CALLERS(void, void, void, slot_give_nothing)
DEFINE_CALLERS(bool, uint64_t, uint8_t, slot_give_bool)
DEFINE_CALLERS(int8, uint64_t, int8_t, slot_give_number)
DEFINE_CALLERS(uint8, uint64_t, uint8_t, slot_give_number)
DEFINE_CALLERS(int16, uint64_t, int16_t, slot_give_number)
DEFINE_CALLERS(uint16, uint64_t, uint16_t, slot_give_number)
DEFINE_CALLERS(int32, uint64_t, int32_t, slot_give_number)
DEFINE_CALLERS(uint32, uint64_t, uint32_t, slot_give_number)
DEFINE_CALLERS(float, float, float, slot_give_number)
DEFINE_CALLERS(double, double, double, slot_give_number)
DEFINE_CALLERS(signed, uint64_t, int64_t, slot_give_signed)
DEFINE_CALLERS(unsigned, uint64_t, uint64_t, slot_give_unsigned)
DEFINE_CALLERS(exact, uint64_t, uint64_t, slot_give_exact)

static const ark_slot_caller *register_signed_callers_of(size_t size) {
  return size == 1   ? register_int8_callers
         : size == 2 ? register_int16_callers
         : size == 4 ? register_int32_callers
                     : register_signed_callers;
}

static const ark_slot_caller *register_unsigned_callers_of(size_t size) {
  return size == 1   ? register_uint8_callers
         : size == 2 ? register_uint16_callers
         : size == 4 ? register_uint32_callers
                     : register_unsigned_callers;
}

static const ark_slot_caller *register_callers_of(const ark_type *result) {
  if (slot_is_exact(result)) return register_exact_callers;
  switch (result->kind) {
  case ARK_KIND_VOID: return register_void_callers;
  case ARK_KIND_BOOL: return register_bool_callers;
  case ARK_KIND_FLOAT: return result->id == ARK_TYPE_FLOAT ? register_float_callers : register_double_callers;
  case ARK_KIND_SIGNED: return register_signed_callers_of(result->size);
  default: return register_unsigned_callers_of(result->size);
  }
}

ark_slot_caller ark__register_slot_caller(const ark_type *result, size_t integers, size_t floats) {
  return register_callers_of(result)[register_load_of(integers, floats)];
}
