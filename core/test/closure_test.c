#include "support.h"
#include "arkffi/closure.h"
#include "needs.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

/* ---- A callback that records its arguments */

typedef struct listener {
  ark_signature *signature;
  ark_closure *closure;
  ark_value seen[ARK_MAX_ARGS];
  ark_value result;
  atomic_size_t calls;
} listener;

static atomic_size_t listeners_freed;

static void listen(void *context, const ark_value *args, ark_value *result) {
  listener *to = context;
  /* A handler need not set the result. */
  if (result->bits != 0) return;
  to->calls++;
  memcpy(to->seen, args, to->signature->count * sizeof *args);
  *result = to->result;
}

static void free_listener(void *context) {
  ark_signature_free(((listener *)context)->signature);
  free(context);
  listeners_freed++;
}

/* For contexts that are never freed. */
static void free_nothing(void *context) {
  (void)context;
}

/* A closure with a context of its own, which is freed with it. */
static listener *handled_by(ark_closure_handler handler, const char *args, const char *result) {
  ark_error error;
  listener *to = calloc(1, sizeof *to);
  to->signature = signature_of(args, result);
  assert_ok(ark_closure_create(to->signature, handler, to, free_listener, &to->closure, &error));
  assert_non_null(to->closure);
  assert_non_null(ark_closure_code(to->closure));
  return to;
}

static listener *listener_of(const char *args, const char *result) {
  return handled_by(listen, args, result);
}

static ark_value entry_of(const listener *to) {
  return of_u64((uintptr_t)ark_closure_code(to->closure));
}

/* ---- Each type, as argument and as result */

static const struct {
  char code;
  const char *name;
} named[] = {
    {'b', "bool"},    {'c', "i8"},     {'C', "u8"},      {'h', "i16"},      {'H', "u16"},
    {'i', "i32"},     {'I', "u32"},    {'l', "i64"},     {'L', "u64"},      {'q', "bigi64"},
    {'Q', "bigu64"},  {'f', "f32"},    {'d', "f64"},     {'s', "string"},   {'S', "string16"},
    {'w', "wstring"}, {'t', "latin1"}, {'p', "pointer"}, {'k', "callback"},
};

static void should_take_and_return_each_type_from_compiled_code(void **state) {
  (void)state;
  assert_int_equal(COUNT_OF(named), ARK_TYPE_COUNT - 1);
  for (size_t i = 0; i < COUNT_OF(named); i++) {
    const ark_type *type = ark_type_of_code(named[i].code);
    const char one[] = {named[i].code, '\0'}, two[] = {'k', named[i].code, '\0'};
    listener *to = listener_of(one, one);
    for (int round = 0; round < 100; round++) {
      ark_value args[] = {entry_of(to), random_value(type)};
      if (round == 0) args[1] = of_i64(type->kind == ARK_KIND_SIGNED ? -1 : 0);
      to->result = random_value(type);
      ark_value result = call(fixture("call_%s", named[i].name), two, one, args);
      assert_int_equal(to->calls, round + 1);
      assert_value(to->seen[0], args[1]);
      assert_value(result, to->result);
    }
    ark_closure_retire(to->closure);
  }
}

static void should_keep_a_signaling_nan(void **state) {
  (void)state;
  needs_floats();
  listener *to = listener_of("f", "f");
  ark_value args[] = {entry_of(to), of_u64(0x7fa00001)};
  to->result = of_u64(0xffb00002);
  assert_value(call(fixture("call_f32"), "kf", "f", args), to->result);
  assert_value(to->seen[0], args[1]);
  ark_closure_retire(to->closure);
}

static void should_take_nothing_and_return_nothing(void **state) {
  (void)state;
  listener *to = listener_of("", "v");
  ark_value code = entry_of(to);
  /* What a handler sets for void is ignored. */
  to->result = of_u64(1);
  assert_value(call(fixture("call_void"), "k", "v", &code), of_u64(0));
  assert_value(call(ark_closure_code(to->closure), "", "v", NULL), of_u64(0));
  assert_int_equal(to->calls, 2);
  ark_closure_retire(to->closure);
}

