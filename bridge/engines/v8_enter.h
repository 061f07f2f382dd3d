/* The way into C by V8 for functions that have no thunk: their arguments are in the cells, and V8 calls one function for
 * them all.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_ENTER_H
#define ARKJS_V8_ENTER_H

#include "functions/function.h"
#include "v8/symbols.h"

/* Adds `enter` and `environment`, see V8Access in ts/src/bridge.ts. */
napi_status arkjs_v8_share_enter(arkjs_env *env, const arkjs_v8_symbols *symbols, napi_value shared);

#endif
