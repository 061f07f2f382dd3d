#include "engines/fast_calls.h"
#include "engines/portable.h"
#include "env/frames.h"
#include "env/other_ways.h"
#include "env/plain.h"
#include "functions/trace.h"
#include <string.h>

static void fast_throw_from(const arkjs_function *function, arkjs_env *env, napi_value thrown) {
  if (function) arkjs_trace_call(function, thrown);
  arkjs_throw_value(env, thrown);
}

/* Called by JavaScript after a fast call of the function with the given number: unmaps what was closed during the
 * call, and throws what it recorded. */
static napi_value fast_settle(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 1;
  napi_value number;
  uint32_t callee = 0;
  napi_get_cb_info(napi, info, &count, &number, NULL, &data);
  arkjs_env *env = data;
  struct arkjs_v8 *v8 = env->v8;
  ark_status status = v8->status;
  napi_ref thrown = v8->thrown;
  /* Unmapping runs destructors, which may call back into JavaScript. The result is the first value, and a 64-bit result
   * also as a double the second (ark_thunks_create). */
  const ark_value results[] = {v8->results[0], v8->results[1]};
  v8->status = ARK_OK;
  v8->thrown = NULL;
  v8->gates[ARKJS_GATE_CALLING] = 0;
  napi_get_value_uint32(napi, number, &callee);
  arkjs_frames_settle(env);
  memcpy(v8->results, results, sizeof results);
  if (thrown) {
    fast_throw_from(arkjs_slots_function(env, callee), env, arkjs_unbox(env, thrown));
  } else if (status) {
    arkjs_throw(env, status, &v8->error);
  }
  return NULL;
}

static napi_status fast_share_function(arkjs_env *env, const char *name, napi_callback callback, napi_value out) {
  napi_value function;
  napi_status status = napi_create_function(env->napi, name, NAPI_AUTO_LENGTH, callback, env, &function);
  return status == napi_ok ? arkjs_plain_set(env->napi, out, name, function) : status;
}

napi_status arkjs_fast_share(arkjs_env *env, napi_value *out) {
  napi_env napi = env->napi;
  napi_value buffer, view;
  napi_status status = napi_create_arraybuffer(napi, ARKJS_GATES_SIZE, (void **)&env->v8->gates, &buffer);
  if (status == napi_ok) status = napi_create_typedarray(napi, napi_uint8_array, ARKJS_GATES, buffer, 0, &view);
  if (status == napi_ok) status = napi_create_reference(napi, buffer, 1, &env->v8->buffer);
  env->v8->results =
      env->v8->symbols ? arkjs_slots_values(env) : (ark_value *)(uintptr_t)(env->v8->gates + ARKJS_GATES);
  if (status == napi_ok) status = napi_create_object(napi, out);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "gates", view);
  if (status == napi_ok) status = fast_share_function(env, "settle", fast_settle, *out);
  return status;
}

arkjs_function *arkjs_fast_callee(napi_env napi, napi_callback_info info, arkjs_env **env) {
  void *data;
  size_t count = 1;
  napi_value number;
  uint32_t callee = 0;
  napi_get_cb_info(napi, info, &count, &number, NULL, &data);
  *env = data;
  napi_get_value_uint32(napi, number, &callee);
  return arkjs_slots_function(*env, callee);
}

bool arkjs_fast_find_gate(arkjs_function *function) {
  if (!function->library) return arkjs_v8_take_gate(function->env->v8, &function->gate);
  if (!function->library->gate && !arkjs_v8_take_gate(function->env->v8, &function->library->gate)) return false;
  function->gate = function->library->gate;
  return true;
}

bool arkjs_fast_may_call(const arkjs_function *function) {
  return !function->types->takes_callbacks && (function->library || !function->mapping) &&
         !arkjs_other_ways_contain((const void *)(uintptr_t)function->code);
}
