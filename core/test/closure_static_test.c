/* Callbacks whose entry points are part of the binary, as where no memory can be made executable. */
#include "arkffi/closure.h"
#include "closures/static_closure.h"
#include "cpu/abi.h"
#include "needs.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

enum { MOST = 1000000 };

static ark_closure **all;
static size_t count; /* of callbacks that the process can have */
static size_t freed;

static void add(void *context, const ark_value *args, ark_value *result) {
  *result = of_i64(args[0].i64 + (intptr_t)context);
}

static void count_freed(void *context) {
  (void)context;
  freed++;
}

static ark_signature *signature; /* of `add` */

static ark_status make(size_t index, ark_error *error) {
  return ark_closure_create(signature, add, (void *)(intptr_t)index, count_freed, &all[index], error);
}

static int32_t call_it(size_t index, int32_t argument) {
  return ((int32_t(*)(int32_t))ark_closure_code(all[index]))(argument);
}

static void make_all(void) {
  ark_error error;
  for (size_t i = 0; i < count; i++) {
    if (!all[i]) assert_ok(make(i, &error));
  }
}

static void retire_all(void) {
  for (size_t i = 0; i < count; i++) {
    ark_closure_retire(all[i]);
    all[i] = NULL;
  }
}

/* The number of pieces of memory that can be executed. */
#if defined(WINDOWS)
static size_t executable_mappings(void) {
  MEMORY_BASIC_INFORMATION piece;
  size_t found = 0;
  for (const char *at = NULL; VirtualQuery(at, &piece, sizeof piece);
       at = (const char *)piece.BaseAddress + piece.RegionSize)
    found += piece.State == MEM_COMMIT && (piece.Protect & 0xf0);
  return found;
}
#else
static size_t executable_mappings(void) {
  char line[512], protection[8];
  size_t found = 0;
  FILE *maps = fopen("/proc/self/maps", "r");
  assert_non_null(maps);
  while (fgets(line, sizeof line, maps)) {
    found += sscanf(line, "%*s %7s", protection) == 1 && strchr(protection, 'x');
  }
  fclose(maps);
  return found;
}
#endif

/* Makes a closure and closes it; returns its address. */
static ark_c_function make_and_close(void) {
  ark_error error;
  assert_ok(make(0, &error));
  ark_c_function code = ark_closure_code(all[0]);
  ark_closure_retire(all[0]);
  all[0] = NULL;
  return code;
}

/* Runs first: none has been used yet. */
static void should_use_those_first_that_have_never_been_used(void **state) {
  needs_code();
  (void)state;
  ark_c_function first[3];
  for (size_t i = 0; i < 3; i++) first[i] = make_and_close();
  assert_ptr_not_equal(first[0], first[1]);
  size_t others = 0;
  while (make_and_close() != first[0]) others++;
  assert_int_equal(others, count + ARK__STATIC_QUARANTINE - 3);
  /* The closed ones follow, in the order in which they were closed. */
  assert_ptr_equal(make_and_close(), first[1]);
  assert_int_equal(freed, 2);
  assert_ptr_equal(make_and_close(), first[2]);
  assert_int_equal(freed, 3);
}

static void should_have_as_many_as_were_asked_for_and_say_when_they_are_used_up(void **state) {
  needs_code();
  (void)state;
  ark_error error;
  size_t executable = executable_mappings();
  make_all();
  assert_int_equal(executable_mappings(), executable);
  for (size_t i = 0; i < count; i++) {
    if (call_it(i, 1) != (int32_t)i + 1) fail_msg("callback %zu is wrong", i);
  }
  for (size_t i = 1; i < count; i++) {
    Dl_info own, binary;
    assert_true(dladdr((void *)(uintptr_t)ark_closure_code(all[i]), &own) && dladdr(&all, &binary));
    assert_ptr_equal(own.dli_fbase, binary.dli_fbase);
    assert_ptr_not_equal(ark_closure_code(all[i]), ark_closure_code(all[i - 1]));
  }
  ark_closure *none = NULL;
  char expected[64];
  assert_fails(ARK_NO_MEMORY, ark_closure_create(signature, add, NULL, count_freed, &none, &error));
  snprintf(expected, sizeof expected, "all %zu callbacks", count);
  assert_contains(error.message, expected);
  assert_contains(error.message, "close some");
  assert_null(none);

  ark_c_function code = ark_closure_code(all[7]);
  ark_closure_retire(all[7]);
  assert_int_equal(((int32_t(*)(int32_t))code)(5), 12); /* closed, it can be called still */
  assert_ok(make(7, &error));
  assert_ptr_not_equal(ark_closure_code(all[7]), code);
  assert_fails(ARK_NO_MEMORY, ark_closure_create(signature, add, NULL, count_freed, &none, &error));
  retire_all();
}

