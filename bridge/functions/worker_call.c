#include "functions/worker_call.h"
#include "arkffi/alloc.h"
#include "functions/run.h"
#include "functions/trace.h"

static _Thread_local arkjs_worker_call *worker_current;

arkjs_worker_call *arkjs_worker_call_current(void) {
  return worker_current;
}

void arkjs_worker_call_enter(arkjs_worker_call *call) {
  worker_current = call;
}

void arkjs_worker_call_leave(void) {
  worker_current = NULL;
}

ark_error_numbers arkjs_worker_call_run(arkjs_worker_call *call, const ark_value *values, ark_value *result) {
  arkjs_worker_call_enter(call);
  ark_error_numbers numbers = arkjs_function_run(call->function, values, result);
  arkjs_worker_call_leave();
  return numbers;
}

/* False when the call has failed already. */
static bool worker_begin_failing(const arkjs_worker_call *call) {
  arkjs_worker_batch *batch = call->batch;
  if (!batch) return !arkjs_worker_call_has_failed(call);
  if (atomic_exchange(&batch->has_failed, true)) return false;
  ark_parallel_batch_stop(batch->rows);
  return true;
}

void arkjs_worker_call_fail(arkjs_worker_call *call, ark_status status, const ark_error *error) {
  if (!worker_begin_failing(call)) return;
  call->status = status;
  call->message = ark_alloc(1, sizeof *call->message);
  if (call->message) *call->message = *error;
}

void arkjs_worker_call_throw(arkjs_worker_call *call, napi_value thrown) {
  if (!worker_begin_failing(call)) return;
  if (!call->is_pumped) arkjs_trace_async_call(call->function, thrown);
  call->thrown = arkjs_box(call->function->env, thrown);
}

bool arkjs_worker_call_has_failed(const arkjs_worker_call *call) {
  return call->status || call->thrown || (call->batch && call->batch->has_failed);
}

napi_value arkjs_worker_call_reason(arkjs_worker_call *call) {
  arkjs_env *env = call->function->env;
  ark_error error;
  if (call->thrown) {
    napi_ref thrown = call->thrown;
    call->thrown = NULL;
    return arkjs_unbox(env, thrown);
  }
  if (!call->status) return NULL;
  if (call->message) return arkjs_error_value(env, call->status, call->message);
  ark_fail(&error, call->status, "%s: %s", call->function->name, ark_status_summary(call->status));
  return arkjs_error_value(env, call->status, &error);
}

void arkjs_worker_call_clear(arkjs_worker_call *call) {
  if (call->thrown) napi_delete_reference(call->function->env->napi, call->thrown);
  ark_free(call->message);
}
