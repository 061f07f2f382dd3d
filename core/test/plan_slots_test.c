/* Random signatures, called by plans with values and with slots, and compared with libffi. */
#include "cpu/direct_call.h"
#include "needs.h"
#include "oracle.h"
#include <pthread.h>
#include <stdio.h>

/* A C function with a random signature, made by libffi and not by arkffi, which records its arguments. */
typedef struct recorder {
  const ark_signature *signature;
  ffi_closure *closure;
  ark_c_function code;
  ffi_cif cif;
  ffi_type *types[ARK_MAX_ARGS];
  ark_value seen[ARK_MAX_ARGS];
  ark_value result;
  size_t calls;
} recorder;

static void record(ffi_cif *cif, void *result, void **args, void *data) {
  recorder *to = data;
  to->calls++;
  for (size_t i = 0; i < cif->nargs; i++) {
    to->seen[i] = of_u64(0);
    memcpy(&to->seen[i], args[i], to->signature->parameters[i].type->size);
  }
  const ark_type *type = to->signature->result;
  if (type->size == 0) return;
  memcpy(result, &to->result, type->kind == ARK_KIND_FLOAT ? type->size : sizeof(ffi_arg));
}

static void recorder_start(recorder *to, const ark_signature *signature) {
  memset(to, 0, sizeof *to);
  to->signature = signature;
  void *code;
  to->closure = ffi_closure_alloc(sizeof *to->closure, &code);
  assert_non_null(to->closure);
  to->code = (ark_c_function)(uintptr_t)code;
  for (size_t i = 0; i < signature->count; i++) to->types[i] = oracle_type(signature->parameters[i].type);
  unsigned count = (unsigned)signature->count;
  ffi_type *result = oracle_type(signature->result);
  assert_int_equal(ffi_prep_cif(&to->cif, oracle_abi(signature), count, result, to->types), FFI_OK);
  assert_int_equal(ffi_prep_closure_loc(to->closure, &to->cif, record, to, code), FFI_OK);
}

/* Whether the function was called once, with these arguments. */
static void assert_recorded(const recorder *to, const ark_value *args, const char *text) {
  if (to->calls != 1) fail_msg("(%s): called %zu times", text, to->calls);
  for (size_t i = 0; i < to->signature->count; i++) {
    if (memcmp(&to->seen[i], &args[i], to->signature->parameters[i].type->size) != 0) {
      fail_msg("(%s): argument %zu is %016llx instead of %016llx", text, i + 1, (unsigned long long)to->seen[i].bits,
               (unsigned long long)args[i].bits);
    }
  }
}

/* A random type, void only if that is allowed. */
static const ark_type *random_type(bool or_void) {
  size_t first = or_void ? ARK_TYPE_VOID : ARK_TYPE_VOID + 1;
  return ark_type_of_id((ark_type_id)(first + random_below(ARK_TYPE_COUNT - first)));
}

/* A float has passed through a slot as a double, and not every processor keeps the bits of a NaN: RISC-V has one NaN
 * for all. "volatile" keeps the compiler from leaving the conversions out. */
static ark_value random_kept_value(const ark_type *type) {
  ark_value value = random_value(type);
  volatile double slot = type->id == ARK_TYPE_FLOAT ? (double)value.f32 : 0;
  return type->id == ARK_TYPE_FLOAT ? of_f32((float)slot) : value;
}

/* A random value that a slot holds exactly: an integer has 53 bits. */
static ark_value random_slot_value(const ark_type *type) {
  ark_value value = random_kept_value(type);
  if (type->size < 8 || type->kind == ARK_KIND_FLOAT) return value;
  return type->kind == ARK_KIND_SIGNED ? of_i64(value.i64 >> 11) : of_u64(value.u64 >> 11);
}

static void write_slot(const bound *it, ark_value *slots, size_t i, ark_value value) {
  bool is_float = it->signature->parameters[i].type->kind == ARK_KIND_FLOAT;
  slots[ark_plan_slot(it->plan, i)] = is_float ? value : of_f64((double)value.i64);
}

/* Calls with slots; returns the result in the form of ark_plan_call. */
static ark_value call_with_slots(const bound *it, ark_c_function code, const ark_value *slots) {
  const ark_type *type = it->signature->result;
  ark_value out;
  if (!ark_plan_slot_caller(it->plan)(it->plan, code, slots, &out)) {
    bool is_small =
        type->kind == ARK_KIND_SIGNED ? out.i64 > -(1LL << 53) && out.i64 < 1LL << 53 : out.u64 < 1ULL << 53;
    bool is_exact = type->kind == ARK_KIND_STRING || strchr("qQ", type->code);
    assert_true(type->size == 8 && type->kind != ARK_KIND_FLOAT && (is_exact || !is_small));
    return out;
  }
  assert_true(type->kind != ARK_KIND_STRING && !strchr("qQ", type->code));
  if (type->id == ARK_TYPE_FLOAT) return of_f32((float)out.f64);
  return type->id == ARK_TYPE_DOUBLE ? out : type->id == ARK_TYPE_VOID ? of_u64(0) : of_i64((int64_t)out.f64);
}