static void should_return_zero_where_the_handler_sets_nothing(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(named); i++) {
    const char one[] = {named[i].code, '\0'};
    listener *to = listener_of("", one);
    assert_value(call(ark_closure_code(to->closure), "", one, NULL), of_u64(0));
    assert_int_equal(to->calls, 1);
    ark_closure_retire(to->closure);
  }
}

static void should_cut_garbage_off_narrow_arguments_and_fill_the_register_of_a_result(void **state) {
  (void)state;
  static const struct {
    char code;
    const char *name;
  } narrow[] = {{'b', "bool"}, {'c', "i8"}, {'C', "u8"}, {'h', "i16"}, {'H', "u16"}, {'i', "i32"}, {'I', "u32"}};
  for (size_t i = 0; i < COUNT_OF(narrow); i++) {
    const ark_type *type = ark_type_of_code(narrow[i].code);
    const char one[] = {narrow[i].code, '\0'};
    listener *to = listener_of(one, one);
    for (int round = 0; round < 100; round++) {
      ark_value args[] = {entry_of(to), random_value(type)};
      to->result = random_value(type);
      ark_value whole = call(fixture("call_dirty_%s", narrow[i].name), "kL", "L", args);
      assert_value(to->seen[0], args[1]);
      /* Compiled callers rely on at most 32 bits of a narrow result. */
      assert_int_equal((uint32_t)whole.bits, (uint32_t)to->result.bits);
    }
    ark_closure_retire(to->closure);
  }
}

/* ---- Many arguments */

static void should_take_arguments_of_every_type_at_once(void **state) {
  (void)state;
  listener *to = listener_of("cChHiIlLbfdspffffddddcb", "d");
  int context;
  to->result = of_f64(1.0 / 3);
  ark_value args[] = {entry_of(to), of_pointer(&context)};
  assert_value(call(fixture("call_mixed"), "kp", "d", args), to->result);
  assert_string_equal(to->seen[11].text, "mixed");
  const ark_value expected[] = {
      of_i64(INT8_MIN),     of_u64(UINT8_MAX),  of_i64(INT16_MIN),
      of_u64(UINT16_MAX),   of_i64(INT32_MIN),  of_u64(UINT32_MAX),
      of_i64(INT64_MIN),    of_u64(UINT64_MAX), of_u64(1),
      of_f32(0.5f),         of_f64(0.25),       to->seen[11],
      of_pointer(&context), of_f32(1.5f),       of_f32(2.5f),
      of_f32(3.5f),         of_f32(4.5f),       of_f64(5.5),
      of_f64(6.5),          of_f64(7.5),        of_f64(8.5),
      of_i64(-1),           of_u64(0),
  };
  for (size_t i = 0; i < COUNT_OF(expected); i++) {
    if (to->seen[i].bits != expected[i].bits) fail_msg("argument %zu is wrong", i + 1);
  }
  ark_closure_retire(to->closure);
}

static void assert_takes(size_t count, char code, const char *name, const char *result) {
  char args[ARK_MAX_ARGS + 1] = {0};
  memset(args, code, count);
  listener *to = listener_of(args, result);
  to->result = of_number(ark_type_of_code(*result), -7);
  ark_value closure = entry_of(to);
  assert_value(call(fixture("call_%s_%zu", name, count), "k", result, &closure), to->result);
  assert_int_equal(to->calls, 1);
  for (size_t i = 0; i < count; i++) {
    assert_value(to->seen[i], of_number(ark_type_of_code(code), (double)(i + 1)));
  }
  ark_closure_retire(to->closure);
}

static void should_take_1_to_20_and_127_arguments_from_compiled_code(void **state) {
  (void)state;
  for (size_t count = 1; count <= 20; count++) {
    assert_takes(count, 'i', "i32", "l");
    assert_takes(count, 'd', "f64", "d");
  }
  assert_takes(127, 'i', "i32", "l");
  assert_takes(127, 'd', "f64", "d");
}

