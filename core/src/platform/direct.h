/* Calls whose arguments all travel in registers, on the calling conventions that allow one typed function pointer to
 * serve every such signature.
 *
 * That holds where integers and floats are numbered apart and unused argument registers mean nothing to the callee:
 * System V x86-64 (psABI 3.2.3: rdi rsi rdx rcx r8 r9, xmm0-7) and AAPCS64 (6.8.2: x0-7, v0-7). Elsewhere the counts
 * are 0, and only functions without arguments are called this way.
 */
#ifndef ARK__DIRECT_H
#define ARK__DIRECT_H

#include "arkffi/type.h"
#include "convention.h"

#if ARK__SYSTEM_V
#define ARK__DIRECT_INTEGERS 6
#define ARK__DIRECT_FLOATS 8
#define ARK__INTEGER_TYPES uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define ARK__INTEGERS(v, s)                                                                                            \
  (v)[(s)[0]].bits, (v)[(s)[1]].bits, (v)[(s)[2]].bits, (v)[(s)[3]].bits, (v)[(s)[4]].bits, (v)[(s)[5]].bits
#elif ARK__ANY_AAPCS64
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

/* A float's register is its low half, so a float travels as the double that has its bits there. */
#define ARK__FLOAT_TYPES double, double, double, double, double, double, double, double
#define ARK__FLOATS(v, s)                                                                                              \
  (v)[(s)[0]].f64, (v)[(s)[1]].f64, (v)[(s)[2]].f64, (v)[(s)[3]].f64, (v)[(s)[4]].f64, (v)[(s)[5]].f64,                \
      (v)[(s)[6]].f64, (v)[(s)[7]].f64

/* One call for each kind of result register. `integers` and `floats` say which of `args` each register takes; `floats` is
 * NULL where no argument is one. */
#if ARK__DIRECT_INTEGERS
#define ARK__DEFINE_DIRECT(result)                                                                                     \
  static inline result ark__direct_##result(ark_entry entry, const ark_value *args, const uint8_t *integers,           \
                                            const uint8_t *floats) {                                                   \
    if (!floats) return ((result(*)(ARK__INTEGER_TYPES))entry)(ARK__INTEGERS(args, integers));                         \
    return ((result(*)(ARK__INTEGER_TYPES, ARK__FLOAT_TYPES))entry)(ARK__INTEGERS(args, integers),                     \
                                                                    ARK__FLOATS(args, floats));                        \
  }
#else
#define ARK__DEFINE_DIRECT(result)                                                                                     \
  static inline result ark__direct_##result(ark_entry entry, const ark_value *args, const uint8_t *integers,           \
                                            const uint8_t *floats) {                                                   \
    (void)args, (void)integers, (void)floats;                                                                          \
    return ((result(*)(void))entry)();                                                                                 \
  }
#endif

ARK__DEFINE_DIRECT(uint64_t)
ARK__DEFINE_DIRECT(float)
ARK__DEFINE_DIRECT(double)

#endif
