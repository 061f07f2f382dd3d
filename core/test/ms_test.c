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

static ark_closure *closure_of(const char *args, const char *result, ark_closure_handler handler) {
  ark_error error;
  ark_closure *closure;
  assert_ok(ark_closure_create(signature_of(args, result), handler, NULL, ignore_end, &closure, &error));
  return closure;
}

static void should_keep_the_registers_that_a_callback_must_keep(void **state) {
  (void)state;
  ark_closure *closure = closure_of("<ms>l", "l", overwrite);
  kept before, after = {0};
  uint8_t *bytes = (uint8_t *)&before;
  for (size_t i = 0; i < sizeof before; i++) bytes[i] = (uint8_t)random_bits();
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

/* ---- Narrow values */

#define GARBAGE UINT64_C(0xA5C396DEADBEEF00)

/* Each type with what is in a register, and the value that it means. */
static const struct {
  const char *type;
  uint64_t bits;
  int64_t value;
} narrow[] = {
    {"b", GARBAGE | 1, 1},
    {"b", GARBAGE, 0},
    {"c", GARBAGE | 0x80, -128},
    {"c", GARBAGE | 0x7f, 127},
    {"C", GARBAGE | 0x80, 128},
    {"h", 0xffffffffffff7fff, 0x7fff},
    {"h", GARBAGE, -0x1100},
    {"H", GARBAGE, 0xef00},
    {"i", 0x100000000ffffff, 0xffffff},
    {"i", GARBAGE, (int32_t)0xADBEEF00},
    {"I", GARBAGE, 0xADBEEF00},
    {"l", GARBAGE, (int64_t)GARBAGE},
};

static uint64_t returned;

static MS uint64_t return_garbage(void) {
  return returned;
}

static MS uint64_t return_garbage_far(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e) {
  return a + b + c + d + e ? returned : 0;
}

static void should_read_narrow_results_from_the_low_bits(void **state) {
  (void)state;
  const ark_value args[] = {of_i64(1), of_i64(2), of_i64(3), of_i64(4), of_i64(5)};
  for (size_t i = 0; i < COUNT_OF(narrow); i++) {
    returned = narrow[i].bits;
    ark_c_function near = (ark_c_function)(uintptr_t)return_garbage;
    ark_c_function far = (ark_c_function)(uintptr_t)return_garbage_far;
    assert_value(call(near, "<ms>", narrow[i].type, NULL), of_i64(narrow[i].value));
    assert_value(call(far, "<ms>lllll", narrow[i].type, args), of_i64(narrow[i].value));
    assert_value(call(far, "<ms>lllll.", narrow[i].type, args), of_i64(narrow[i].value));
  }
}

static MS double return_half(void) {
  const union {
    uint64_t bits;
    double number;
  } both = {.bits = GARBAGE << 32 | 0x3fc00000};
  return both.number;
}

static void should_read_a_float_from_the_low_half(void **state) {
  (void)state;
  assert_value(call((ark_c_function)(uintptr_t)return_half, "<ms>", "f", NULL), of_f32(1.5f));
}

static size_t next_narrow;

/* Compares four arguments in registers and four on the stack. */
static void check_narrow(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  for (size_t i = 0; i < 8; i++) assert_value(args[i], of_i64(narrow[next_narrow].value));
  *result = args[7];
}

static void should_read_narrow_arguments_of_callbacks_from_the_low_bits(void **state) {
  (void)state;
  for (next_narrow = 0; next_narrow < COUNT_OF(narrow); next_narrow++) {
    const char *type = narrow[next_narrow].type;
    char args[16] = "<ms>";
    for (size_t i = 0; i < 8; i++) strcat(args, type);
    ark_closure *closure = closure_of(args, "l", check_narrow);
    uint64_t bits = narrow[next_narrow].bits;
    MS int64_t (*function)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) =
        (MS int64_t(*)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t))(
            uintptr_t)ark_closure_code(closure);
    assert_int_equal(function(bits, bits, bits, bits, bits, bits, bits, bits), narrow[next_narrow].value);
    ark_closure_retire(closure);
  }
}

/* ---- Structs by reference */

