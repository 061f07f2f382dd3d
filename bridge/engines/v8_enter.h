/* Calls by V8 for functions without a thunk. V8 calls one C function for all of them, and their arguments are in the
 * slots.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_ENTER_H
#define ARKJS_V8_ENTER_H

#include "functions/function.h"
#include "v8/symbols.h"

/* Adds `enter` and `environment`, see V8Access in ts/src/host/bridge.ts. */
napi_status arkjs_v8_share_enter(arkjs_env *env, const arkjs_v8_symbols *symbols, napi_value shared);

#endif
