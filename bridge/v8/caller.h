/* Calls of JavaScript functions through V8's own functions, for callbacks that take and return numbers.
 *
 * napi_call_function calls V8 too, but for each call it also checks that the environment still runs, looks for an
 * exception, and creates handles. Here small integers need no handle, because V8 stores them in the memory that a
 * handle points to. The caller must check by Node-API, from time to time, that the environment still runs.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_CALLER_H
#define ARKJS_V8_CALLER_H

#include "env/env.h"

/* Memory that a handle of V8 may point to, with a small integer: the number in the upper half, zeros in the lower. */
typedef uint64_t arkjs_v8_small;

static inline napi_value arkjs_v8_small_handle(arkjs_v8_small *place, int32_t number) {
  *place = (uint64_t)(uint32_t)number << 32;
  return (napi_value)place;
}

/* A handle of a number: in *place if it is a small integer, else in an object that V8 creates. */
napi_value arkjs_v8_number(const arkjs_env *env, double number, arkjs_v8_small *place);

/* Whether a value is a number in such an object. Sets *out to the number. */
bool arkjs_v8_get_number(const arkjs_env *env, napi_value value, double *out);

/* Whether a value is a small integer. Sets *out to it. V8 may also store a small integer in an object, which this
 * does not find. */
static inline bool arkjs_v8_get_small(napi_value value, int32_t *out) {
  arkjs_v8_small place = *(const arkjs_v8_small *)value;
  *out = (int32_t)(place >> 32);
  return (uint32_t)place == 0;
}

/* Whether two handles point to the identical value. Equal numbers need not be identical. */
static inline bool arkjs_v8_is_same(napi_value one, napi_value other) {
  return *(const arkjs_v8_small *)one == *(const arkjs_v8_small *)other;
}

/* Prepares and tests the functions below, once; call it when a callback is created. If V8 behaves unexpectedly or its
 * engine is not in use, nothing is prepared, and arkjs_v8_context returns NULL. */
void arkjs_v8_open_caller(arkjs_env *env);

/* V8's current context, as a handle in the current handle scope. NULL when V8 is not called directly. */
napi_value arkjs_v8_context(const arkjs_env *env);

/* Calls a function and returns its result. A handle scope must be open. If the function throws, the exception is
 * pending for Node-API as after napi_call_function, and the result is NULL. It is NULL as well when JavaScript is
 * being terminated. */
napi_value arkjs_v8_invoke(arkjs_env *env, napi_value context, napi_value receiver, napi_value function, size_t count,
                           napi_value *values);

/* Makes a handle that is valid in every handle scope until it is given to arkjs_v8_unpin, and keeps the value alive. It
 * takes less than half of the memory of a reference of Node-API, and the value is there without a call. NULL when V8 is
 * not called directly. */
napi_value arkjs_v8_pin(const arkjs_env *env, napi_value value);

/* Ends a handle that arkjs_v8_pin has made, before the environment has ended. */
void arkjs_v8_unpin(const arkjs_env *env, napi_value pinned);

/* Call it when the environment is freed. */
void arkjs_v8_free_caller(arkjs_env *env);

#endif