static void should_take_any_signature_that_a_plan_calls(void **state) {
  (void)state;
  for (int round = 0; round < 2000; round++) {
    size_t count = round % 50 ? random_below(16) : random_below(ARK_MAX_ARGS + 1);
    char args[ARK_MAX_ARGS + 1] = {0};
    ark_value values[ARK_MAX_ARGS];
    for (size_t i = 0; i < count; i++) {
      args[i] = named[random_below(COUNT_OF(named))].code;
      values[i] = random_value(ark_type_of_code(args[i]));
    }
    const char result[] = {named[random_below(COUNT_OF(named))].code, '\0'};
    listener *to = listener_of(args, result);
    to->result = random_value(to->signature->result);
    ark_value out = call(ark_closure_code(to->closure), args, result, values);
    assert_int_equal(to->calls, 1);
    for (size_t i = 0; i < count; i++) {
      if (to->seen[i].bits != values[i].bits) fail_msg("(%s)%s: argument %zu is wrong", args, result, i + 1);
    }
    if (out.bits != to->result.bits) fail_msg("(%s)%s: the result is wrong", args, result);
    ark_closure_retire(to->closure);
  }
}

/* ---- Several at once */

static void should_keep_closures_of_one_signature_apart(void **state) {
  (void)state;
  enum { MANY = 1000 };
  listener *all[MANY];
  for (size_t i = 0; i < MANY; i++) {
    all[i] = listener_of("i", "i");
    all[i]->result = of_i64((int64_t)i);
  }
  for (size_t i = 0; i < MANY; i++) {
    ark_value argument = of_i64(-(int64_t)i);
    assert_value(call(ark_closure_code(all[i]->closure), "i", "i", &argument), of_i64((int64_t)i));
    assert_value(all[i]->seen[0], argument);
  }
  for (size_t i = 0; i < MANY; i++) {
    assert_int_equal(all[i]->calls, 1);
    ark_closure_retire(all[i]->closure);
  }
}

/* Calls the function that called it, until the depth is reached. */
static void call_again(void *context, const ark_value *args, ark_value *result) {
  ark_value inner[] = {entry_of(context), args[0]};
  *result = call(fixture("call_me_back"), "ki", "i", inner);
}

static void should_be_entered_again_from_inside_itself(void **state) {
  (void)state;
  listener *to = handled_by(call_again, "i", "i");
  ark_value args[] = {entry_of(to), of_i64(200)};
  assert_value(call(fixture("call_me_back"), "ki", "i", args), of_i64(200));
  ark_closure_retire(to->closure);
}

/* Adds 1 to its argument and counts the call, on any thread. */
static void add_one(void *context, const ark_value *args, ark_value *result) {
  ((listener *)context)->calls++;
  *result = of_i64(args[0].i64 + 1);
}

static void should_run_on_whatever_thread_calls_it(void **state) {
  (void)state;
  listener *to = handled_by(add_one, "i", "i");
  /* Threads 0 to 7 pass 1 to 8, 1000 times each. */
  ark_value args[] = {entry_of(to), of_i64(8), of_i64(1000)};
  assert_value(call(fixture("thread_call_many"), "kii", "l", args), of_i64(36 * 1000));
  assert_int_equal(to->calls, 8000);
  ark_closure_retire(to->closure);
}

typedef struct churner {
  pthread_t thread;
  listener context;
  size_t wrong;
} churner;

enum { CHURNERS = 4, CHURNS = 10, CHURNED = 800 };

static atomic_size_t churned_freed, churners_ready;

static void count_churned(void *context) {
  (void)context;
  churned_freed++;
}

/* Makes closures while other threads do the same, then retires them at the same time, and calls each before and
 * after. */
