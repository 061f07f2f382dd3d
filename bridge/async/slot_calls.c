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
  arkjs_function *function;
  ark_status status = arkjs_slots_find_chosen(env, "start", &function, &env->error);
  if (!status) status = arkjs_task_start_with_slots(function, arkjs_waves_promise(env), &env->error);
  return status ? arkjs_rejected(env, status, &env->error) : NULL;
}

ark_status arkjs_open_waves(const arkjs_request *request, napi_value *result) {
  return arkjs_waves_open(request->env, request->values[0], slot_calls_start, result, request->error);
}