static void assert_result(const recorder *function, ark_value result, const char *text) {
  if (result.bits == function->result.bits) return;
  fail_msg("(%s): %016llx came back as %016llx", text, (unsigned long long)function->result.bits,
           (unsigned long long)result.bits);
}

/* The calling convention of the signatures that are called: "" or "<ms>". */
static const char *abi = "";

/* Calls with values and, if the plan has slots, with slots too. */
static void call_both_ways(const char *types, char result_code) {
  static ark_value slots[ARK_PLAN_SLOTS]; /* with what earlier calls have left in them */
  ark_value args[ARK_MAX_ARGS], result;
  char text[ARK_MAX_ARGS + 8];
  snprintf(text, sizeof text, "%s%s", abi, types);
  bound it = bind(text, (char[]){result_code, 0});
  static recorder function;
  recorder_start(&function, it.signature);
  if (it.signature->result->size) {
    function.result = (random_below(2) ? random_kept_value : random_slot_value)(it.signature->result);
  }
  for (size_t i = 0; i < it.signature->count; i++) args[i] = random_slot_value(it.signature->parameters[i].type);
  ark_plan_call(it.plan, function.code, args, &result);
  assert_recorded(&function, args, text);
  assert_result(&function, result, text);

  assert_int_equal(ark_plan_has_slots(it.plan), it.signature->count <= ARK_PLAN_SLOT_ARGS);
  if (ark_plan_has_slots(it.plan)) {
    function.calls = 0;
    for (size_t i = 0; i < it.signature->count; i++) write_slot(&it, slots, i, args[i]);
    result = call_with_slots(&it, function.code, slots);
    assert_recorded(&function, args, text);
    assert_result(&function, result, text);
  }
  ffi_closure_free(function.closure);
  unbind(it);
}

static void should_call_any_signature_with_slots(void **state) {
  (void)state;
  for (int round = 0; round < 3000; round++) {
    char text[ARK_PLAN_SLOT_ARGS + 2] = {0};
    size_t count = random_below(sizeof text);
    for (size_t i = 0; i < count; i++) text[i] = random_type(false)->code;
    call_both_ways(text, random_type(true)->code);
  }
}

/* Up to 12 arguments of each kind more than registers, in three orders. */
static void should_pass_0_to_12_arguments_on_the_stack_mixed_with_floats(void **state) {
  (void)state;
  static const char integers[] = "cpIsLkhSbCHiqlLihq", floats[] = "fdfddfdfdfdfddfdfdff";
  enum { MOST_INTEGERS = sizeof integers - 1, MOST_FLOATS = sizeof floats - 1 };
  for (size_t i = 0; i <= MOST_INTEGERS; i++) {
    for (size_t j = 0; j <= MOST_FLOATS; j++) {
      char text[MOST_INTEGERS + MOST_FLOATS + 1] = {0};
      snprintf(text, sizeof text, "%.*s%.*s", (int)i, integers, (int)j, floats);
      call_both_ways(text, 'd');
      snprintf(text, sizeof text, "%.*s%.*s", (int)j, floats, (int)i, integers);
      call_both_ways(text, 'h');
      char *out = text;
      for (size_t k = 0; k < i || k < j; k++) {
        if (k < i) *out++ = integers[k];
        if (k < j) *out++ = floats[k];
      }
      call_both_ways(text, 'f');
    }
  }
}

static void should_do_both_by_microsofts_convention(void **state) {
  needs_ms();
  abi = "<ms>";
  should_call_any_signature_with_slots(state);
  should_pass_0_to_12_arguments_on_the_stack_mixed_with_floats(state);
  abi = "";
}

typedef struct pair {
  double x, y;
} pair;

static pair scale(pair it, float by, int32_t plus) {
  return (pair){it.x * (double)by + plus, it.y * (double)by + plus};
}

static double weigh(pair it, int8_t times) {
  return (it.x + it.y) * times;
}

