/* The end of the part of a thread's stack that V8 uses.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_STACK_LIMIT_H
#define ARKJS_V8_STACK_LIMIT_H

#include <stdint.h>

/* The address below which V8 runs no JavaScript on this thread, between `low`, the end of the thread's stack, and
 * `here`, an address in use on it. `low` itself when the host is not V8, or V8 has the limit in another place. */
uintptr_t arkjs_v8_stack_limit(uintptr_t low, uintptr_t here);

#endif