static void *churn(void *argument) {
  churner *self = argument;
  ark_error error;
  for (size_t round = 1; round <= CHURNS; round++) {
    ark_closure *made[CHURNED] = {NULL};
    for (int i = 0; i < CHURNED; i++) {
      if (ark_closure_create(self->context.signature, add_one, &self->context, count_churned, &made[i], &error)) {
        self->wrong++;
        continue;
      }
      self->wrong += ((int32_t(*)(int32_t))ark_closure_code(made[i]))(i) != i + 1;
    }
    /* Polls, so that all threads begin at the same moment. */
    churners_ready++;
    while (churners_ready < round * CHURNERS) sched_yield();
    int32_t (*last)(int32_t) = made[CHURNED - 1] ? (int32_t(*)(int32_t))ark_closure_code(made[CHURNED - 1]) : NULL;
    for (int i = 0; i < CHURNED; i++) ark_closure_retire(made[i]);
    self->wrong += last && last(-7) != -6;
  }
  return NULL;
}

static void should_be_made_and_retired_on_several_threads_at_once(void **state) {
  needs_pages();
  (void)state;
  static churner churners[CHURNERS];
  for (size_t i = 0; i < CHURNERS; i++) {
    churners[i].context.signature = signature_of("i", "i");
    assert_int_equal(pthread_create(&churners[i].thread, NULL, churn, &churners[i]), 0);
  }
  for (size_t i = 0; i < CHURNERS; i++) {
    pthread_join(churners[i].thread, NULL);
    assert_int_equal(churners[i].wrong, 0);
    assert_int_equal(churners[i].context.calls, CHURNS * (CHURNED + 1));
  }
  assert_int_equal(churned_freed, 0);

  /* No closure has been lost on its way out of quarantine. */
  static listener later;
  later.signature = signature_of("i", "i");
  for (size_t i = 0; churned_freed < CHURNERS * CHURNS * CHURNED; i++) {
    assert_true(i < 2 * ARK_CLOSURE_QUARANTINE);
    ark_error error;
    assert_ok(ark_closure_create(later.signature, add_one, &later, free_nothing, &later.closure, &error));
    ark_closure_retire(later.closure);
  }
}

/* ---- Closed closures */

static void should_still_reach_the_handler_when_retired(void **state) {
  (void)state;
  listener *to = listener_of("i", "i");
  ark_value args[] = {entry_of(to), of_i64(5)};
  to->result = of_i64(6);
  size_t freed = listeners_freed;
  ark_closure_retire(to->closure);
  assert_value(call(fixture("call_i32"), "ki", "i", args), of_i64(6));
  assert_value(to->seen[0], of_i64(5));
  assert_int_equal(listeners_freed, freed);
}

static void should_refuse_structs_where_the_convention_is_not_known(void **state) {
  needs_refusal();
  (void)state;
  static const char *const cases[][2] = {{"{dd}", "i"}, {"i", "{dd}"}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    ark_error error;
    ark_closure *closure;
    ark_signature *signature = signature_of(cases[i][0], cases[i][1]);
    assert_fails(ARK_BAD_SIGNATURE, ark_closure_create(signature, listen, NULL, free_nothing, &closure, &error));
    assert_contains(error.message, "structs and scalars of 16 bytes by value");
    ark_signature_free(signature);
  }
}

