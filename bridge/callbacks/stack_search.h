/* The search for the end of the part of the stack that V8 uses, where V8 does not tell it.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_STACK_SEARCH_H
#define ARKJS_STACK_SEARCH_H

#include "env/env.h"

/* Runs JavaScript that calls itself until the stack ends. Returns an address that is some kilobytes below the deepest
 * one that was reached; V8 itself throws where it is entered a little too deep, and ends the process only 40 KB below
 * its end. Returns `low`, the end of the thread's stack, if V8's part reaches that far, or the search fails. */
uintptr_t arkjs_stack_search(arkjs_env *env, uintptr_t low);

#endif
