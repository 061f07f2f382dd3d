/* Makes kinds of calls many times, so that callgrind can count the instructions of one of each.
 *
 *   calls TIMES ROW...    a ROW is a name in `rows`
 *
 * Everything that is counted is in `count_row`, which runs once for each row. */
#include "../measured.h"
#include "arkffi/batch.h"
#include "arkffi/closure.h"
#include "arkffi/plan.h"
#include "arkffi/thunk.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 1000 };

static ark_error error;
static ark_signature *signature;
static ark_plan *plan;
static ark_c_function function;
static ark_value args[8], result;

static void check(ark_status status) {
  if (!status) return;
  fprintf(stderr, "calls: %s\n", error.message);
  exit(1);
}

static void plan_for(const char *types, const char *type, ark_c_function target) {
  check(ark_signature_parse(types, type, &signature, &error));
  check(ark_plan_create(signature, &plan, &error));
  function = target;
}

static void call_planned(long times) {
  for (long i = 0; i < times; i++) ark_plan_call(plan, function, args, &result);
}

static void prepare_doubles(void) {
  plan_for("dd", "d", (ark_c_function)add);
}

static void prepare_mixed(void) {
  plan_for("idid", "d", (ark_c_function)mix);
}

static void prepare_stack(void) {
  plan_for("llllllll", "l", (ark_c_function)sum8);
}

static void prepare_struct(void) {
  static complex_number values[3];
  plan_for("{dd}{dd}", "{dd}", (ark_c_function)multiply);
  args[0].pointer = &values[0];
  args[1].pointer = &values[1];
  result.pointer = &values[2];
}

static ark_slot_caller slot_caller;
static ark_value slots[ARK_PLAN_SLOTS];

static void prepare_slots(void) {
  prepare_doubles();
  slot_caller = ark_plan_slot_caller(plan);
}

static void call_with_slots(long times) {
  for (long i = 0; i < times; i++) slot_caller(plan, function, slots, &result);
}

static uint64_t thunk_results[2];

static void prepare_thunk(void) {
  ark_thunks *thunks;
  check(ark_signature_parse("llllllll", "l", &signature, &error));
  check(ark_thunks_create(signature, ARK_THUNK_RETURNING, thunk_results, NULL, &thunks, &error));
  function = ark_thunks_code(thunks, 0);
}

static void call_thunk(long times) {
  typedef double (*thunk)(void *receiver, double, double, double, double, double, double, double, double, double);
  double target = (double)(uintptr_t)sum8;
  for (long i = 0; i < times; i++) ((thunk)function)(NULL, 1, 2, 3, 4, 5, 6, 7, 8, target);
}

static void return_first(void *context, const ark_value *values, ark_value *out) {
  (void)context;
  *out = values[0];
}

static void return_first_struct(void *context, const ark_value *values, ark_value *out) {
  (void)context;
  memcpy(out->pointer, values[0].pointer, sizeof(complex_number));
}

static void free_nothing(void *context) {
  (void)context;
}

static void make_callback(const char *types, const char *type, ark_closure_handler handler) {
  ark_closure *closure;
  check(ark_signature_parse(types, type, &signature, &error));
  check(ark_closure_create(signature, handler, NULL, free_nothing, &closure, &error));
  function = ark_closure_code(closure);
}

static void prepare_callback(void) {
  make_callback("i", "i", return_first);
}

static void call_callback(long times) {
  for (long i = 0; i < times; i++) ((int (*)(int))function)(1);
}

static void prepare_struct_callback(void) {
  make_callback("{dd}", "{dd}", return_first_struct);
}

static void call_struct_callback(long times) {
  for (long i = 0; i < times; i++) ((complex_number(*)(complex_number))function)((complex_number){1, 2});
}

static double columns[2][BATCH_ROWS], sums[BATCH_ROWS];

static void call_batch(long times) {
  static const ark_column of_arguments[] = {{columns[0], sizeof(double)}, {columns[1], sizeof(double)}};
  static const ark_flag stop;
  ark_batch batch = {
      .signature = signature, .plan = plan, .function = function, .columns = of_arguments, .stop = &stop};
  batch.results = sums;
  batch.last = &result;
  batch.rows = BATCH_ROWS;
  for (long i = 0; i < times; i += BATCH_ROWS) ark_batch_run(&batch, 0);
}

static void plan_signatures(long times) {
  for (long i = 0; i < times; i++) {
    prepare_doubles();
    ark_plan_free(plan);
    ark_signature_free(signature);
  }
}

static void prepare_nothing(void) {}

static const struct {
  const char *name;
  void (*prepare)(void);
  void (*call)(long times);
} rows[] = {
    {"doubles", prepare_doubles, call_planned},    {"mixed", prepare_mixed, call_planned},
    {"stack", prepare_stack, call_planned},        {"struct", prepare_struct, call_planned},
    {"slots", prepare_slots, call_with_slots},     {"thunk", prepare_thunk, call_thunk},
    {"callback", prepare_callback, call_callback}, {"struct-callback", prepare_struct_callback, call_struct_callback},
    {"batch", prepare_doubles, call_batch},        {"signature", prepare_nothing, plan_signatures},
};

__attribute__((noinline)) void count_row(void (*call)(long times), long times);
void count_row(void (*call)(long times), long times) {
  call(times);
}

static bool run(const char *name, long times) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (strcmp(rows[i].name, name) != 0) continue;
    rows[i].prepare();
    count_row(rows[i].call, times);
    return true;
  }
  return false;
}

int main(int count, char **words) {
  if (count < 3) return 1;
  for (int i = 2; i < count; i++) {
    if (!run(words[i], strtol(words[1], NULL, 10))) return 1;
  }
  return 0;
}
