/* Strings as results of calls by V8. Many functions return the same string each time. So the bytes of the last one
 * are remembered here, and JavaScript remembers the string created from them. If a function's strings keep changing,
 * nothing is compared or remembered for a while.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_STRINGS_H
#define ARKJS_V8_STRINGS_H

#include "functions/function.h"
#include "v8/symbols.h"

/* Adds `recall`, `createText`, `keepText` and `memoryOf`, see V8Access in ts/src/host/bridge.ts. */
napi_status arkjs_v8_share_results(arkjs_env *env, const arkjs_v8_symbols *symbols, napi_value shared);

#endif
