#include "arkffi/closure.h"
#include "arkffi/thunk.h"
#include "needs.h"
#include "support.h"
#include <ffi.h>
#include <stdio.h>
#include <string.h>

static struct {
  uint8_t before, mark, after;
  uint64_t results[2];
} block;

/* The arguments that the target of a thunk was called with, the mark at that time, what it makes of the mark, and its
 * result. */
static ark_value seen[ARK_MAX_THUNK_ARGS], given;
static uint8_t seen_mark, left_mark = 1;
static const ark_signature *target_signature;

static void note(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  memcpy(seen, args, target_signature->count * sizeof seen[0]);
  seen_mark = block.mark;
  block.mark = left_mark;
  *result = given;
}

static ffi_type *type_of(ark_passing passing) {
  switch (passing) {
  case ARK_PASS_INT32: return &ffi_type_sint32;
  case ARK_PASS_FLOAT: return &ffi_type_float;
  default: return &ffi_type_double;
  }
}

/* A value in the form in which a thunk receives it. */
static ark_value passed(const ark_type *type, ark_value value) {
  return ark_thunk_passing(type) == ARK_PASS_WIDE ? of_f64((double)value.i64) : value;
}

/* Calls a thunk as a C function. One that serves all functions has a receiver before its arguments, and its target
 * after them. */
static void call_thunk(ark_c_function thunk, ark_thunk_kind kind, const ark_signature *signature,
                       const ark_value *values, ark_c_function target) {
  ffi_type *types[2 + ARK_MAX_THUNK_ARGS] = {&ffi_type_pointer};
  ark_value args[2 + ARK_MAX_THUNK_ARGS] = {of_pointer(seen)};
  void *pointers[2 + ARK_MAX_THUNK_ARGS] = {&args[0]};
  for (size_t i = 0; i < signature->count; i++) {
    types[1 + i] = type_of(ark_thunk_passing(signature->parameters[i].type));
    args[1 + i] = passed(signature->parameters[i].type, values[i]);
    pointers[1 + i] = &args[1 + i];
  }
  size_t last = 1 + signature->count;
  ffi_cif cif;
  bool is_for_all = kind != ARK_THUNK_MARKING;
  types[last] = &ffi_type_double;
  args[last] = of_f64((double)(uintptr_t)target);
  pointers[last] = &args[last];
  unsigned count = (unsigned)signature->count + (is_for_all ? 2 : 0);
  assert_int_equal(ffi_prep_cif(&cif, FFI_DEFAULT_ABI, count, &ffi_type_void, types + !is_for_all), FFI_OK);
  memset(&block, 7, sizeof block);
  block.mark = 0;
  ffi_call(&cif, thunk, NULL, pointers + !is_for_all);
  assert_int_equal(block.before, 7);
  assert_int_equal(block.after, 7);
}

/* A random value of a type that a double holds exactly. */
static ark_value exact_value(const ark_type *type) {
  if (type->kind == ARK_KIND_VOID) return of_u64(0);
  if (ark_thunk_passing(type) != ARK_PASS_WIDE) return random_value(type);
  return of_i64((int64_t)(random_bits() >> 11) * (type->kind == ARK_KIND_SIGNED && random_below(2) ? -1 : 1));
}

static void freed(void *context) {
  (void)context;
}

/* The calling convention of the targets: "" or "<ms>". */
static const char *abi = "";