enum { SIZES = 7 };
static const size_t sizes[SIZES] = {3, 5, 6, 7, 16, 17, 4000};
static const char of_sizes[] = "{ccc}{[5c]}{[6c]}{[7c]}{[16c]}{[17c]}{[4000c]}";

/* Adds up what the copies hold and overwrites them, as a callee may. */
static MS uint64_t use_copies(uint8_t *a, uint8_t *b, uint8_t *c, uint8_t *d, uint8_t *e, uint8_t *f, uint8_t *g) {
  uint8_t *copies[SIZES] = {a, b, c, d, e, f, g};
  uint64_t sum = 0;
  for (size_t i = 0; i < SIZES; i++) {
    if ((uintptr_t)copies[i] % 16) return 0;
    for (size_t k = 0; k < sizes[i]; k++) sum = 31 * sum + copies[i][k];
    memset(copies[i], 0xff, sizes[i]);
  }
  return sum;
}

static void should_pass_copies_that_are_aligned_and_belong_to_the_callee(void **state) {
  (void)state;
  static uint8_t given[SIZES][4001], before[SIZES][4001];
  ark_value args[SIZES];
  uint64_t sum = 0;
  for (size_t i = 0; i < SIZES; i++) {
    for (size_t k = 0; k < sizeof given[i]; k++) before[i][k] = given[i][k] = (uint8_t)random_bits();
    args[i] = of_pointer(given[i] + 1); /* what is copied need not be aligned */
    for (size_t k = 0; k < sizes[i]; k++) sum = 31 * sum + given[i][1 + k];
  }
  char text[64];
  strcat(strcpy(text, "<ms>"), of_sizes);
  assert_value(call((ark_c_function)(uintptr_t)use_copies, text, "l", args), of_u64(sum));
  assert_memory_equal(given, before, sizeof given);
}

static void return_three(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  for (size_t i = 0; i < 3; i++) ((uint8_t *)result->pointer)[i] = (uint8_t)(args[0].u64 + i);
}

static void should_return_the_address_of_a_result_in_memory(void **state) {
  (void)state;
  uint8_t room[4] = {0, 0, 0, 9};
  ark_closure *closure = closure_of("<ms>l", "{ccc}", return_three);
  MS void *(*function)(void *, int64_t) = (MS void *(*)(void *, int64_t))(uintptr_t)ark_closure_code(closure);
  assert_ptr_equal(function(room, 5), room);
  const uint8_t expected[] = {5, 6, 7, 9};
  assert_memory_equal(room, expected, sizeof room);
  ark_closure_retire(closure);
}

static void return_float(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  memcpy(result->pointer, args[0].pointer, sizeof(float));
}

static void should_pass_and_return_small_structs_in_integer_registers(void **state) {
  (void)state;
  ark_closure *closure = closure_of("<ms>{f}", "{f}", return_float);
  MS uint64_t (*function)(uint64_t) = (MS uint64_t(*)(uint64_t))(uintptr_t)ark_closure_code(closure);
  assert_int_equal((uint32_t)function(0x123456783fc00000), 0x3fc00000);
  ark_closure_retire(closure);
}

/* ---- Integers of 128 bits, and complex numbers */

__extension__ typedef __int128 int128;
typedef uint64_t register128 __attribute__((vector_size(16))); /* what xmm0 has as a whole */

static int128 wide_of(int64_t high, uint64_t low) {
  return (int128)high * ((int128)1 << 64) + (int128)low;
}

/* Calls a function whose result is in memory. */
static void call_into(ark_c_function function, const char *args, const char *result, const ark_value *values,
                      void *room) {
  bound it = bind(args, result);
  ark_value out = of_pointer(room);
  ark_plan_call(it.plan, function, values, &out);
  unbind(it);
}

static MS int128 weigh(int one, int128 a, double _Complex z, float _Complex w, int128 b, float _Complex y) {
  return one + a * (int128) __real__ z + b * (int128) __imag__ z + (int128) __real__ w * 10 + (int128) __imag__ y;
}