static void should_take_the_fixed_arguments_of_a_variadic_call(void **state) {
  (void)state;
  needs_floats();
  char text[] = "";
  listener *to = listener_of("ps.", "i");
  ark_value args[] = {entry_of(to), of_u64((uintptr_t)text), of_i64(3)};
  to->result = of_i64(5);
  assert_value(call(fixture("call_variadic"), "kpi", "l", args), of_i64(15));
  assert_int_equal(to->calls, 3);
  assert_value(to->seen[0], args[1]);
  assert_string_equal(to->seen[1].pointer, "%d of %g");
  ark_closure_retire(to->closure);

  to = listener_of("cdfLbfidhdsfidcdfi.", "d");
  args[0] = entry_of(to);
  to->result = of_f64(0.5);
  assert_value(call(fixture("call_variadic_many"), "k", "d", args), of_f64(0.5));
  const ark_value expected[] = {of_i64(-1),   of_f64(2.5),   of_f32(3.5f), of_u64(UINT64_MAX), of_u64(1),
                                of_f32(6.5f), of_i64(7),     of_f64(8.5),  of_i64(9),          of_f64(10.5),
                                {0},          of_f32(12.5f), of_i64(13),   of_f64(14.5),       of_i64(-15),
                                of_f64(16.5), of_f32(17.5f), of_i64(18)};
  for (size_t i = 0; i < COUNT_OF(expected); i++) {
    if (i == 10) {
      assert_string_equal(to->seen[i].pointer, "eleven");
    } else {
      assert_value(to->seen[i], expected[i]);
    }
  }
  ark_closure_retire(to->closure);
}

static void should_refuse_arguments_after_the_dot(void **state) {
  (void)state;
  ark_error error;
  ark_closure *closure;
  ark_signature *signature = signature_of("s.i", "i");
  assert_fails(ARK_BAD_SIGNATURE, ark_closure_create(signature, listen, NULL, free_nothing, &closure, &error));
  assert_contains(error.message, "after the '.'");
  ark_signature_free(signature);
}

static void should_ignore_a_null_closure(void **state) {
  (void)state;
  ark_closure_retire(NULL);
}

/* The order in which closures have left quarantine. */
static struct {
  size_t order[10];
  size_t count;
} leaving;

static void note_leaving(void *context) {
  if (leaving.count < COUNT_OF(leaving.order)) leaving.order[leaving.count] = *(size_t *)context;
  leaving.count++;
}

static void set_five(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  (void)args;
  *result = of_i64(5);
}

static void should_reuse_the_oldest_when_the_quarantine_is_full(void **state) {
  needs_pages();
  (void)state;
  static size_t numbers[2 * ARK_CLOSURE_QUARANTINE];
  static ark_c_function addresses[COUNT_OF(numbers)];
  static ark_signature *signature;
  signature = signature_of("", "i");
  ark_error error;
  bound it = bind("", "i");

  /* Replaces what other tests have left in quarantine. */
  size_t next = 0;
  for (; leaving.count == 0; next++) {
    assert_true(next < COUNT_OF(numbers));
    numbers[next] = next;
    ark_closure *closure;
    assert_ok(ark_closure_create(signature, set_five, &numbers[next], note_leaving, &closure, &error));
    addresses[next] = ark_closure_code(closure);
    ark_closure_retire(closure);
  }
  /* The first of these left when at least ARK_CLOSURE_QUARANTINE had been closed after it, and a new one took its
   * address. */
  assert_true(next >= ARK_CLOSURE_QUARANTINE + 2);
  assert_int_equal(leaving.order[0], 0);
  assert_ptr_equal(addresses[next - 1], addresses[0]);

  /* The others can still be called, and no two share an address. */
  for (size_t i = 1; i < next; i++) {
    ark_value result;
    ark_plan_call(it.plan, addresses[i], NULL, &result);
    assert_value(result, of_i64(5));
  }

  for (size_t more = 1; more < 10; more++) {
    ark_closure *closure;
    numbers[next] = next;
    assert_ok(ark_closure_create(signature, set_five, &numbers[next++], note_leaving, &closure, &error));
    assert_int_equal(leaving.count, more + 1);
    ark_closure_retire(closure);
    assert_int_equal(leaving.count, more + 1);
    assert_int_equal(leaving.order[more], more);
  }
  unbind(it);
}

static int by_address(const void *left, const void *right) {
  uintptr_t a = *(const uintptr_t *)left, b = *(const uintptr_t *)right;
  return (a > b) - (a < b);
}