/* Calls a target with that signature through one of its thunks of that kind. */
static void check_kind(ark_thunk_kind kind, const char *types, const char *result) {
  char args[ARK_MAX_THUNK_ARGS + 8];
  snprintf(args, sizeof args, "%s%s", abi, types);
  ark_error error;
  ark_thunks *thunks;
  ark_closure *closure;
  ark_value values[ARK_MAX_THUNK_ARGS];
  ark_signature *signature = signature_of(args, result);
  assert_true(ark_thunks_support(signature));
  assert_ok(ark_thunks_create(signature, kind, block.results, &block.mark, &thunks, &error));
  assert_ok(ark_closure_create(signature, note, NULL, freed, &closure, &error));
  target_signature = signature;
  size_t index = random_below(ark_thunks_count(thunks));
  if (kind == ARK_THUNK_MARKING) {
    ark_thunks_set_target(thunks, index, ark_closure_code(closure));
  } else {
    assert_int_equal(ark_thunks_count(thunks), 1);
  }
  for (size_t i = 0; i < signature->count; i++) values[i] = exact_value(signature->parameters[i].type);
  given = exact_value(signature->result);
  call_thunk(ark_thunks_code(thunks, index), kind, signature, values, ark_closure_code(closure));
  for (size_t i = 0; i < signature->count; i++) {
    if (seen[i].bits != values[i].bits) fail_msg("(%s)%s: argument %zu", args, result, i + 1);
  }
  ark_passing passing = ark_thunk_passing(signature->result);
  if (passing != ARK_PASS_NOTHING) assert_value(ark_value_widen(signature->result, of_u64(block.results[0])), given);
  if (passing == ARK_PASS_WIDE) assert_value(of_u64(block.results[1]), of_f64((double)given.i64));
  ark_closure_retire(closure);
  ark_thunks_free(thunks);
  ark_signature_free(signature);
}

static void check_signature(const char *types, const char *result) {
  check_kind(ARK_THUNK_STORING, types, result);
  assert_int_equal(seen_mark, 1);
  assert_int_equal(block.mark, 1);
  check_kind(ARK_THUNK_MARKING, types, result);
  assert_int_equal(seen_mark, 1);
  assert_int_equal(block.mark, 0);
}

static void should_pass_each_type_both_ways(void **state) {
  needs_code();
  (void)state;
  for (const char *code = "bcChHiIlLqQfdps"; *code; code++) {
    check_signature((char[]){*code, 0}, (char[]){*code, 0});
  }
  check_signature("sdS", "v");
  check_signature("", "v");
}

static void should_place_any_arguments(void **state) {
  needs_code();
  (void)state;
  for (int round = 0; round < 3000; round++) {
    char args[ARK_MAX_THUNK_ARGS + 1] = {0};
    size_t count = random_below(ARK_MAX_THUNK_ARGS + 1);
    for (size_t i = 0; i < count; i++) args[i] = "iildf"[random_below(5)];
    check_signature(args, (char[]){"vildf"[random_below(5)], 0});
  }
}

/* All kinds of up to seven arguments, so that each register of one convention comes to each of the other. */
static void should_place_every_few_arguments_by_microsofts_convention(void **state) {
  needs_ms();
  (void)state;
  abi = "<ms>";
  for (size_t count = 0, kinds = 1; count <= 7; count++, kinds *= 3) {
    for (size_t i = 0; i < kinds; i++) {
      char args[8] = {0};
      for (size_t k = 0, rest = i; k < count; k++, rest /= 3) args[k] = "ild"[rest % 3];
      check_signature(args, "l");
    }
  }
  abi = "";
}

static void should_place_any_arguments_by_microsofts_convention(void **state) {
  needs_ms();
  abi = "<ms>";
  should_pass_each_type_both_ways(state);
  should_place_any_arguments(state);
  abi = "";
}

static void should_return_a_wide_result_exactly(void **state) {
  needs_code();
  (void)state;
  ark_error error;
  ark_thunks *thunks;
  ark_signature *signature = signature_of("", "L");
  assert_ok(ark_thunks_create(signature, ARK_THUNK_STORING, block.results, &block.mark, &thunks, &error));
  call_thunk(ark_thunks_code(thunks, 0), ARK_THUNK_STORING, signature, NULL, fixture("max_u64"));
  assert_int_equal(block.results[0], UINT64_MAX);
  ark_thunks_free(thunks);
  ark_signature_free(signature);
}

