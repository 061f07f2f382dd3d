/* Waves: asynchronous calls whose arguments and results are numbers, and whose promises JavaScript makes.
 *
 * The arguments are in the slots of the portable engine. JavaScript gives each call a number, under which it keeps the
 * functions that settle the promise. Results are written into memory shared with JavaScript, and one call of a
 * JavaScript function settles all promises of such a wave. To make and to settle a promise by Node-API takes several
 * times as long. Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_WAVES_H
#define ARKJS_WAVES_H

#include "functions/function.h"

/* Adds the result of a call to the wave, without running JavaScript. False if it is no number, boolean or undefined,
 * the wave is full, or one is being settled. */
bool arkjs_waves_add(const arkjs_function *function, uint32_t promise, ark_value result);

/* Adds the result of a call to the wave. A result that is no number, a boolean or undefined settles its promise after
 * the wave. */
void arkjs_waves_resolve(const arkjs_function *function, uint32_t promise, ark_value result);

/* Rejects a promise, after the wave. */
void arkjs_waves_reject(arkjs_env *env, uint32_t promise, napi_value reason);

/* Settles the promises of the wave, if there is one. */
void arkjs_waves_flush(arkjs_env *env);

/* The JavaScript function that settles the promises of the wave, for a caller that calls it at once, without arguments,
 * and then arkjs_waves_have_settled; NULL if there is no wave. */
napi_value arkjs_waves_begin(arkjs_env *env);
void arkjs_waves_have_settled(arkjs_env *env);

/* Gives Waves of ts/src/host/bridge.ts: what the JavaScript function `make` has made when this was called first.
 * `start` gets the environment as its data. */
ark_status arkjs_waves_open(arkjs_env *env, napi_value make, napi_callback start, napi_value *made, ark_error *error);

/* In `start`: the number of the promise that the call is to settle. Call it once, before JavaScript can run. */
uint32_t arkjs_waves_take_promise(arkjs_env *env);

/* Called when the environment ends, and when its last reference is released. */
void arkjs_waves_end(arkjs_env *env);
void arkjs_waves_free(arkjs_env *env);

#endif