static void should_use_the_addresses_of_closed_closures_again(void **state) {
  needs_pages();
  (void)state;
  enum { MANY = 4 * ARK_CLOSURE_QUARANTINE };
  static listener to;
  to.signature = signature_of("i", "i");
  uintptr_t *addresses = malloc(MANY * sizeof *addresses);
  for (size_t i = 0; i < MANY; i++) {
    ark_error error;
    assert_ok(ark_closure_create(to.signature, add_one, &to, free_nothing, &to.closure, &error));
    addresses[i] = (uintptr_t)ark_closure_code(to.closure);
    ark_closure_retire(to.closure);
  }
  qsort(addresses, MANY, sizeof *addresses, by_address);
  size_t different = 1;
  for (size_t i = 1; i < MANY; i++) different += addresses[i] != addresses[i - 1];
  free(addresses);
  /* Each closure in quarantine has one allocation, and there are few others, however many were made and closed. */
  assert_true(different >= ARK_CLOSURE_QUARANTINE);
  assert_true(different < 2 * ARK_CLOSURE_QUARANTINE);
}

static void should_have_50000_alive_at_once_each_with_an_address_of_its_own(void **state) {
  needs_pages();
  (void)state;
  enum { MANY = 50000 };
  static listener to;
  to.signature = signature_of("i", "i");
  ark_error error;
  ark_closure **all = malloc(MANY * sizeof *all);
  uintptr_t *addresses = malloc(MANY * sizeof *addresses);
  for (size_t i = 0; i < MANY; i++) {
    assert_ok(ark_closure_create(to.signature, add_one, &to, free_nothing, &all[i], &error));
    addresses[i] = (uintptr_t)ark_closure_code(all[i]);
  }
  for (size_t i = 0; i < MANY; i++) {
    int32_t (*function)(int32_t) = (int32_t(*)(int32_t))addresses[i];
    if (function((int32_t)i) != (int32_t)i + 1) fail_msg("closure %zu is wrong", i);
  }
  assert_int_equal(to.calls, MANY);
  qsort(addresses, MANY, sizeof *addresses, by_address);
  for (size_t i = 1; i < MANY; i++) assert_int_not_equal(addresses[i - 1], addresses[i]);
  for (size_t i = 0; i < MANY; i++) ark_closure_retire(all[i]);
  free(addresses);
  free(all);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_take_and_return_each_type_from_compiled_code),
      cmocka_unit_test(should_keep_a_signaling_nan),
      cmocka_unit_test(should_take_nothing_and_return_nothing),
      cmocka_unit_test(should_return_zero_where_the_handler_sets_nothing),
      cmocka_unit_test(should_cut_garbage_off_narrow_arguments_and_fill_the_register_of_a_result),
      cmocka_unit_test(should_take_arguments_of_every_type_at_once),
      cmocka_unit_test(should_take_1_to_20_and_127_arguments_from_compiled_code),
      cmocka_unit_test(should_take_any_signature_that_a_plan_calls),
      cmocka_unit_test(should_keep_closures_of_one_signature_apart),
      cmocka_unit_test(should_be_entered_again_from_inside_itself),
      cmocka_unit_test(should_run_on_whatever_thread_calls_it),
      cmocka_unit_test(should_be_made_and_retired_on_several_threads_at_once),
      cmocka_unit_test(should_still_reach_the_handler_when_retired),
      cmocka_unit_test(should_refuse_structs_where_the_convention_is_not_known),
      cmocka_unit_test(should_take_the_fixed_arguments_of_a_variadic_call),
      cmocka_unit_test(should_refuse_arguments_after_the_dot),
      cmocka_unit_test(should_ignore_a_null_closure),
      cmocka_unit_test(should_reuse_the_oldest_when_the_quarantine_is_full),
      cmocka_unit_test(should_use_the_addresses_of_closed_closures_again),
      cmocka_unit_test(should_have_50000_alive_at_once_each_with_an_address_of_its_own),
  };
  return cmocka_run_group_tests_name("closure", tests, NULL, NULL);
}