static void should_return_a_wide_result_as_a_double_for_a_caller_that_takes_it(void **state) {
  needs_code();
  (void)state;
  ark_error error;
  ark_thunks *thunks;
  ark_signature *signature = signature_of("", "L");
  assert_ok(ark_thunks_create(signature, ARK_THUNK_RETURNING, block.results, NULL, &thunks, &error));
  uintptr_t code = (uintptr_t)ark_thunks_code(thunks, 0);
  memset(block.results, 0, sizeof block.results);
  double returned = ((double (*)(void *, double))code)(NULL, (double)(uintptr_t)fixture("max_u64"));
  assert_true(returned == -1); /* as a signed integer */
  assert_int_equal(block.results[0], UINT64_MAX);
  ark_thunks_free(thunks);
  ark_signature_free(signature);
}

static void should_set_the_mark_whatever_the_target_makes_of_it(void **state) {
  needs_code();
  (void)state;
  for (left_mark = 0; left_mark < 3; left_mark++) {
    check_kind(ARK_THUNK_STORING, "i", "i");
    assert_int_equal(block.mark, left_mark | 1);
    check_kind(ARK_THUNK_MARKING, "i", "i");
    assert_int_equal(block.mark, 0);
  }
  left_mark = 1;
}

static void should_set_the_target_of_each_thunk_any_number_of_times(void **state) {
  needs_code();
  (void)state;
  ark_error error;
  ark_thunks *thunks;
  ark_signature *signature = signature_of("", "i");
  assert_ok(ark_thunks_create(signature, ARK_THUNK_MARKING, block.results, &block.mark, &thunks, &error));
  size_t last = ark_thunks_count(thunks) - 1;
  assert_true(last > 0);
  for (int round = 0; round < 2; round++) {
    ark_thunks_set_target(thunks, round ? last : 0, fixture("min_i32"));
    ark_thunks_set_target(thunks, round ? 0 : last, fixture("max_i32"));
    call_thunk(ark_thunks_code(thunks, 0), ARK_THUNK_MARKING, signature, NULL, NULL);
    assert_int_equal((int32_t)block.results[0], round ? INT32_MAX : INT32_MIN);
    call_thunk(ark_thunks_code(thunks, last), ARK_THUNK_MARKING, signature, NULL, NULL);
    assert_int_equal((int32_t)block.results[0], round ? INT32_MIN : INT32_MAX);
  }
  ark_thunks_free(thunks);
  ark_signature_free(signature);
}

static void should_not_take_what_has_no_place_or_too_many_arguments(void **state) {
  (void)state;
  static const char *const refused[][2] = {{"", "{ii}"}, {"{ii}", "v"}, {"iiiiiiiiiiiiiiiii", "v"}};
  for (size_t i = 0; i < COUNT_OF(refused); i++) {
    ark_signature *signature = signature_of(refused[i][0], refused[i][1]);
    assert_false(ark_thunks_support(signature));
    ark_signature_free(signature);
  }
}

static void should_free_everything_when_memory_runs_out(void **state) {
  needs_code();
  (void)state;
  ark_error error;
  ark_thunks *thunks;
  ark_signature *signature = signature_of("i", "i");
  allocations_start();
  allocations_fail(1);
  assert_fails(ARK_NO_MEMORY,
               ark_thunks_create(signature, ARK_THUNK_STORING, block.results, &block.mark, &thunks, &error));
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
  ark_signature_free(signature);
}

static void should_ignore_null(void **state) {
  (void)state;
  ark_thunks_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_pass_each_type_both_ways),
      cmocka_unit_test(should_place_any_arguments),
      cmocka_unit_test(should_place_any_arguments_by_microsofts_convention),
      cmocka_unit_test(should_place_every_few_arguments_by_microsofts_convention),
      cmocka_unit_test(should_return_a_wide_result_exactly),
      cmocka_unit_test(should_return_a_wide_result_as_a_double_for_a_caller_that_takes_it),
      cmocka_unit_test(should_set_the_mark_whatever_the_target_makes_of_it),
      cmocka_unit_test(should_set_the_target_of_each_thunk_any_number_of_times),
      cmocka_unit_test(should_not_take_what_has_no_place_or_too_many_arguments),
      cmocka_unit_test(should_free_everything_when_memory_runs_out),
      cmocka_unit_test(should_ignore_null),
  };
  return cmocka_run_group_tests_name("thunk", tests, NULL, NULL);
}
