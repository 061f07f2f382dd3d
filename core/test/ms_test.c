/* Microsoft's convention on x86-64, beside the tests with random signatures: what those do not show. */
#include "arkffi/batch.h"
#include "arkffi/closure.h"
#include "needs.h"
#include <stdatomic.h>

static void should_refuse_a_convention_that_this_machine_does_not_know(void **state) {
  (void)state;
  static const char *const texts[] = {"<ms>i", "k(<ms>i)i", "<sysv>i", "k(k(<sysv>)v)v"};
  const bool is_known[] = {ARK__MS, ARK__MS, ARK__SYSTEM_V, ARK__SYSTEM_V};
  ark_error error;
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    ark_plan *plan = NULL;
    ark_signature *signature = signature_of(texts[i], "i");
    if (is_known[i]) {
      assert_ok(ark_plan_create(signature, &plan, &error));
    } else {
      assert_fails(ARK_NOT_SUPPORTED, ark_plan_create(signature, &plan, &error));
      assert_contains(error.message, i < 2 ? "'ms'" : "'sysv'");
    }
    ark_plan_free(plan);
    ark_signature_free(signature);
  }
}

#if ARK__MS
#define MS __attribute__((ms_abi))

/* ---- What a callee may rely on, and must keep */

/* The registers that a function keeps under Microsoft's convention and need not keep under System V's. */
typedef struct kept {
  uint64_t rdi, rsi;
  _Alignas(16) uint8_t xmm[10][16]; /* xmm6 to xmm15 */
} kept;

/* Loads these registers, calls `function` with the number 5 and stores what is in the registers then. */
static uint64_t call_and_look(ark_c_function function, const kept *before, kept *after) {
  uint64_t result = 5;
  __asm__ volatile("movq %%rsp, %%r12\n"
                   "subq $160, %%rsp\n" /* past the red zone; 32 bytes are the callee's */
                   "andq $-16, %%rsp\n"
                   "movq %[before], %%r13\n"
                   "movq %[after], %%r14\n"
                   "movq %[function], %%r15\n"
                   "movq 0(%%r13), %%rdi\n"
                   "movq 8(%%r13), %%rsi\n"
                   "movaps 16(%%r13), %%xmm6\n"
                   "movaps 32(%%r13), %%xmm7\n"
                   "movaps 48(%%r13), %%xmm8\n"
                   "movaps 64(%%r13), %%xmm9\n"
                   "movaps 80(%%r13), %%xmm10\n"
                   "movaps 96(%%r13), %%xmm11\n"
                   "movaps 112(%%r13), %%xmm12\n"
                   "movaps 128(%%r13), %%xmm13\n"
                   "movaps 144(%%r13), %%xmm14\n"
                   "movaps 160(%%r13), %%xmm15\n"
                   "movq %[result], %%rcx\n"
                   "call *%%r15\n"
                   "movq %%rdi, 0(%%r14)\n"
                   "movq %%rsi, 8(%%r14)\n"
                   "movaps %%xmm6, 16(%%r14)\n"
                   "movaps %%xmm7, 32(%%r14)\n"
                   "movaps %%xmm8, 48(%%r14)\n"
                   "movaps %%xmm9, 64(%%r14)\n"
                   "movaps %%xmm10, 80(%%r14)\n"
                   "movaps %%xmm11, 96(%%r14)\n"
                   "movaps %%xmm12, 112(%%r14)\n"
                   "movaps %%xmm13, 128(%%r14)\n"
                   "movaps %%xmm14, 144(%%r14)\n"
                   "movaps %%xmm15, 160(%%r14)\n"
                   "movq %%r12, %%rsp\n"
                   "movq %%rax, %[result]\n"
                   : [result] "+b"(result)
                   : [before] "a"(before), [after] "d"(after), [function] "c"(function)
                   : "rdi", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3",
                     "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
                     "xmm15", "memory", "cc");
  return result;
}

/* A handler that uses all of these registers, as any System V function may. */
static void overwrite(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  __asm__ volatile("xorl %%edi, %%edi\n"
                   "xorl %%esi, %%esi\n"
                   "pcmpeqb %%xmm6, %%xmm6\n"
                   "pcmpeqb %%xmm7, %%xmm7\n"
                   "pcmpeqb %%xmm8, %%xmm8\n"
                   "pcmpeqb %%xmm9, %%xmm9\n"
                   "pcmpeqb %%xmm10, %%xmm10\n"
                   "pcmpeqb %%xmm11, %%xmm11\n"
                   "pcmpeqb %%xmm12, %%xmm12\n"
                   "pcmpeqb %%xmm13, %%xmm13\n"
                   "pcmpeqb %%xmm14, %%xmm14\n"
                   "pcmpeqb %%xmm15, %%xmm15\n"
                   :
                   :
                   : "rdi", "rsi", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
                     "xmm15");
  *result = of_i64(args[0].i64 + 1);
}

