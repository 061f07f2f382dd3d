/* The part of a JavaScript thread's stack on which JavaScript can run. JavaScript engines end the process when they are
 * entered on another stack, such as that of a coroutine, or beyond the end of their part of the thread's stack.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_STACK_H
#define ARKJS_STACK_H

#include "env/env.h"

/* Measures the stack, once; call it when a callback is created. Where nothing is known, all addresses are on it. */
void arkjs_stack_measure(arkjs_env *env);

/* Whether the caller's own stack frame is where JavaScript can run. */
static inline bool arkjs_stack_has_room(const arkjs_env *env) {
  return (uintptr_t)__builtin_frame_address(0) - env->stack_low < env->stack_size;
}

/* Fails for a callback of that name, or a plain function that was passed to the C function of that name, because
 * arkjs_stack_has_room is false. */
ark_status arkjs_stack_fail(const arkjs_env *env, const char *name, bool is_plain, ark_error *error);

#endif
