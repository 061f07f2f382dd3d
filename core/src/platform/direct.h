/* Calls whose arguments all travel in registers, on the calling conventions that allow one typed function pointer to
 * serve every such signature.
 *
 * That holds where integers and floats are numbered apart and unused argument registers mean nothing to the callee:
 * System V x86-64 (psABI 3.2.3: rdi rsi rdx rcx r8 r9, xmm0-7) and AAPCS64 (6.8.2: x0-7, v0-7). Elsewhere the counts
 * are 0, and only functions without arguments are called this way.
 */
#ifndef ARK__DIRECT_H
#define ARK__DIRECT_H

#include "arkffi/plan.h"

#if defined(__x86_64__) && !defined(_WIN32) && !defined(__ILP32__)
#define ARK__DIRECT_INTEGERS 6
#define ARK__DIRECT_FLOATS 8
#define ARK__INTEGER_TYPES uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define ARK__INTEGERS(r) (r)[0].bits, (r)[1].bits, (r)[2].bits, (r)[3].bits, (r)[4].bits, (r)[5].bits
#elif defined(__aarch64__) && !defined(_WIN32)
#define ARK__DIRECT_INTEGERS 8
#define ARK__DIRECT_FLOATS 8
#define ARK__INTEGER_TYPES uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t
#define ARK__INTEGERS(r)                                                                                               \
  (r)[0].bits, (r)[1].bits, (r)[2].bits, (r)[3].bits, (r)[4].bits, (r)[5].bits, (r)[6].bits, (r)[7].bits
#else
#define ARK__DIRECT_INTEGERS 0
#define ARK__DIRECT_FLOATS 0
#endif

/* A float's register is its low half, so a float travels as the double that has its bits there. */
#define ARK__FLOAT_TYPES double, double, double, double, double, double, double, double
#define ARK__FLOATS(r) (r)[0].f64, (r)[1].f64, (r)[2].f64, (r)[3].f64, (r)[4].f64, (r)[5].f64, (r)[6].f64, (r)[7].f64

/* One call for each kind of result register. `integers` and `floats` hold one value for each register. */
#if ARK__DIRECT_INTEGERS
#define ARK__DEFINE_DIRECT(result)                                                                                     \
  static inline result ark__direct_##result(ark_entry entry, const ark_value *integers, const ark_value *floats) {     \
    if (!floats) return ((result(*)(ARK__INTEGER_TYPES))entry)(ARK__INTEGERS(integers));                               \
    return ((result(*)(ARK__INTEGER_TYPES, ARK__FLOAT_TYPES))entry)(ARK__INTEGERS(integers), ARK__FLOATS(floats));     \
  }
#else
#define ARK__DEFINE_DIRECT(result)                                                                                     \
  static inline result ark__direct_##result(ark_entry entry, const ark_value *integers, const ark_value *floats) {     \
    (void)integers, (void)floats;                                                                                      \
    return ((result(*)(void))entry)();                                                                                 \
  }
#endif

ARK__DEFINE_DIRECT(uint64_t)
ARK__DEFINE_DIRECT(float)
ARK__DEFINE_DIRECT(double)

#endif
