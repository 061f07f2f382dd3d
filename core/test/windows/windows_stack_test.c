/* Calls whose arguments need more of the stack than the page that the system has put a guard before: whatever takes
 * room there must touch each page in its order, or Windows ends the process. Wine lets the pages be touched in any
 * order, so that the test shows this on a real Windows only. */
#include "arkffi/closure.h"
#include "support.h"
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

enum { BYTES = 12000, RESERVED = 1 << 20 };

typedef struct large {
  uint8_t bytes[BYTES];
} large;

static const char args_text[] = "llllllll{[12000c]}d";

static large given;

/* Takes a frame of its own that is larger than a page. */
static large turn(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h, large all,
                  double number) {
  large result;
  for (size_t i = 0; i < BYTES; i++)
    result.bytes[i] = (uint8_t)(all.bytes[BYTES - 1 - i] + a + b + c + d + e + f + g + h);
  result.bytes[0] = (uint8_t)number;
  return result;
}

typedef struct job {
  DWORD(WINAPI *run)(void *job);
  bound it;
  ark_c_function function;
  bool is_right;
} job;

static bool is_turned(const large *result) {
  bool is_right = result->bytes[0] == 77;
  for (size_t i = 1; i < BYTES; i++)
    is_right = is_right && result->bytes[i] == (uint8_t)(given.bytes[BYTES - 1 - i] + 36);
  return is_right;
}

static DWORD WINAPI call_on_new_stack(void *context) {
  job *work = context;
  static large result;
  ark_value values[10], out = {.pointer = &result};
  for (int i = 0; i < 8; i++) values[i] = of_i64(i + 1);
  values[8] = of_pointer(&given);
  values[9] = of_f64(77);
  ark_plan_call(work->it.plan, work->function, values, &out);
  work->is_right = is_turned(&result);
  return 0;
}

/* Runs on a thread of which one page of the stack is in use. */
static void run_on_new_stack(job *work) {
  for (size_t i = 0; i < BYTES; i++) given.bytes[i] = (uint8_t)random_bits();
  HANDLE thread = CreateThread(NULL, RESERVED, work->run, work, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  assert_non_null(thread);
  assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
  CloseHandle(thread);
  assert_true(work->is_right);
}

static void should_touch_the_pages_of_a_call_in_their_order(void **state) {
  (void)state;
  job work = {
      .run = call_on_new_stack, .it = bind(args_text, "{[12000c]}"), .function = (ark_c_function)(uintptr_t)turn};
  run_on_new_stack(&work);
  unbind(work.it);
}

static void turn_in_callback(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  int64_t sum = 0;
  for (int i = 0; i < 8; i++) sum += args[i].i64;
  large *out = result->pointer;
  const large *all = args[8].pointer;
  for (size_t i = 0; i < BYTES; i++) out->bytes[i] = (uint8_t)(all->bytes[BYTES - 1 - i] + sum);
  out->bytes[0] = (uint8_t)args[9].f64;
}

static void ignore_end(void *context) {
  (void)context;
}

static DWORD WINAPI call_back_on_new_stack(void *context) {
  job *work = context;
  large result = ((large(*)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, large,
                            double))work->function)(1, 2, 3, 4, 5, 6, 7, 8, given, 77);
  work->is_right = is_turned(&result);
  return 0;
}

static void should_touch_the_pages_of_a_callback_in_their_order(void **state) {
  (void)state;
  ark_error error;
  ark_closure *closure;
  ark_signature *signature = signature_of(args_text, "{[12000c]}");
  assert_ok(ark_closure_create(signature, turn_in_callback, NULL, ignore_end, &closure, &error));
  job work = {.run = call_back_on_new_stack, .function = ark_closure_code(closure)};
  run_on_new_stack(&work);
  ark_closure_retire(closure);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_touch_the_pages_of_a_call_in_their_order),
      cmocka_unit_test(should_touch_the_pages_of_a_callback_in_their_order),
  };
  return cmocka_run_group_tests_name("pages of the stack", tests, NULL, NULL);
}
