#include "callbacks/stack.h"
#include "callbacks/stack_search.h"
#include "env/host.h"
#include "v8/stack_limit.h"

static uintptr_t stack_here(void) {
  return (uintptr_t)__builtin_frame_address(0);
}

void arkjs_stack_measure(arkjs_env *env) {
  ark_stack stack;
  uintptr_t here = stack_here();
  if (env->is_stack_measured) return;
  env->is_stack_measured = true;
  /* A host that itself runs JavaScript on another stack knows what it does. */
  if (!ark_thread_stack(&stack) || here < stack.low || here >= stack.high) return;
  env->stack_bottom = stack.low;
  env->stack_low = arkjs_v8_stack_limit(stack.low, here);
  if (env->stack_low == stack.low && arkjs_host_hides_v8(env->napi)) {
    env->stack_low = arkjs_stack_search(env, stack.low);
  }
  env->stack_size = stack.high - env->stack_low;
}

ark_status arkjs_stack_fail(const arkjs_env *env, const char *name, bool is_plain, ark_error *error) {
  uintptr_t here = stack_here();
  if (here >= env->stack_bottom && here < env->stack_low) {
    return ark_fail(error, ARK_STACK_OVERFLOW,
                    "%s: Maximum call stack size exceeded: C called the callback where no stack is left for JavaScript",
                    name);
  }
  return ark_fail(
      error, ARK_WRONG_STACK,
      "%s: C called the callback on a stack that is not its JavaScript thread's, such as a coroutine's; call the "
      "C function with .async%s, or declare the C function with callbacks: 'pump'",
      name, is_plain ? "" : " and make the callback threadsafe");
}
