#include "async/slot_calls.h"
#include "async/task.h"
#include "async/waves.h"
#include "engines/portable.h"
#include "env/throw.h"

/* Starts the call whose function and arguments are in the slots. Returns undefined, or a rejected promise. */
static napi_value slot_calls_start(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_env *env = data;
  arkjs_function *function = arkjs_slots_function(env, (uint32_t)arkjs_slots_values(env)[0].f64);
  ark_status status = function ? arkjs_task_start_with_slots(function, arkjs_waves_promise(env), &env->error)
                               : ark_fail(&env->error, ARK_INVALID_HANDLE, "start: no function has this number");
  return status ? arkjs_rejected(env, status, &env->error) : NULL;
}

ark_status arkjs_open_waves(const arkjs_request *request, napi_value *result) {
  return arkjs_waves_open(request->env, request->values[0], slot_calls_start, result, request->error);
}
