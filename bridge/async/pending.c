#include "async/pending.h"
#include "async/lanes.h"

ark_status arkjs_pending_begin(arkjs_pending *pending, ark_error *error) {
  arkjs_function *function = pending->function;
  ark_status status = arkjs_function_retain_code(function, error);
  if (status) return status;
  arkjs_function_retain(function);
  if (function->library) arkjs_lane_begin_call(function->library);
  return ARK_OK;
}

ark_status arkjs_pending_promise(arkjs_pending *pending, napi_value *promise, ark_handle *handle, ark_error *error) {
  arkjs_env *env = pending->function->env;
  ark_status status = handle ? ark_handles_add(&env->calls, pending, &pending->handle, error) : ARK_OK;
  if (handle) *handle = pending->handle;
  return status ? status : arkjs_host_status(env, napi_create_promise(env->napi, &pending->deferred, promise), error);
}

void arkjs_pending_resolve(arkjs_pending *pending, napi_value value) {
  if (pending->deferred) napi_resolve_deferred(pending->function->env->napi, pending->deferred, value);
  pending->deferred = NULL;
}

void arkjs_pending_reject(arkjs_pending *pending, napi_value reason) {
  if (pending->deferred) napi_reject_deferred(pending->function->env->napi, pending->deferred, reason);
  pending->deferred = NULL;
}

void arkjs_pending_end(arkjs_pending *pending) {
  arkjs_function *function = pending->function;
  if (pending->handle) ark_handles_remove(&function->env->calls, pending->handle);
  if (function->library) arkjs_lane_end_call(function->library);
  arkjs_function_release_code(function);
  arkjs_function_release(function);
}
