/* Calls a function with registers and stack loaded from an argument block.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__BLOCK_ENTER_H
#define ARK__BLOCK_ENTER_H

#include "cpu/placement.h"

/* The registers that carry results, as the called function left them. */
typedef struct ark__returned {
  uint64_t integers[2];
  uint64_t floats[4];
} ark__returned;

/* Loads the argument registers and `stack` words of the stack from `block`, which is laid out as placement.h says,
 * calls `function`, and stores the result registers in *out. Does nothing where the convention is not known. */
void ark__enter(ark_c_function function, const uint64_t *block, size_t stack, ark__returned *out);

#endif
