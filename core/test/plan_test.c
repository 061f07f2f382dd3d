#include "support.h"
#include "needs.h"
#include "cpu/direct_call.h"
#include <ffi.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>

/* ---- Each type */

/* The suffix of the fixture's functions for each type that has any. */
static const struct {
  char code;
  const char *name;
} named[] = {
    {'b', "bool"},    {'c', "i8"},     {'C', "u8"},      {'h', "i16"},      {'H', "u16"},
    {'i', "i32"},     {'I', "u32"},    {'l', "i64"},     {'L', "u64"},      {'q', "bigi64"},
    {'Q', "bigu64"},  {'f', "f32"},    {'d', "f64"},     {'s', "string"},   {'S', "string16"},
    {'w', "wstring"}, {'t', "latin1"}, {'p', "pointer"}, {'k', "callback"},
};

static void assert_echo(ark_c_function code, char letter, ark_value value) {
  const char text[] = {letter, '\0'};
  ark_value result = call(code, text, text, &value);
  if (result.bits != value.bits) {
    fail_msg("'%c': %016llx came back as %016llx", letter, (unsigned long long)value.bits,
             (unsigned long long)result.bits);
  }
}

static void should_pass_and_return_each_type(void **state) {
  (void)state;
  assert_int_equal(COUNT_OF(named), ARK_TYPE_COUNT - 1);
  for (size_t i = 0; i < COUNT_OF(named); i++) {
    const ark_type *type = ark_type_of_code(named[i].code);
    ark_c_function code = fixture("echo_%s", named[i].name);
    assert_echo(code, named[i].code, of_u64(0));
    for (int round = 0; round < 200; round++) assert_echo(code, named[i].code, random_value(type));
    if (type->kind != ARK_KIND_SIGNED && type->kind != ARK_KIND_UNSIGNED) continue;
    assert_echo(code, named[i].code, of_i64(ark_type_min(type)));
    assert_echo(code, named[i].code, of_u64(ark_type_max(type)));
    assert_value(call(fixture("min_%s", named[i].name), "", (char[]){type->code, 0}, NULL), of_i64(ark_type_min(type)));
    assert_value(call(fixture("max_%s", named[i].name), "", (char[]){type->code, 0}, NULL), of_u64(ark_type_max(type)));
  }
}

static void should_pass_and_return_special_floats(void **state) {
  (void)state;
  static const double special[] = {0.0, -0.0, 0.1, -1.5, 1e300, 5e-324, INFINITY, -INFINITY, NAN};
  for (size_t i = 0; i < COUNT_OF(special); i++) {
    assert_echo(fixture("echo_f64"), 'd', of_f64(special[i]));
    assert_echo(fixture("echo_f32"), 'f', of_f32((float)special[i]));
  }
}

static void should_keep_a_signaling_nan(void **state) {
  (void)state;
  needs_floats();
  assert_echo(fixture("echo_f32"), 'f', of_u64(0x7fa00001));
}

static void should_set_a_void_result_to_zero(void **state) {
  (void)state;
  assert_value(call(fixture("echo_void"), "", "v", NULL), of_u64(0));
  assert_value(call(fixture("dirty_void"), "", "v", NULL), of_u64(0));
}

/* ---- Garbage above narrow values */

static const struct {
  char code;
  const char *name;
} narrow[] = {{'b', "bool"}, {'c', "i8"}, {'C', "u8"}, {'h', "i16"}, {'H', "u16"}, {'i', "i32"}, {'I', "u32"}};

static void should_cut_garbage_off_narrow_results(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(narrow); i++) {
    const ark_type *type = ark_type_of_code(narrow[i].code);
    const char near_args[] = {narrow[i].code, '\0'},
               far_args[] = {narrow[i].code, 'L', 'L', 'L', 'L', 'L', 'L', 'L', 'L', 0};
    for (int round = 0; round < 100; round++) {
      ark_value args[9] = {random_value(type)};
      assert_value(call(fixture("dirty_%s", narrow[i].name), near_args, near_args, args), args[0]);
      assert_value(call(fixture("dirty_far_%s", narrow[i].name), far_args, near_args, args), args[0]);
    }
  }
  ark_value third = of_f32(1.0f / 3);
  assert_value(call(fixture("dirty_f32"), "f", "f", &third), third);
}