static void should_pass_integers_of_128_bits_and_complex_numbers_as_the_compiler_does(void **state) {
  (void)state;
  const int128 a = wide_of(5, 7), b = wide_of(-9, 11);
  const double z[] = {2, 3};
  const float w[] = {4, 100}, y[] = {100, 6};
  const ark_value args[] = {of_i64(1), of_pointer(&a), of_pointer(z), of_pointer(w), of_pointer(&b), of_pointer(y)};
  int128 result;
  call_into((ark_c_function)(uintptr_t)weigh, "<ms>ix{dd}{ff}x{ff}", "x", args, &result);
  assert_true(result == 1 + a * 2 + b * 3 + 40 + 6);
}

/* The same by what the machine has: addresses of aligned copies, which belong to the callee, and registers. */
static MS register128 negate(int one, int128 *a, double *z, uint64_t w, int128 *b) {
  bool is_aligned = (uintptr_t)a % 16 == 0 && (uintptr_t)b % 16 == 0;
  union {
    int128 number;
    register128 whole;
  } both = {.number = is_aligned && one == 1 && z[1] == 3 && w == UINT64_C(0x40000000) << 32 ? -*a - *b : 0};
  *a = *b = 0;
  return both.whole;
}

static void should_pass_them_by_copies_and_take_an_integer_from_xmm0(void **state) {
  (void)state;
  const int128 a = wide_of(5, 7), b = wide_of(-9, 11);
  const double z[] = {2, 3};
  const float w[] = {0, 2};
  const ark_value args[] = {of_i64(1), of_pointer(&a), of_pointer(z), of_pointer(w), of_pointer(&b)};
  int128 result;
  call_into((ark_c_function)(uintptr_t)negate, "<ms>ix{dd}{ff}x", "x", args, &result);
  assert_true(result == wide_of(4, 0) - 18);
  assert_true(a == wide_of(5, 7) && b == wide_of(-9, 11));
}

/* Subtracts the last of five integers from the second one. */
static void subtract_wide(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  int128 second, last;
  memcpy(&second, args[1].pointer, sizeof second);
  memcpy(&last, args[4].pointer, sizeof last);
  second += args[0].i64 - last;
  memcpy(result->pointer, &second, sizeof second);
}

static void should_give_callbacks_integers_of_128_bits_and_return_them_in_xmm0(void **state) {
  (void)state;
  const int128 a = wide_of(5, 7), b = wide_of(-9, 11);
  ark_closure *closure = closure_of("<ms>ixxxx", "x", subtract_wide);
  uintptr_t code = (uintptr_t)ark_closure_code(closure);
  MS int128 (*function)(int, int128, int128, int128, int128) = (MS int128(*)(int, int128, int128, int128, int128))code;
  assert_true(function(1, a, 0, 0, b) == 1 + a - b);
  MS register128 (*same)(int, const int128 *, const int128 *, const int128 *, const int128 *) =
      (MS register128(*)(int, const int128 *, const int128 *, const int128 *, const int128 *))code;
  register128 whole = same(1, &a, &a, &a, &b);
  int128 number;
  memcpy(&number, &whole, sizeof number);
  assert_true(number == 1 + a - b);
  ark_closure_retire(closure);
}

static void multiply_complex(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  double z[2];
  float w[2];
  memcpy(z, args[0].pointer, sizeof z);
  memcpy(w, args[1].pointer, sizeof w);
  float *product = result->pointer;
  product[0] = (float)(z[0] * (double)w[0] - z[1] * (double)w[1]);
  product[1] = (float)(z[0] * (double)w[1] + z[1] * (double)w[0]);
}

