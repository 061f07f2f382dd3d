/* Strings as results of calls by V8. Many functions give the same one each time: so the bytes of the last one are
 * remembered here, and the string that was made of them in JavaScript. Where they give another one each time, nothing is
 * compared or remembered for a while.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_STRINGS_H
#define ARKJS_V8_STRINGS_H

#include "functions/function.h"
#include "v8/symbols.h"

/* Adds `recall`, `createText` and `memoryOf`, see V8Access in ts/src/bridge.ts. */
napi_status arkjs_v8_share_results(arkjs_env *env, const arkjs_v8_symbols *symbols, napi_value shared);

#endif