/* However many are open, C that is about to call one that closes finds it closed. */
static void should_stay_in_quarantine_until_a_number_of_others_have_been_closed(void **state) {
  needs_code();
  (void)state;
  make_all();
  ark_closure_retire(all[0]);
  all[0] = NULL;
  ark_c_function closed = make_and_close();
  size_t others = 0;
  while (make_and_close() != closed) others++;
  assert_int_equal(others, ARK__STATIC_QUARANTINE);
  retire_all();
}

#if ARK__MS && ARK__SYSTEM_V
/* Those that one convention has closed serve the other one, which then has as many. */
static void should_be_there_for_either_convention_whatever_the_other_had(void **state) {
  needs_code();
  (void)state;
  ark_error error;
  ark_signature *ours = signature, *theirs = signature_of("<ms>i", "i");
  for (int round = 0; round < 4; round++) {
    signature = round % 2 ? ours : theirs;
    make_all();
    for (size_t i = 0; i < count; i++) {
      ark_c_function code = ark_closure_code(all[i]);
      int32_t result = signature == theirs ? ((int32_t(__attribute__((ms_abi)) *)(int32_t))code)(1) : call_it(i, 1);
      if (result != (int32_t)i + 1) fail_msg("callback %zu is wrong in round %d", i, round);
    }
    ark_closure *none = NULL;
    assert_fails(ARK_NO_MEMORY, ark_closure_create(signature, add, NULL, count_freed, &none, &error));
    retire_all();
  }
  signature = ours;
  ark_signature_free(theirs);
}
#endif

/* A callback that closes itself, after which another one takes its place, while it runs. */

typedef struct quad {
  float x, y, z, w;
} quad;

typedef struct large {
  int64_t of[5];
} large;

static ark_closure **own, *follower;
static ark_signature *of_follower;

static void replace_itself(void) {
  ark_error error;
  size_t others = 0;
  ark_c_function code = ark_closure_code(*own);
  ark_closure_retire(*own);
  for (follower = NULL; !follower || ark_closure_code(follower) != code; others++) {
    ark_closure_retire(follower);
    assert_ok(ark_closure_create(of_follower, add, (void *)100, count_freed, &follower, &error));
    assert_true(others <= ARK__STATIC_QUARANTINE);
  }
}

static void answer_quad(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  quad given = *(const quad *)args[0].pointer;
  replace_itself();
  *(quad *)result->pointer = (quad){given.w, given.z, given.y, given.x};
}

static void answer_large(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  large given = *(const large *)args[0].pointer;
  replace_itself();
  given.of[4]++;
  *(large *)result->pointer = given;
}

static void answer_number(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  replace_itself();
  *result = of_f64(args[0].f64 / 2);
}

static void free_signature(void *context) {
  ark_signature_free(context);
  freed++;
}

static ark_c_function replaced(const char *types, ark_closure_handler handler) {
  ark_error error;
  ark_signature *own_signature = signature_of(types, types);
  ark_closure_retire(all[0]);
  assert_ok(ark_closure_create(own_signature, handler, own_signature, free_signature, &all[0], &error));
  own = &all[0];
  return ark_closure_code(all[0]);
}

static void assert_replaced(void) {
  all[0] = follower;
  assert_int_equal(call_it(0, 1), 101);
}

