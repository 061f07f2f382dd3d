#include "functions/run.h"
#include "env/plain.h"
#include "functions/trace.h"

ark_status arkjs_function_answer(const arkjs_function *function, ark_value result, ark_error_numbers numbers,
                                 napi_value *out, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_site site = {env, NULL, function->name, 0, error, NULL};
  napi_value value, number, system;
  bool is_pair = function->flags & ARKJS_WITH_ERRNO;
  ark_status status = arkjs_to_js(&site, function->signature->result, result, function->flags, is_pair ? &value : out);
  if (status || !is_pair) return status;
  napi_status host = napi_create_object(env->napi, out);
  if (host == napi_ok) host = napi_create_int32(env->napi, numbers.c, &number);
  if (host == napi_ok) host = arkjs_plain_set(env->napi, *out, "value", value);
  if (host == napi_ok) host = arkjs_plain_set(env->napi, *out, "errno", number);
  if (host == napi_ok && ark_has_system_error) {
    host = napi_create_uint32(env->napi, numbers.system, &system);
    if (host == napi_ok) host = arkjs_plain_set(env->napi, *out, "lastError", system);
  }
  return arkjs_host_status(env, host, error);
}

ark_status arkjs_frame_throw_pending(const arkjs_function *function, arkjs_frame *frame) {
  napi_ref boxed = arkjs_frame_take_thrown(function->env, frame);
  if (!boxed) return ARK_OK;
  napi_value thrown = arkjs_unbox(function->env, boxed);
  arkjs_trace_call(function, thrown);
  arkjs_throw_value(function->env, thrown);
  return ARKJS_PENDING;
}