static void should_extend_narrow_arguments_to_32_bits(void **state) {
  (void)state;
  needs_extension();
  for (size_t i = 0; i < COUNT_OF(narrow); i++) {
    const ark_type *type = ark_type_of_code(narrow[i].code);
    ark_value least = of_i64(ark_type_min(type)), greatest = of_u64(ark_type_max(type));
    const char args[] = {narrow[i].code, '\0'};
    assert_value(call(fixture("argument_as_u32"), args, "I", &least), of_u64((uint32_t)least.bits));
    assert_value(call(fixture("argument_as_u32"), args, "I", &greatest), of_u64((uint32_t)greatest.bits));
  }
}

/* ---- Each number of arguments */

static const struct {
  const char *name, *cycle, *result;
} weighed[] = {
    {"i32", "i", "l"}, {"i64", "l", "l"}, {"narrow", "cChHb", "l"},
    {"f32", "f", "d"}, {"f64", "d", "d"}, {"mixed", "cdHflChdIi", "d"},
};

/* Calls weigh_…_count with different neighbouring numbers, and compares the result with the same sum computed here. */
static void assert_weighs(size_t family, size_t count) {
  char args[ARK_MAX_ARGS + 1] = {0};
  ark_value values[ARK_MAX_ARGS];
  double expected = 0;
  for (size_t i = 0; i < count; i++) {
    args[i] = weighed[family].cycle[i % strlen(weighed[family].cycle)];
    const ark_type *type = ark_type_of_code(args[i]);
    bool is_negative = type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_FLOAT ? i % 3 == 1 : false;
    double number = (double)(1 + random_below(100)) * (is_negative ? -1 : 1);
    if (type->kind == ARK_KIND_BOOL) number = (double)(i / 5 % 2);
    values[i] = of_number(type, number);
    expected += (double)(i + 1) * number;
  }
  ark_c_function code = fixture("weigh_%s_%zu", weighed[family].name, count);
  ark_value result = call(code, args, weighed[family].result, values);
  double sum = *weighed[family].result == 'd' ? result.f64 : (double)result.i64;
  if (sum != expected) fail_msg("weigh_%s_%zu: %g instead of %g", weighed[family].name, count, sum, expected);
}

static void should_pass_0_to_20_and_127_arguments_of_each_class(void **state) {
  (void)state;
  for (size_t family = 0; family < COUNT_OF(weighed); family++) {
    for (int round = 0; round < 20; round++) {
      for (size_t count = 0; count <= 20; count++) assert_weighs(family, count);
      assert_weighs(family, 127);
    }
  }
}

static void should_pass_floats_and_integers_in_turn(void **state) {
  (void)state;
  static const char args[] = "idifidifidifidifidif";
  ark_value values[20];
  double expected = 0;
  for (size_t i = 0; i < 20; i++) {
    values[i] = of_number(ark_type_of_code(args[i]), (double)(i + 1) * 7);
    expected += (double)(i + 1) * (double)(i + 1) * 7;
  }
  assert_value(call(fixture("weigh_alternating"), args, "d", values), of_f64(expected));
}

static void should_pass_narrow_integers_on_the_stack(void **state) {
  (void)state;
  static const char types[] = "cChHbiI";
  for (int which = 0; which < 7; which++) {
    const ark_type *type = ark_type_of_code(types[which]);
    const ark_value limits[] = {of_i64(ark_type_min(type)), of_u64(ark_type_max(type))};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
      ark_value args[15];
      for (size_t k = 0; k < 15; k++) args[k] = of_u64(k < 8 ? 0 : 1);
      args[0] = of_i64(which);
      args[8 + which] = limits[i];
      assert_value(call(fixture("pick_narrow_on_stack"), "illlllllcChHbiI", "l", args), limits[i]);
    }
  }
}

