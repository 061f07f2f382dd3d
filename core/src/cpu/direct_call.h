/* Calls whose arguments all travel in registers, through a single typed function pointer for every such signature.
 *
 * This works if integers and floats are assigned to registers independently and a callee ignores registers that it has
 * no argument in: on System V x86-64 (psABI 3.2.3: rdi rsi rdx rcx r8 r9, xmm0-7) and AAPCS64 (6.8.2: x0-7, v0-7).
 * Under other conventions the numbers of registers are 0, and only functions without arguments are called this way;
 * under Microsoft's, whose plans go by position, none are.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__DIRECT_H
#define ARK__DIRECT_H

#include "arkffi/type.h"
#include "cpu/convention.h"

#if ARK__SYSTEM_V
#define ARK__DIRECT_INTEGERS 6
#define ARK__DIRECT_FLOATS 8
#define ARK__INTEGER_TYPES uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define ARK__INTEGERS(v, s)                                                                                            \
  (v)[(s)[0]].bits, (v)[(s)[1]].bits, (v)[(s)[2]].bits, (v)[(s)[3]].bits, (v)[(s)[4]].bits, (v)[(s)[5]].bits
#elif ARK__AAPCS64
#define ARK__DIRECT_INTEGERS 8
#define ARK__DIRECT_FLOATS 8
#define ARK__INTEGER_TYPES uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define ARK__INTEGERS(v, s)                                                                                            \
  (v)[(s)[0]].bits, (v)[(s)[1]].bits, (v)[(s)[2]].bits, (v)[(s)[3]].bits, (v)[(s)[4]].bits, (v)[(s)[5]].bits,          \
      (v)[(s)[6]].bits, (v)[(s)[7]].bits
#else
#define ARK__DIRECT_INTEGERS 0
#define ARK__DIRECT_FLOATS 0
#endif

/* A float lies in the low half of a float register, so it travels as the double whose low half has its bits. */
#define ARK__FLOAT_TYPES double, double, double, double, double, double, double, double
#define ARK__FLOATS(v, s)                                                                                              \
  (v)[(s)[0]].f64, (v)[(s)[1]].f64, (v)[(s)[2]].f64, (v)[(s)[3]].f64, (v)[(s)[4]].f64, (v)[(s)[5]].f64,                \
      (v)[(s)[6]].f64, (v)[(s)[7]].f64

/* One function for each kind of result register. `integers` and `floats` have the index in `args` of what each register
 * is loaded with; `floats` is NULL if no argument is a float. */
#if ARK__DIRECT_INTEGERS
#define ARK__DEFINE_DIRECT(result)                                                                                     \
  static inline result ark__direct_##result(ark_c_function function, const ark_value *args, const uint8_t *integers,   \
                                            const uint8_t *floats) {                                                   \
    if (!floats) return ((result(*)(ARK__INTEGER_TYPES))function)(ARK__INTEGERS(args, integers));                      \
    return ((result(*)(ARK__INTEGER_TYPES, ARK__FLOAT_TYPES))function)(ARK__INTEGERS(args, integers),                  \
                                                                       ARK__FLOATS(args, floats));                     \
  }
#else
#define ARK__DEFINE_DIRECT(result)                                                                                     \
  static inline result ark__direct_##result(ark_c_function function, const ark_value *args, const uint8_t *integers,   \
                                            const uint8_t *floats) {                                                   \
    (void)args, (void)integers, (void)floats;                                                                          \
    return ((result(*)(void))function)();                                                                              \
  }
#endif

ARK__DEFINE_DIRECT(uint64_t)
ARK__DEFINE_DIRECT(float)
ARK__DEFINE_DIRECT(double)

#endif
