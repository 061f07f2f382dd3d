/* Calls a function with registers and stack loaded from an argument block.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__BLOCK_ENTER_H
#define ARK__BLOCK_ENTER_H

#include "cpu/placement.h"
#include <float.h>
#include <string.h>

/* The registers that carry results, as the called function left them. */
typedef struct ark__returned {
  uint64_t integers[2];
  uint64_t floats[4];
} ark__returned;

/* Loads the argument registers and `stack` words of the stack from `block`, which is laid out as placement.h says,
 * calls `function`, and stores the result registers in *out. Does nothing where the convention is not known. */
void ark__enter(ark_c_function function, const uint64_t *block, size_t stack, ark__returned *out);

/* The same by Microsoft's convention, by which it is called as well. */
#if ARK__MS
__attribute__((ms_abi)) void ark__enter_ms(ark_c_function function, const uint64_t *block, size_t stack,
                                           ark__returned *out);
#endif

/* Takes the number of 80 bits that a function has left in st(0). To be called at once after ark__enter: no other code
 * uses the registers of the x87. Nothing has such a result where a long double has another format. */
static inline void ark__take_x87(void *out) {
#if ARK__SYSTEM_V && LDBL_MANT_DIG == 64
  long double number;
  __asm__ volatile("" : "=t"(number));
  memcpy(out, &number, sizeof number);
#else
  (void)out;
#endif
}

/* The same by the convention of a signature. */
static inline void ark__enter_for(const ark_signature *signature, ark_c_function function, const uint64_t *block,
                                  size_t stack, ark__returned *out) {
  (void)signature;
#if ARK__MS
  if (ark__is_ms(signature)) {
    ark__enter_ms(function, block, stack, out);
    return;
  }
#endif
#if ARK__SYSTEM_V || !ARK__MS
  ark__enter(function, block, stack, out);
#endif
}

#endif
