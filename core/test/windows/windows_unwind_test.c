/* Frames of the core's assembly, which Windows has to find its way through. */
#include "arkffi/closure.h"
#include "support.h"
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

enum { MOST_FRAMES = 60 };

/* What a function that C code of this test calls finds on the stack. */
static void *frames[MOST_FRAMES];
static size_t frame_count;

/* Whether some frame on the stack is a call in the function that begins at an address. */
static bool is_called_by(const void *function) {
  for (size_t i = 0; i < frame_count; i++) {
    DWORD64 base;
    const RUNTIME_FUNCTION *found = RtlLookupFunctionEntry((DWORD64)(uintptr_t)frames[i], &base, NULL);
    if (found && base + found->BeginAddress == (DWORD64)(uintptr_t)function) return true;
  }
  return false;
}

static int64_t look(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, double f) {
  frame_count = RtlCaptureStackBackTrace(0, MOST_FRAMES, frames, NULL);
  return a + b + c + d + e + (int64_t)f;
}

static ARK_NOINLINE void call_look(void) {
  const ark_value args[] = {of_i64(1), of_i64(2), of_i64(3), of_i64(4), of_i64(5), of_f64(6)};
  assert_value(call((ark_c_function)(uintptr_t)look, "llllld", "l", args), of_i64(21));
}

static void should_find_the_callers_of_a_function(void **state) {
  (void)state;
  call_look();
  assert_true(is_called_by((const void *)(uintptr_t)call_look));
}

static void look_as_callback(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  frame_count = RtlCaptureStackBackTrace(0, MOST_FRAMES, frames, NULL);
  *result = of_i64(args[0].i64 + 1);
}

static void ignore_end(void *context) {
  (void)context;
}

static ARK_NOINLINE int64_t call_callback(ark_c_function function) {
  volatile int64_t result = ((int64_t(*)(int64_t))function)(41); /* volatile: so that it is no jump */
  return result;
}

static void should_find_the_callers_of_a_callback(void **state) {
  (void)state;
  ark_error error;
  ark_closure *closure;
  ark_signature *signature = signature_of("l", "l");
  assert_ok(ark_closure_create(signature, look_as_callback, NULL, ignore_end, &closure, &error));
  assert_int_equal(call_callback(ark_closure_code(closure)), 42);
  assert_true(is_called_by((const void *)(uintptr_t)call_callback));
  ark_closure_retire(closure);
}

/* ---- Functions that do not return, which costs the frames of the core nothing: they hold no memory */

static jmp_buf place;

static void leave(int64_t number) {
  longjmp(place, (int)number);
}

static void should_be_left_by_longjmp(void **state) {
  (void)state;
  bound it = bind("l", "v");
  const ark_value arg = of_i64(7);
  ark_value result;
  volatile int seen = setjmp(place);
  if (!seen) ark_plan_call(it.plan, (ark_c_function)(uintptr_t)leave, &arg, &result);
  assert_int_equal(seen, 7);
  unbind(it);
}

static void leave_as_callback(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  (void)result;
  longjmp(place, (int)args[0].i64);
}

/* Windows goes back frame by frame, through those of C and of the callback. */
static void should_be_left_by_longjmp_from_a_callback(void **state) {
  (void)state;
  ark_error error;
  ark_closure *closure;
  ark_signature *signature = signature_of("l", "l");
  assert_ok(ark_closure_create(signature, leave_as_callback, NULL, ignore_end, &closure, &error));
  volatile int seen = setjmp(place);
  if (!seen) call_callback(ark_closure_code(closure));
  assert_int_equal(seen, 41);
  ark_closure_retire(closure);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_find_the_callers_of_a_function),
      cmocka_unit_test(should_find_the_callers_of_a_callback),
      cmocka_unit_test(should_be_left_by_longjmp),
      cmocka_unit_test(should_be_left_by_longjmp_from_a_callback),
  };
  return cmocka_run_group_tests_name("unwinding", tests, NULL, NULL);
}
