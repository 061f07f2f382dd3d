#include "functions/worker_call.h"
#include "arkffi/alloc.h"
#include "functions/run.h"
#include "functions/trace.h"

static _Thread_local arkjs_origin *current;

arkjs_origin *arkjs_origin_current(void) {
  return current;
}

void arkjs_origin_enter(arkjs_origin *origin) {
  current = origin;
}

void arkjs_origin_leave(void) {
  current = NULL;
}

int arkjs_origin_run(arkjs_origin *origin, const ark_value *values, ark_value *result) {
  arkjs_origin_enter(origin);
  int error_number = arkjs_function_run(origin->function, values, result);
  arkjs_origin_leave();
  return error_number;
}

/* False when something has failed before. */
static bool begin_failing(const arkjs_origin *origin) {
  arkjs_origins *batch = origin->batch;
  if (!batch) return !arkjs_origin_has_failed(origin);
  if (atomic_exchange(&batch->has_failed, true)) return false;
  ark_split_stop(batch->split);
  return true;
}

void arkjs_origin_fail(arkjs_origin *origin, ark_status status, const ark_error *error) {
  if (!begin_failing(origin)) return;
  origin->status = status;
  origin->message = ark_alloc(1, sizeof *origin->message);
  if (origin->message) *origin->message = *error;
}

void arkjs_origin_throw(arkjs_origin *origin, napi_value thrown) {
  if (!begin_failing(origin)) return;
  if (!origin->is_pumped) arkjs_trace_async_call(origin->function, thrown);
  origin->thrown = arkjs_box(origin->function->env, thrown);
}

bool arkjs_origin_has_failed(const arkjs_origin *origin) {
  return origin->status || origin->thrown || (origin->batch && origin->batch->has_failed);
}

napi_value arkjs_origin_reason(arkjs_origin *origin) {
  arkjs_env *env = origin->function->env;
  ark_error error;
  if (origin->thrown) {
    napi_ref thrown = origin->thrown;
    origin->thrown = NULL;
    return arkjs_unbox(env, thrown);
  }
  if (!origin->status) return NULL;
  if (origin->message) return arkjs_error_value(env, origin->status, origin->message);
  ark_fail(&error, origin->status, "%s: %s", origin->function->name, ark_status_summary(origin->status));
  return arkjs_error_value(env, origin->status, &error);
}

void arkjs_origin_clear(arkjs_origin *origin) {
  if (origin->thrown) napi_delete_reference(origin->function->env->napi, origin->thrown);
  ark_free(origin->message);
}