static void should_give_its_result_although_another_has_taken_its_place(void **state) {
  needs_code();
  (void)state;
  of_follower = signature;
  make_all();
  quad four = ((quad(*)(quad))replaced("{ffff}", answer_quad))((quad){1, 2, 3, 4});
  assert_true(four.x == 4 && four.y == 3 && four.z == 2 && four.w == 1);
  assert_replaced();
  large much = ((large(*)(large))replaced("{lllll}", answer_large))((large){{1, 2, 3, 4, 5}});
  assert_true(much.of[0] == 1 && much.of[4] == 6);
  assert_replaced();
  assert_true(((double (*)(double))replaced("d", answer_number))(3) == 1.5);
  assert_replaced();
  retire_all();
}

/* ---- Threads */

enum { THREADS = 4, ROUNDS = 4000, HELD = 16 };

typedef struct churner {
  pthread_t thread;
  size_t number, wrong, refused;
} churner;

static atomic_size_t churned;

static void multiply(void *context, const ark_value *args, ark_value *result) {
  *result = of_i64(args[0].i64 * (intptr_t)context);
}

static void count_churned(void *context) {
  (void)context;
  churned++;
}

/* Makes callbacks and closes them, a few of its own open at a time, while other threads do the same. */
static void *churn(void *argument) {
  churner *self = argument;
  ark_closure *held[HELD] = {NULL};
  for (size_t i = 0; i < ROUNDS; i++) {
    ark_error error;
    ark_closure **place = &held[i % HELD];
    intptr_t by = (intptr_t)(self->number * ROUNDS + i + 1);
    ark_closure_retire(*place);
    *place = NULL;
    self->refused += ark_closure_create(signature, multiply, (void *)by, count_churned, place, &error) != ARK_OK;
    if (!*place) continue;
    self->wrong += ((int32_t(*)(int32_t))ark_closure_code(*place))(3) != 3 * by;
    /* An older one is still what it was. */
    ark_closure *older = held[(i + 1) % HELD];
    intptr_t older_by = by + 1 - HELD;
    if (older) self->wrong += ((int32_t(*)(int32_t))ark_closure_code(older))(3) != 3 * older_by;
  }
  for (size_t i = 0; i < HELD; i++) ark_closure_retire(held[i]);
  return NULL;
}

static void should_be_made_and_closed_on_several_threads_at_once(void **state) {
  needs_code();
  (void)state;
  static churner churners[THREADS];
  make_all();
  /* Few are left, so that each is used again and again. */
  for (size_t i = 0; i < 2 * THREADS * HELD && i < count; i++) {
    ark_closure_retire(all[i]);
    all[i] = NULL;
  }
  for (size_t i = 0; i < THREADS; i++) {
    churners[i].number = i;
    assert_int_equal(pthread_create(&churners[i].thread, NULL, churn, &churners[i]), 0);
  }
  for (size_t i = 0; i < THREADS; i++) {
    pthread_join(churners[i].thread, NULL);
    assert_int_equal(churners[i].wrong, 0);
    assert_int_equal(churners[i].refused, 0);
  }
  for (size_t i = 2 * THREADS * HELD; i < count; i++) {
    if (call_it(i, 1) != (int32_t)i + 1) fail_msg("callback %zu is wrong", i);
  }
  /* None has been lost: all can be made again, and all that the threads have made are freed then. */
  make_all();
  retire_all();
  for (size_t i = 0; churned < THREADS * ROUNDS; i++) {
    assert_true(i <= count + ARK__STATIC_QUARANTINE);
    make_and_close();
  }
}

/* ---- Threads that call addresses while closures come and go there */

enum { CALLED = 8, CALLERS = 2, REPLACED = 40000 };

/* What the handlers of a kind expect as their context. It has no kind any more when it is freed. */
typedef struct kept {
  const void *kind;
  ark_signature *signature;
  atomic_int users;
} kept;

typedef struct caller {
  pthread_t thread;
  ark_c_function codes[CALLED];
  atomic_size_t calls;
} caller;

static atomic_bool calls_may_end;
static atomic_size_t mixtures;
static const char one_kind, other_kind;

