/* C calls a JavaScript function by V8's own means, for callbacks that give and take numbers.
 *
 * napi_call_function does no more than V8 does, but does it for each call: it asks whether the environment still runs,
 * looks for an exception, and makes handles. Here small integers need no handle, for V8 keeps them in the place that a
 * handle points to. Whether the environment still runs is for the caller to ask, by Node-API, now and then.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_CALLER_H
#define ARKJS_V8_CALLER_H

#include "env/env.h"

/* A place that a handle of V8's may point to, and holds a small integer: the upper half, above zeros. */
typedef uint64_t arkjs_v8_small;

static inline napi_value arkjs_v8_small_handle(arkjs_v8_small *place, int32_t number) {
  *place = (uint64_t)(uint32_t)number << 32;
  return (napi_value)place;
}

/* A number, in that place where it is small, else in an object of V8's. */
napi_value arkjs_v8_number(const arkjs_env *env, double number, arkjs_v8_small *place);

/* Whether a value is a number in such an object, which gives it. */
bool arkjs_v8_get_number(const arkjs_env *env, napi_value value, double *out);

/* Whether a value is a small integer. V8 may have a number that is one in an object, too. */
static inline bool arkjs_v8_get_small(napi_value value, int32_t *out) {
  arkjs_v8_small place = *(const arkjs_v8_small *)value;
  *out = (int32_t)(place >> 32);
  return (uint32_t)place == 0;
}

/* Whether two handles point to the very same value. Numbers may be equal without. */
static inline bool arkjs_v8_is_same(napi_value one, napi_value other) {
  return *(const arkjs_v8_small *)one == *(const arkjs_v8_small *)other;
}

/* Makes sure of the functions below, the first time; a callback is made. Where V8 does not do as it must, or another
 * engine is in use, there is no caller, and arkjs_v8_context gives NULL. */
void arkjs_v8_open_caller(arkjs_env *env);

/* The context that JavaScript runs in, in the handle scope of now; NULL where there is no caller. */
napi_value arkjs_v8_context(const arkjs_env *env);

/* Calls a function, with a handle scope open, and gives what it returns. Whatever it throws is caught and pending for
 * Node-API, as it is behind napi_call_function; the answer is NULL then, and where JavaScript is being terminated. */
napi_value arkjs_v8_invoke(arkjs_env *env, napi_value context, napi_value receiver, napi_value function, size_t count,
                           napi_value *values);

/* The environment is freed. */
void arkjs_v8_free_caller(arkjs_env *env);

#endif
