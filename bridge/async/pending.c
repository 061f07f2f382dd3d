#include "async/pending.h"
#include "async/lanes.h"

ark_status arkjs_flight_begin(arkjs_flight *flight, ark_error *error) {
  arkjs_function *function = flight->function;
  ark_status status = arkjs_function_hold_code(function, error);
  if (status) return status;
  arkjs_function_refer(function);
  if (function->library) arkjs_library_enter(function->library);
  return ARK_OK;
}

ark_status arkjs_flight_promise(arkjs_flight *flight, napi_value *promise, ark_handle *handle, ark_error *error) {
  arkjs_env *env = flight->function->env;
  ark_status status = handle ? ark_handles_add(&env->calls, flight, &flight->handle, error) : ARK_OK;
  if (handle) *handle = flight->handle;
  return status ? status : arkjs_host_status(env, napi_create_promise(env->napi, &flight->deferred, promise), error);
}

void arkjs_flight_resolve(arkjs_flight *flight, napi_value value) {
  if (flight->deferred) napi_resolve_deferred(flight->function->env->napi, flight->deferred, value);
  flight->deferred = NULL;
}

void arkjs_flight_reject(arkjs_flight *flight, napi_value reason) {
  if (flight->deferred) napi_reject_deferred(flight->function->env->napi, flight->deferred, reason);
  flight->deferred = NULL;
}

void arkjs_flight_end(arkjs_flight *flight) {
  arkjs_function *function = flight->function;
  if (flight->handle) ark_handles_remove(&function->env->calls, flight->handle);
  if (function->library) arkjs_library_leave(function->library);
  arkjs_function_drop_code(function);
  arkjs_function_release(function);
}
