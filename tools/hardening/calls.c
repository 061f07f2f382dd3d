/* Makes one kind of call many times, so that a program that counts instructions can count those of one call.
 *
 *   calls direct|stack|callback|signature TIMES
 *
 * Everything that is repeated is in `repeat`. */
#include "arkffi/closure.h"
#include "arkffi/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ark_error error;
static ark_plan *plan;
static ark_c_function function;
static ark_value args[8], result;

static double add(double a, double b) {
  return a + b;
}

static int64_t add_eight(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h) {
  return a + b + c + d + e + f + g + h;
}

static void check(ark_status status) {
  if (!status) return;
  fprintf(stderr, "%s\n", error.message);
  exit(1);
}

static ark_signature *signature_of(const char *types, const char *type) {
  ark_signature *signature;
  check(ark_signature_parse(types, type, &signature, &error));
  return signature;
}

static void call_planned(void) {
  ark_plan_call(plan, function, args, &result);
}

static void call_closure(void) {
  result.i64 = ((int32_t(*)(int32_t))function)(1);
}

static void plan_signature(void) {
  ark_signature *signature = signature_of("dd", "d");
  check(ark_plan_create(signature, &plan, &error));
  ark_plan_free(plan);
  ark_signature_free(signature);
}

static void return_first(void *context, const ark_value *values, ark_value *out) {
  (void)context;
  *out = values[0];
}

static void free_nothing(void *context) {
  (void)context;
}

__attribute__((noinline)) void repeat(void (*call)(void), long times);
void repeat(void (*call)(void), long times) {
  for (long i = 0; i < times; i++) call();
}

int main(int count, char **words) {
  if (count != 3) return 1;
  void (*call)(void) = call_planned;
  if (strcmp(words[1], "direct") == 0) {
    function = (ark_c_function)add;
    check(ark_plan_create(signature_of("dd", "d"), &plan, &error));
  } else if (strcmp(words[1], "stack") == 0) {
    function = (ark_c_function)add_eight;
    check(ark_plan_create(signature_of("llllllll", "l"), &plan, &error));
  } else if (strcmp(words[1], "callback") == 0) {
    ark_closure *closure;
    check(ark_closure_create(signature_of("i", "i"), return_first, NULL, free_nothing, &closure, &error));
    function = ark_closure_code(closure);
    call = call_closure;
  } else if (strcmp(words[1], "signature") == 0) {
    call = plan_signature;
  } else {
    return 1;
  }
  repeat(call, strtol(words[2], NULL, 10));
  return 0;
}
