/* What the engines share whose calls pass this library by: V8's (engines/v8.h) and the host's own (host_calls.h).
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_FAST_CALLS_H
#define ARKJS_FAST_CALLS_H

#include "functions/function.h"
#include "v8/gates.h"

/* Creates *out with `gates` and `settle`, see FastAccess in ts/src/host/bridge.ts. The environment must have the state
 * of such an engine. */
napi_status arkjs_fast_share(arkjs_env *env, napi_value *out);

/* The C function whose number is the argument of a call from JavaScript; NULL if there is none. The data of the called
 * function is the environment, which *env is set to. */
arkjs_function *arkjs_fast_callee(napi_env napi, napi_callback_info info, arkjs_env **env);

/* Sets the function's gate: the library's, or one of its own for a bare address outside of every open library. False
 * when no gate is free. */
bool arkjs_fast_find_gate(arkjs_function *function);

/* False for a function that must be called by another engine: another thread may unmap its code, or it is one of the
 * host's, which may turn the event loop or call JavaScript, or it takes callbacks, which need room of their own. */
bool arkjs_fast_may_call(const arkjs_function *function);

#endif