static void should_pass_floats_and_doubles_beyond_the_registers(void **state) {
  (void)state;
  ark_value floats[13], doubles[13];
  for (int k = 0; k < 12; k++) {
    floats[k + 1] = of_f32(0.1f * (float)(k + 1));
    doubles[k + 1] = of_f64(-0.1 * (k + 1));
  }
  for (int which = 0; which < 12; which++) {
    floats[0] = doubles[0] = of_i64(which);
    assert_value(call(fixture("pick_f32"), "iffffffffffff", "f", floats), floats[which + 1]);
    assert_value(call(fixture("pick_f64"), "idddddddddddd", "d", doubles), doubles[which + 1]);
  }
}

/* ---- Which way of calling is chosen */

/* Asserts that a call is direct where it can be. Microsoft's convention gives each position a register of either kind,
 * which no single function pointer can do. */
static void assert_direct(const char *args, const char *result, bool fits) {
  bound it = bind(args, result);
  bool expected = fits && !ark__is_ms(it.signature);
  if (ark_plan_is_direct(it.plan) != expected) fail_msg("(%s)%s is %sdirect", args, result, expected ? "not " : "");
  unbind(it);
}

static void should_be_direct_as_long_as_the_registers_last(void **state) {
  (void)state;
  static const char integers[] = "cpIsLkhSbCHiql", floats[] = "fdfdfdfdfdfdfd";
  for (size_t i = 0; i < 10; i++) {
    for (size_t j = 0; j < 10; j++) {
      char args[32];
      snprintf(args, sizeof args, "%.*s%.*s", (int)i, integers, (int)j, floats);
      bool fits = i <= ARK__DIRECT_INTEGERS && j <= ARK__DIRECT_FLOATS;
      assert_direct(args, "v", fits);
      snprintf(args, sizeof args, "%.*s%.*s", (int)j, floats, (int)i, integers);
      assert_direct(args, "d", fits);
    }
  }
}

static void should_be_direct_with_any_result(void **state) {
  (void)state;
  for (int id = 0; id < ARK_TYPE_COUNT; id++) {
    assert_direct("", (char[]){ark_type_of_id((ark_type_id)id)->code, 0}, true);
  }
}

/* ---- Threads */

enum { THREADS = 4, CALLS = 20000 };

typedef struct caller {
  pthread_t thread;
  const bound *function;
  ark_c_function code;
  int number;
  size_t wrong;
} caller;

static void *call_often(void *argument) {
  caller *self = argument;
  for (int i = 0; i < CALLS; i++) {
    ark_value args[20], result;
    int64_t expected = 0;
    for (size_t k = 0; k < self->function->signature->count; k++) {
      args[k] = of_i64(self->number * 1000 + i + (int)k);
      expected += (int64_t)(k + 1) * args[k].i64;
    }
    ark_plan_call(self->function->plan, self->code, args, &result);
    self->wrong += result.i64 != expected;
  }
  return NULL;
}

static void assert_threads_share_a_plan(const char *args, const char *name) {
  bound it = bind(args, "l");
  caller callers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    callers[i] = (caller){.function = &it, .code = fixture("%s", name), .number = i};
    assert_int_equal(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(callers[i].thread, NULL);
    assert_int_equal(callers[i].wrong, 0);
  }
  unbind(it);
}

static void should_serve_several_threads_at_once(void **state) {
  (void)state;
  assert_threads_share_a_plan("iiiiii", "weigh_i32_6");
  assert_threads_share_a_plan("llllllllllllllllllll", "weigh_i64_20");
}

static void assert_prints(const char *args, const ark_value *extra, size_t count, const char *format,
                          const char *expected) {
  char out[256] = {0};
  ark_c_function code = (ark_c_function)(uintptr_t)snprintf;
  ark_value values[ARK_MAX_ARGS] = {of_pointer(out), of_u64(sizeof out), of_pointer(format)};
  for (size_t i = 0; i < count; i++) values[3 + i] = extra[i];
  ark_value length = call(code, args, "i", values);
  assert_string_equal(out, expected);
  assert_int_equal(length.i64, strlen(expected));
}