static void use(kept *context, const void *kind, const char *args) {
  atomic_fetch_add(&context->users, 1);
  if (context->kind != kind || strlen(args) != context->signature->count) mixtures++;
  atomic_fetch_sub(&context->users, 1);
}

static void answer_one(void *context, const ark_value *args, ark_value *result) {
  use(context, &one_kind, "i");
  *result = of_i64(args[0].i64 + 1);
}

static void answer_other(void *context, const ark_value *args, ark_value *result) {
  use(context, &other_kind, "ddiiiiiiiii");
  (void)args;
  *result = of_i64(7);
}

static void free_kept(void *context) {
  kept *of = context;
  if (atomic_fetch_add(&of->users, 0)) mixtures++;
  of->kind = NULL;
  ark_signature_free(of->signature);
  free(of);
}

static ark_closure *make_kept(bool is_one) {
  ark_error error;
  ark_closure *closure = NULL;
  kept *context = calloc(1, sizeof *context);
  context->kind = is_one ? &one_kind : &other_kind;
  context->signature = is_one ? signature_of("i", "i") : signature_of("ddiiiiiiiii", "i");
  assert_ok(
      ark_closure_create(context->signature, is_one ? answer_one : answer_other, context, free_kept, &closure, &error));
  return closure;
}

/* Calls all of them again and again, whatever they are by now. */
static void *call_all(void *argument) {
  caller *self = argument;
  while (!calls_may_end) {
    for (size_t i = 0; i < CALLED; i++) {
      typedef int32_t (*function)(int32_t, double, double, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t,
                                  int32_t, int32_t);
      ((function)self->codes[i])(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      self->calls++;
    }
  }
  return NULL;
}

static void should_be_the_old_or_the_new_to_threads_that_call_while_another_takes_the_place(void **state) {
  needs_code();
  (void)state;
  static caller callers[CALLERS];
  ark_closure *called[CALLED];
  make_all();
  for (size_t i = 0; i < CALLED; i++) {
    ark_closure_retire(all[i]);
    all[i] = NULL;
  }
  for (size_t i = 0; i < CALLED; i++) called[i] = make_kept(i % 2);
  for (size_t i = 0; i < CALLERS; i++) {
    for (size_t j = 0; j < CALLED; j++) callers[i].codes[j] = ark_closure_code(called[j]);
    assert_int_equal(pthread_create(&callers[i].thread, NULL, call_all, &callers[i]), 0);
  }
  for (size_t i = 0; i < CALLERS; i++) {
    while (!callers[i].calls) sched_yield(); /* so that they call at the same time */
  }
  for (size_t i = 0; i < REPLACED; i++) {
    ark_closure_retire(called[i % CALLED]);
    called[i % CALLED] = make_kept((i / CALLED) % 2);
  }
  calls_may_end = true;
  for (size_t i = 0; i < CALLERS; i++) pthread_join(callers[i].thread, NULL);
  assert_int_equal(mixtures, 0);
  for (size_t i = 0; i < CALLED; i++) ark_closure_retire(called[i]);
  retire_all();
}

static int start(void **state) {
  (void)state;
  count = ark__static_closure_count();
  assert_true(count < MOST);
  all = calloc(count + 1, sizeof *all);
  signature = signature_of("i", "i");
  return 0;
}

static int end(void **state) {
  (void)state;
  free(all);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(should_use_those_first_that_have_never_been_used),
    cmocka_unit_test(should_have_as_many_as_were_asked_for_and_say_when_they_are_used_up),
    cmocka_unit_test(should_stay_in_quarantine_until_a_number_of_others_have_been_closed),
#if ARK__MS && ARK__SYSTEM_V
    cmocka_unit_test(should_be_there_for_either_convention_whatever_the_other_had),
#endif
    cmocka_unit_test(should_give_its_result_although_another_has_taken_its_place),
    cmocka_unit_test(should_be_made_and_closed_on_several_threads_at_once),
    cmocka_unit_test(should_be_the_old_or_the_new_to_threads_that_call_while_another_takes_the_place),
  };
  putenv((char[]){"ARKFFI_CLOSURES=static"});
  return cmocka_run_group_tests_name("static closures", tests, start, end);
}
