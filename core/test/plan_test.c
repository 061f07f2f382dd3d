#include "support.h"
#include "calls/ffi_call.h"
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
    {'b', "bool"}, {'c', "i8"},     {'C', "u8"},       {'h', "i16"},     {'H', "u16"},     {'i', "i32"},
    {'I', "u32"},  {'l', "i64"},    {'L', "u64"},      {'q', "bigi64"},  {'Q', "bigu64"},  {'f', "f32"},
    {'d', "f64"},  {'s', "string"}, {'S', "string16"}, {'w', "wstring"}, {'p', "pointer"}, {'k', "callback"},
};

static void assert_echo(ark_c_function entry, char code, ark_value value) {
  const char text[] = {code, '\0'};
  ark_value result = call(entry, text, text, &value);
  if (result.bits != value.bits) {
    fail_msg("'%c': %016llx came back as %016llx", code, (unsigned long long)value.bits,
             (unsigned long long)result.bits);
  }
}

static void should_pass_and_return_each_type(void **state) {
  (void)state;
  assert_int_equal(COUNT_OF(named), ARK_TYPE_COUNT - 1);
  for (size_t i = 0; i < COUNT_OF(named); i++) {
    const ark_type *type = ark_type_of_code(named[i].code);
    ark_c_function entry = fixture("echo_%s", named[i].name);
    assert_echo(entry, named[i].code, of_u64(0));
    for (int round = 0; round < 200; round++) assert_echo(entry, named[i].code, random_value(type));
    if (type->kind != ARK_KIND_SIGNED && type->kind != ARK_KIND_UNSIGNED) continue;
    assert_echo(entry, named[i].code, of_i64(ark_type_min(type)));
    assert_echo(entry, named[i].code, of_u64(ark_type_max(type)));
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

/* Calls weigh_…_count with numbers that differ between neighbours, and compares with the same sum made here. */
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
  ark_c_function entry = fixture("weigh_%s_%zu", weighed[family].name, count);
  ark_value result = call(entry, args, weighed[family].result, values);
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

/* ---- Which route */

static bool is_direct(const char *args, const char *result) {
  bound it = bind(args, result);
  bool direct = ark_plan_is_direct(it.plan);
  unbind(it);
  return direct;
}

static void should_be_direct_as_long_as_the_registers_last(void **state) {
  (void)state;
  static const char integers[] = "cpIsLkhSbCHiql", floats[] = "fdfdfdfdfdfdfd";
  for (size_t i = 0; i < 10; i++) {
    for (size_t j = 0; j < 10; j++) {
      char args[32];
      snprintf(args, sizeof args, "%.*s%.*s", (int)i, integers, (int)j, floats);
      bool fits = i <= ARK__DIRECT_INTEGERS && j <= ARK__DIRECT_FLOATS;
      if (is_direct(args, "v") != fits) fail_msg("(%s)v is %sdirect", args, fits ? "not " : "");
      snprintf(args, sizeof args, "%.*s%.*s", (int)j, floats, (int)i, integers);
      assert_int_equal(is_direct(args, "d"), fits);
    }
  }
}

static void should_be_direct_with_any_result(void **state) {
  (void)state;
  for (int id = 0; id < ARK_TYPE_COUNT; id++) {
    assert_true(is_direct("", (char[]){ark_type_of_id((ark_type_id)id)->code, 0}));
  }
}

/* ---- Against libffi */

/* A C function of a signature made up at run time, made by libffi itself, not by arkffi. It notes what it is given. */
typedef struct recorder {
  const ark_signature *signature;
  ffi_closure *closure;
  ark_c_function entry;
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
  to->entry = (ark_c_function)(uintptr_t)code;
  for (size_t i = 0; i < signature->count; i++) to->types[i] = signature->parameters[i].type->ffi;
  unsigned count = (unsigned)signature->count;
  assert_int_equal(ffi_prep_cif(&to->cif, FFI_DEFAULT_ABI, count, signature->result->ffi, to->types), FFI_OK);
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

/* Any type, with void only where it is allowed. */
static const ark_type *random_type(bool or_void) {
  size_t first = or_void ? ARK_TYPE_VOID : ARK_TYPE_VOID + 1;
  return ark_type_of_id((ark_type_id)(first + random_below(ARK_TYPE_COUNT - first)));
}

/* A value that a cell holds exactly: of an integer, 53 bits. */
static ark_value random_cell_value(const ark_type *type) {
  ark_value value = random_value(type);
  if (type->size < 8 || type->kind == ARK_KIND_FLOAT) return value;
  return type->kind == ARK_KIND_SIGNED ? of_i64(value.i64 >> 11) : of_u64(value.u64 >> 11);
}

static void write_cell(const bound *it, ark_value *cells, size_t i, ark_value value) {
  bool is_float = it->signature->parameters[i].type->kind == ARK_KIND_FLOAT;
  cells[ark_plan_slot(it->plan, i)] = is_float ? value : of_f64((double)value.i64);
}

/* A call with what is in the cells; its result in the form in which ark_plan_call gives it. */
static ark_value call_with_cells(const bound *it, ark_c_function entry, const ark_value *cells) {
  const ark_type *type = it->signature->result;
  ark_value out;
  if (!ark_plan_slot_caller(it->plan)(it->plan, entry, cells, &out)) {
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

/* A call with values, and where there are cells one with these. */
static void call_both_ways(const char *text, char result_code) {
  static ark_value cells[ARK_PLAN_SLOTS]; /* with what the calls before have left there */
  ark_value args[ARK_MAX_ARGS], result;
  bound it = bind(text, (char[]){result_code, 0});
  static recorder function;
  recorder_start(&function, it.signature);
  if (it.signature->result->size) {
    function.result = (random_below(2) ? random_value : random_cell_value)(it.signature->result);
  }
  for (size_t i = 0; i < it.signature->count; i++) args[i] = random_cell_value(it.signature->parameters[i].type);
  ark_plan_call(it.plan, function.entry, args, &result);
  assert_recorded(&function, args, text);
  assert_result(&function, result, text);

  assert_int_equal(ark_plan_has_slots(it.plan), it.signature->count <= ARK_PLAN_SLOT_ARGS);
  if (ark_plan_has_slots(it.plan)) {
    function.calls = 0;
    for (size_t i = 0; i < it.signature->count; i++) write_cell(&it, cells, i, args[i]);
    result = call_with_cells(&it, function.entry, cells);
    assert_recorded(&function, args, text);
    assert_result(&function, result, text);
  }
  ffi_closure_free(function.closure);
  unbind(it);
}

static void should_call_any_signature_with_cells(void **state) {
  (void)state;
  for (int round = 0; round < 3000; round++) {
    char text[ARK_PLAN_SLOT_ARGS + 2] = {0};
    size_t count = random_below(sizeof text);
    for (size_t i = 0; i < count; i++) text[i] = random_type(false)->code;
    call_both_ways(text, random_type(true)->code);
  }
}

/* Up to 12 of each kind beyond the registers, in three orders. */
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

typedef struct pair {
  double x, y;
} pair;

static pair scale(pair it, float by, int32_t plus) {
  return (pair){it.x * (double)by + plus, it.y * (double)by + plus};
}

static double weigh(pair it, int8_t times) {
  return (it.x + it.y) * times;
}

static void should_pass_and_return_structs_by_their_addresses_in_cells(void **state) {
  needs_structs();
  (void)state;
  const pair given = {1.5, -2};
  pair got = {0, 0};
  ark_value out, cells[ARK_PLAN_SLOTS] = {of_f64((double)(uintptr_t)&given), of_f32(2), of_f64(3),
                                          of_f64((double)(uintptr_t)&got)};
  bound it = bind("{dd}fi", "{dd}");
  assert_true(ark_plan_has_slots(it.plan));
  assert_true(ark_plan_slot_caller(it.plan)(it.plan, (ark_c_function)(uintptr_t)scale, cells, &out));
  assert_true(got.x == 6 && got.y == -1);
  unbind(it);

  it = bind("{dd}c", "d");
  cells[1] = of_f64(-4);
  assert_value(call_with_cells(&it, (ark_c_function)(uintptr_t)weigh, cells), of_f64(2));
  unbind(it);
}

static bool has_cells(const char *args, const char *result) {
  bound it = bind(args, result);
  bool has = ark_plan_has_slots(it.plan);
  unbind(it);
  return has;
}

static void should_have_cells_for_16_arguments_and_none_behind_the_ellipsis(void **state) {
  (void)state;
  assert_true(has_cells("iiiiiiiiiiiiiiii", "i"));
  assert_false(has_cells("iiiiiiiiiiiiiiiii", "i"));
  assert_false(has_cells("s.i", "i"));
}

static void should_have_cells_for_16_arguments_and_a_struct_that_is_returned(void **state) {
  needs_structs();
  (void)state;
  assert_true(has_cells("{dd}iiiiiiiiiiiiiii", "i"));
  assert_true(has_cells("iiiiiiiiiiiiiii", "{dd}"));
  assert_false(has_cells("iiiiiiiiiiiiiiii", "{dd}"));
}

/* One call of a made-up signature through arkffi, and the same through libffi. Returns whether arkffi's was direct. */
static bool compare_with_libffi(size_t count) {
  char text[ARK_MAX_ARGS + 1] = {0};
  ark_value args[ARK_MAX_ARGS];
  for (size_t i = 0; i < count; i++) {
    const ark_type *type = random_type(false);
    text[i] = type->code;
    args[i] = random_value(type);
  }
  const ark_type *result_type = random_type(true);
  bound it = bind(text, (char[]){result_type->code, 0});
  static recorder function;
  recorder_start(&function, it.signature);
  if (result_type->size) function.result = random_value(result_type);

  ark_value result = {.bits = 0x5A5A5A5A5A5A5A5A};
  ark_plan_call(it.plan, function.entry, args, &result);
  assert_recorded(&function, args, text);
  if (result.bits != function.result.bits) {
    fail_msg("(%s)%c: %016llx came back as %016llx", text, result_type->code, (unsigned long long)function.result.bits,
             (unsigned long long)result.bits);
  }

  ark_error error;
  ark__ffi_call *by_libffi;
  function.calls = 0;
  assert_ok(ark__ffi_call_create(it.signature, &by_libffi, &error));
  ark_value through_libffi = ark__ffi_call_run(by_libffi, function.entry, args);
  ark_free(by_libffi);
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

/* ---- Threads */

enum { THREADS = 4, CALLS = 20000 };

typedef struct caller {
  pthread_t thread;
  const bound *function;
  ark_c_function entry;
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
    ark_plan_call(self->function->plan, self->entry, args, &result);
    self->wrong += result.i64 != expected;
  }
  return NULL;
}

static void assert_threads_share_a_plan(const char *args, const char *name) {
  bound it = bind(args, "l");
  caller callers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    callers[i] = (caller){.function = &it, .entry = fixture("%s", name), .number = i};
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

/* By the plan, and by libffi as on machines whose convention is not known. */
static void assert_prints(const char *args, const ark_value *extra, size_t count, const char *format,
                          const char *expected) {
  char out[256] = {0};
  ark_c_function entry = (ark_c_function)(uintptr_t)snprintf;
  ark_value values[ARK_MAX_ARGS] = {of_pointer(out), of_u64(sizeof out), of_pointer(format)};
  for (size_t i = 0; i < count; i++) values[3 + i] = extra[i];
  ark_value length = call(entry, args, "i", values);
  assert_string_equal(out, expected);
  assert_int_equal(length.i64, strlen(expected));

  ark_error error;
  ark__ffi_call *by_libffi;
  ark_signature *signature = signature_of(args, "i");
  memset(out, 0, sizeof out);
  assert_ok(ark__ffi_call_create(signature, &by_libffi, &error));
  assert_int_equal((int)ark__ffi_call_run(by_libffi, entry, values).i64, length.i64);
  assert_string_equal(out, expected);
  ark_free(by_libffi);
  ark_signature_free(signature);
}

static void should_promote_what_is_passed_behind_the_ellipsis(void **state) {
  (void)state;
  ark_value narrow[] = {of_i64(-128), of_u64(255), of_i64(-32768), of_u64(65535), of_u64(1)};
  assert_prints("pLs.cChHb", narrow, 5, "%d %d %d %d %d", "-128 255 -32768 65535 1");
  ark_value floats[] = {of_f32(0.1f), of_f64(0.1), of_f32(-2.5f)};
  assert_prints("pLs.fdf", floats, 3, "%.10f %.10f %g", "0.1000000015 0.1000000000 -2.5");
  ark_value wide[] = {of_i64(INT64_MIN), of_u64(UINT64_MAX), of_u64(UINT32_MAX), of_pointer("text")};
  assert_prints("pLs.lLIs", wide, 4, "%lld %llu %u %s", "-9223372036854775808 18446744073709551615 4294967295 text");
  assert_prints("pLs.", NULL, 0, "none", "none");
}

static void should_pass_more_behind_the_ellipsis_than_registers_hold(void **state) {
  (void)state;
  ark_value mixed[20];
  for (int i = 0; i < 20; i++) mixed[i] = i % 2 ? of_f32((float)i) : of_i64(i);
  assert_prints("pLs.cfhfifcfhfifcfhfifcf", mixed, 20, "%d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g",
                "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
}

static void should_pass_structs_behind_the_ellipsis(void **state) {
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
  ark_c_function entry = fixture("variadic_weigh_structs");
  assert_value(call(entry, "s.{id}id{[5l]}{id}{id}{id}f{[5l]}", "d", values), of_f64(expected));
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
    assert_contains(error.message, "structs by value");
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
      cmocka_unit_test(should_set_a_void_result_to_zero),
      cmocka_unit_test(should_cut_garbage_off_narrow_results),
      cmocka_unit_test(should_extend_narrow_arguments_to_32_bits),
      cmocka_unit_test(should_pass_0_to_20_and_127_arguments_of_each_class),
      cmocka_unit_test(should_pass_floats_and_integers_in_turn),
      cmocka_unit_test(should_pass_narrow_integers_on_the_stack),
      cmocka_unit_test(should_pass_floats_and_doubles_beyond_the_registers),
      cmocka_unit_test(should_be_direct_as_long_as_the_registers_last),
      cmocka_unit_test(should_be_direct_with_any_result),
      cmocka_unit_test(should_do_as_libffi_does_for_any_signature),
      cmocka_unit_test(should_call_any_signature_with_cells),
      cmocka_unit_test(should_pass_0_to_12_arguments_on_the_stack_mixed_with_floats),
      cmocka_unit_test(should_pass_and_return_structs_by_their_addresses_in_cells),
      cmocka_unit_test(should_have_cells_for_16_arguments_and_none_behind_the_ellipsis),
      cmocka_unit_test(should_have_cells_for_16_arguments_and_a_struct_that_is_returned),
      cmocka_unit_test(should_serve_several_threads_at_once),
      cmocka_unit_test(should_promote_what_is_passed_behind_the_ellipsis),
      cmocka_unit_test(should_pass_more_behind_the_ellipsis_than_registers_hold),
      cmocka_unit_test(should_pass_structs_behind_the_ellipsis),
      cmocka_unit_test(should_refuse_structs_where_the_convention_is_not_known),
      cmocka_unit_test(should_ignore_a_null_plan),
  };
  return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