static void should_promote_what_is_passed_after_the_ellipsis(void **state) {
  (void)state;
  ark_value narrow[] = {of_i64(-128), of_u64(255), of_i64(-32768), of_u64(65535), of_u64(1)};
  assert_prints("pLs.cChHb", narrow, 5, "%d %d %d %d %d", "-128 255 -32768 65535 1");
  ark_value floats[] = {of_f32(0.1f), of_f64(0.1), of_f32(-2.5f)};
  assert_prints("pLs.fdf", floats, 3, "%.10f %.10f %g", "0.1000000015 0.1000000000 -2.5");
  ark_value wide[] = {of_i64(INT64_MIN), of_u64(UINT64_MAX), of_u64(UINT32_MAX), of_pointer("text")};
  assert_prints("pLs.lLIs", wide, 4, "%lld %llu %u %s", "-9223372036854775808 18446744073709551615 4294967295 text");
  assert_prints("pLs.", NULL, 0, "none", "none");
}

static void should_pass_more_after_the_ellipsis_than_registers_hold(void **state) {
  (void)state;
  ark_value mixed[20];
  for (int i = 0; i < 20; i++) mixed[i] = i % 2 ? of_f32((float)i) : of_i64(i);
  assert_prints("pLs.cfhfifcfhfifcfhfifcf", mixed, 20, "%d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g",
                "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
}

static void should_pass_structs_after_the_ellipsis(void **state) {
  needs_structs();
  (void)state;
  const struct {
    int32_t count;
    double weight;
  } mixed = {3, 0.5};
  const int64_t large[5] = {1, 2, 3, 4, 5};
  ark_value values[] = {
      of_pointer("midlmmmdl"), of_pointer(&mixed), of_i64(2),          of_f64(0.25), of_pointer(large),
      of_pointer(&mixed),      of_pointer(&mixed), of_pointer(&mixed), of_f32(2),    of_pointer(large)};
  double expected = 3.5 * (1 + 5 + 6 + 7) + 2 * 2 + 3 * 0.25 + 15 * (4 + 9) + 8 * 2;
  ark_c_function code = fixture("variadic_weigh_structs");
  assert_value(call(code, "s.{id}id{[5l]}{id}{id}{id}f{[5l]}", "d", values), of_f64(expected));
}

static void should_refuse_structs_where_the_convention_is_not_known(void **state) {
  needs_refusal();
  (void)state;
  static const char *const cases[][2] = {{"{dd}", "i"}, {"i", "{dd}"}, {"s.{id}", "i"}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    ark_error error;
    ark_plan *plan;
    ark_signature *signature = signature_of(cases[i][0], cases[i][1]);
    assert_fails(ARK_BAD_SIGNATURE, ark_plan_create(signature, &plan, &error));
    assert_contains(error.message, "structs and scalars of 16 bytes by value");
    ark_signature_free(signature);
  }
}

static void should_ignore_a_null_plan(void **state) {
  (void)state;
  ark_plan_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_pass_and_return_each_type),
      cmocka_unit_test(should_pass_and_return_special_floats),
      cmocka_unit_test(should_keep_a_signaling_nan),
      cmocka_unit_test(should_set_a_void_result_to_zero),
      cmocka_unit_test(should_cut_garbage_off_narrow_results),
      cmocka_unit_test(should_extend_narrow_arguments_to_32_bits),
      cmocka_unit_test(should_pass_0_to_20_and_127_arguments_of_each_class),
      cmocka_unit_test(should_pass_floats_and_integers_in_turn),
      cmocka_unit_test(should_pass_narrow_integers_on_the_stack),
      cmocka_unit_test(should_pass_floats_and_doubles_beyond_the_registers),
      cmocka_unit_test(should_be_direct_as_long_as_the_registers_last),
      cmocka_unit_test(should_be_direct_with_any_result),
      cmocka_unit_test(should_serve_several_threads_at_once),
      cmocka_unit_test(should_promote_what_is_passed_after_the_ellipsis),
      cmocka_unit_test(should_pass_more_after_the_ellipsis_than_registers_hold),
      cmocka_unit_test(should_pass_structs_after_the_ellipsis),
      cmocka_unit_test(should_refuse_structs_where_the_convention_is_not_known),
      cmocka_unit_test(should_ignore_a_null_plan),
  };
  return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