static void should_give_callbacks_complex_numbers_and_return_them(void **state) {
  (void)state;
  ark_closure *closure = closure_of("<ms>{dd}{ff}", "{ff}", multiply_complex);
  MS float _Complex (*function)(double _Complex, float _Complex) =
      (MS float _Complex (*)(double _Complex, float _Complex))(uintptr_t)ark_closure_code(closure);
  double _Complex z;
  float _Complex w;
  __real__ z = 1, __imag__ z = 2, __real__ w = 3, __imag__ w = -4;
  float _Complex product = function(z, w);
  assert_true(__real__ product == 11 && __imag__ product == 2);
  ark_closure_retire(closure);
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

/* Structs of 3 bytes are passed by reference there, too, and those of 8 bytes as a number. */
static MS uint64_t add_variable_structs(int count, ...) {
  __builtin_ms_va_list list;
  __builtin_ms_va_start(list, count);
  uint64_t sum = 0;
  for (int i = 0; i < count; i++) {
    const uint8_t *three = __builtin_va_arg(list, const uint8_t *);
    for (int k = 0; k < 3; k++) sum = 10 * sum + three[k];
    sum = 10 * sum + (uint64_t) __builtin_va_arg(list, double);
    sum = 10 * sum + (__builtin_va_arg(list, uint64_t) >> 56);
  }
  __builtin_ms_va_end(list);
  return sum;
}

static void should_pass_variable_structs(void **state) {
  (void)state;
  static const uint8_t first[] = {1, 2, 3}, second[] = {6, 7, 8}, last[8] = {0, 0, 0, 0, 0, 0, 0, 5};
  const ark_value args[] = {of_i64(2),          of_pointer(first), of_f32(4),       of_pointer(last),
                            of_pointer(second), of_f64(9),         of_pointer(last)};
  ark_c_function function = (ark_c_function)(uintptr_t)add_variable_structs;
  assert_value(call(function, "<ms>i.{ccc}f{[8c]}{ccc}d{[8c]}", "l", args), of_u64(1234567895));
}

/* Callers pass the addresses of copies. GCC 12's own va_arg for this convention outside of Windows looks for the
 * integer itself. */
static MS int64_t add_variable_integers(int count, ...) {
  __builtin_ms_va_list list;
  __builtin_ms_va_start(list, count);
  int128 sum = 0;
  for (int i = 0; i < count; i++) sum = 10 * sum + *__builtin_va_arg(list, const int128 *);
  __builtin_ms_va_end(list);
  return (int64_t)(sum >> 64);
}

static void should_pass_variable_integers_of_128_bits(void **state) {
  (void)state;
  const int128 given[] = {wide_of(1, 0), wide_of(2, 0), wide_of(3, 0), wide_of(4, 0)};
  const ark_value args[] = {of_i64(4), of_pointer(&given[0]), of_pointer(&given[1]), of_pointer(&given[2]),
                            of_pointer(&given[3])};
  assert_value(call((ark_c_function)(uintptr_t)add_variable_integers, "<ms>i.xXxX", "l", args), of_i64(1234));
}

static MS double add_named(float first, double second, ...) {
  __builtin_ms_va_list list;
  __builtin_ms_va_start(list, second);
  double third = __builtin_va_arg(list, double);
  __builtin_ms_va_end(list);
  return 100 * (double)first + 10 * second + third;
}

static void should_pass_named_floats_of_variadic_functions_as_they_are(void **state) {
  (void)state;
  const ark_value args[] = {of_f32(1), of_f64(2), of_f32(3)};
  assert_value(call((ark_c_function)(uintptr_t)add_named, "<ms>fd.f", "d", args), of_f64(123));
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
    cmocka_unit_test(should_read_narrow_results_from_the_low_bits),
    cmocka_unit_test(should_read_a_float_from_the_low_half),
    cmocka_unit_test(should_read_narrow_arguments_of_callbacks_from_the_low_bits),
    cmocka_unit_test(should_pass_copies_that_are_aligned_and_belong_to_the_callee),
    cmocka_unit_test(should_return_the_address_of_a_result_in_memory),
    cmocka_unit_test(should_pass_and_return_small_structs_in_integer_registers),
    cmocka_unit_test(should_pass_integers_of_128_bits_and_complex_numbers_as_the_compiler_does),
    cmocka_unit_test(should_pass_them_by_copies_and_take_an_integer_from_xmm0),
    cmocka_unit_test(should_give_callbacks_integers_of_128_bits_and_return_them_in_xmm0),
    cmocka_unit_test(should_give_callbacks_complex_numbers_and_return_them),
    cmocka_unit_test(should_pass_variable_floats_in_both_registers),
    cmocka_unit_test(should_pass_variable_structs),
    cmocka_unit_test(should_pass_variable_integers_of_128_bits),
    cmocka_unit_test(should_pass_named_floats_of_variadic_functions_as_they_are),
    cmocka_unit_test(should_run_batches),
#endif
  };
  return cmocka_run_group_tests_name("ms", tests, NULL, NULL);
}