static void should_pass_and_return_structs_by_their_addresses_in_slots(void **state) {
  needs_structs();
  (void)state;
  const pair given = {1.5, -2};
  pair got = {0, 0};
  ark_value out, slots[ARK_PLAN_SLOTS] = {of_f64((double)(uintptr_t)&given), of_f32(2), of_f64(3),
                                          of_f64((double)(uintptr_t)&got)};
  bound it = bind("{dd}fi", "{dd}");
  assert_true(ark_plan_has_slots(it.plan));
  assert_true(ark_plan_slot_caller(it.plan)(it.plan, (ark_c_function)(uintptr_t)scale, slots, &out));
  assert_true(got.x == 6 && got.y == -1);
  unbind(it);

  it = bind("{dd}c", "d");
  slots[1] = of_f64(-4);
  assert_value(call_with_slots(&it, (ark_c_function)(uintptr_t)weigh, slots), of_f64(2));
  unbind(it);
}

static bool has_slots(const char *args, const char *result) {
  bound it = bind(args, result);
  bool has = ark_plan_has_slots(it.plan);
  unbind(it);
  return has;
}

static void should_have_slots_for_16_arguments_and_none_after_the_ellipsis(void **state) {
  (void)state;
  assert_true(has_slots("iiiiiiiiiiiiiiii", "i"));
  assert_false(has_slots("iiiiiiiiiiiiiiiii", "i"));
  assert_false(has_slots("s.i", "i"));
}

static void should_have_slots_for_16_arguments_and_a_struct_that_is_returned(void **state) {
  needs_structs();
  (void)state;
  assert_true(has_slots("{dd}iiiiiiiiiiiiiii", "i"));
  assert_true(has_slots("iiiiiiiiiiiiiii", "{dd}"));
  assert_false(has_slots("iiiiiiiiiiiiiiii", "{dd}"));
}

/* Makes one call of a random signature through arkffi and the same through libffi. Returns whether arkffi's was
 * direct. */
static bool compare_with_libffi(size_t count) {
  char text[ARK_MAX_ARGS + 8] = {0}, *types = text + strlen(strcpy(text, abi));
  ark_value args[ARK_MAX_ARGS];
  for (size_t i = 0; i < count; i++) {
    const ark_type *type = random_type(false);
    types[i] = type->code;
    args[i] = random_value(type);
  }
  const ark_type *result_type = random_type(true);
  bound it = bind(text, (char[]){result_type->code, 0});
  static recorder function;
  recorder_start(&function, it.signature);
  if (result_type->size) function.result = random_value(result_type);

  ark_value result = {.bits = 0x5A5A5A5A5A5A5A5A};
  ark_plan_call(it.plan, function.code, args, &result);
  assert_recorded(&function, args, text);
  if (result.bits != function.result.bits) {
    fail_msg("(%s)%c: %016llx came back as %016llx", text, result_type->code, (unsigned long long)function.result.bits,
             (unsigned long long)result.bits);
  }

  ark_value through_libffi = {0};
  function.calls = 0;
  oracle_call(it.signature, function.code, args, &through_libffi);
  assert_recorded(&function, args, text);
  assert_memory_equal(&through_libffi, &result, result_type->size);

  bool direct = ark_plan_is_direct(it.plan);
  ffi_closure_free(function.closure);
  unbind(it);
  return direct;
}

static void should_do_as_libffi_does_for_any_signature(void **state) {
  (void)state;
  size_t direct = 0, indirect = 0;
  for (int round = 0; round < 5000; round++) {
    if (compare_with_libffi(random_below(round % 50 ? 16 : ARK_MAX_ARGS + 1))) {
      direct++;
    } else {
      indirect++;
    }
  }
  assert_true(indirect > 500);
#if ARK__DIRECT_INTEGERS
  assert_true(direct > 500);
#endif
}

static void should_do_as_libffi_does_by_microsofts_convention(void **state) {
  needs_ms();
  (void)state;
  abi = "<ms>";
  for (int round = 0; round < 3000; round++) {
    assert_false(compare_with_libffi(random_below(round % 50 ? 16 : ARK_MAX_ARGS + 1)));
  }
  abi = "";
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_do_as_libffi_does_by_microsofts_convention),
      cmocka_unit_test(should_do_both_by_microsofts_convention),
      cmocka_unit_test(should_do_as_libffi_does_for_any_signature),
      cmocka_unit_test(should_call_any_signature_with_slots),
      cmocka_unit_test(should_pass_0_to_12_arguments_on_the_stack_mixed_with_floats),
      cmocka_unit_test(should_pass_and_return_structs_by_their_addresses_in_slots),
      cmocka_unit_test(should_have_slots_for_16_arguments_and_none_after_the_ellipsis),
      cmocka_unit_test(should_have_slots_for_16_arguments_and_a_struct_that_is_returned),
  };
  return cmocka_run_group_tests_name("plan slots", tests, NULL, NULL);
}