static void ignore_end(void *context) {
  (void)context;
}

static void should_keep_the_registers_that_a_callback_must_keep(void **state) {
  (void)state;
  ark_error error;
  ark_closure *closure;
  ark_signature *signature = signature_of("<ms>l", "l");
  kept before, after = {0};
  uint8_t *bytes = (uint8_t *)&before;
  for (size_t i = 0; i < sizeof before; i++) bytes[i] = (uint8_t)random_bits();
  assert_ok(ark_closure_create(signature, overwrite, NULL, ignore_end, &closure, &error));
  assert_int_equal(call_and_look(ark_closure_code(closure), &before, &after), 6);
  assert_memory_equal(&after, &before, sizeof before);
  ark_closure_retire(closure);
}

/* Overwrites the 32 bytes above its return address, which are its own. */
static MS uint64_t fill_own_words(uint64_t number) {
  uint64_t *words = (uint64_t *)__builtin_frame_address(0) + 2;
  for (int i = 0; i < 4; i++) ((volatile uint64_t *)words)[i] = UINT64_MAX;
  return number + 1;
}

static void should_leave_a_callee_its_words_of_the_stack(void **state) {
  (void)state;
  ark_c_function function = (ark_c_function)(uintptr_t)fill_own_words;
  ark_value arg = of_i64(41);
  assert_value(call(function, "<ms>l", "l", &arg), of_i64(42));
  assert_value(call(function, "<ms>l.", "l", &arg), of_i64(42));

  bound it = bind("<ms>l", "l");
  ark_value out, slots[ARK_PLAN_SLOTS] = {0};
  slots[ark_plan_slot(it.plan, 0)] = of_f64(1);
  assert_true(ark_plan_slot_caller(it.plan)(it.plan, function, slots, &out));
  assert_value(out, of_f64(2));
  assert_false(ark_plan_is_direct(it.plan));
  unbind(it);
}

/* ---- Variable arguments */

static MS double add_variable(int count, ...) {
  __builtin_ms_va_list list;
  __builtin_ms_va_start(list, count);
  double sum = 0;
  for (int i = 0; i < count; i++)
    sum = 10 * sum + (i % 2 ? __builtin_va_arg(list, int) : __builtin_va_arg(list, double));
  __builtin_ms_va_end(list);
  return sum;
}

static void should_pass_variable_floats_in_both_registers(void **state) {
  (void)state;
  const ark_value args[] = {of_i64(6), of_f64(1), of_i64(2), of_f32(3), of_i64(4), of_f32(5), of_i64(6)};
  ark_c_function function = (ark_c_function)(uintptr_t)add_variable;
  assert_value(call(function, "<ms>i.dififi", "d", args), of_f64(123456));
}

/* ---- Batches, whose typed loops call by C's own function pointers */

static MS double subtract(double one, double other) {
  return one - other;
}

static void should_run_batches(void **state) {
  (void)state;
  static const double ones[] = {5, 6, 7}, others[] = {1, 4, 9};
  const ark_column columns[] = {{ones, sizeof ones[0]}, {others, sizeof others[0]}};
  double results[3];
  ark_value last;
  static ark_flag stop;
  bound it = bind("<ms>dd", "d");
  const ark_batch batch = {it.signature, it.plan, (ark_c_function)(uintptr_t)subtract, columns, results, 3,
                           &stop,        &last};
  assert_int_equal(ark_batch_run(&batch, 0), 3);
  assert_true(results[0] == 4 && results[1] == 2 && results[2] == -2);
  unbind(it);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(should_refuse_a_convention_that_this_machine_does_not_know),
#if ARK__MS
    cmocka_unit_test(should_keep_the_registers_that_a_callback_must_keep),
    cmocka_unit_test(should_leave_a_callee_its_words_of_the_stack),
    cmocka_unit_test(should_pass_variable_floats_in_both_registers),
    cmocka_unit_test(should_run_batches),
#endif
  };
  return cmocka_run_group_tests_name("ms", tests, NULL, NULL);
}
