#include "async/slot_calls.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "async/executor.h"
#include "async/lanes.h"
#include "async/pending.h"
#include "async/waves.h"
#include "engines/portable.h"
#include "env/throw.h"
#include "functions/worker_call.h"

/* A call whose arguments and result are numbers. Beside a task (async/task.h) it holds nothing that must be freed, and
 * cannot be cancelled. It is small, because each cache line of it travels to the worker and back. */
typedef struct slot_call {
  arkjs_job job;
  arkjs_function *function; /* kept */
  ark_value result;
  arkjs_worker_call call;
  uint32_t promise;   /* its number in async/waves.h */
  ark_value values[]; /* of the arguments */
} slot_call;

/* On the worker. */
static void slot_call_run(ark_job *job, ark_worker *worker) {
  (void)worker;
  slot_call *call = ark_container_of(job, slot_call, job.core);
  arkjs_worker_call_run(&call->call, call->values, &call->result);
}

static void slot_call_free(slot_call *call) {
  arkjs_function *function = call->function;
  arkjs_worker_call_clear(&call->call);
  ark_free(call);
  arkjs_pending_let_go(function);
}

static void slot_call_settle(arkjs_job *job) {
  slot_call *call = ark_container_of(job, slot_call, job);
  napi_value reason = arkjs_worker_call_reason(&call->call);
  if (reason) {
    arkjs_waves_reject(call->function->env, call->promise, reason);
  } else {
    arkjs_waves_resolve(call->function, call->promise, call->result);
  }
  slot_call_free(call);
}

static bool slot_call_settle_silently(arkjs_job *job) {
  slot_call *call = ark_container_of(job, slot_call, job);
  if (arkjs_worker_call_has_failed(&call->call)) return false;
  if (!arkjs_waves_add(call->function, call->promise, call->result)) return false;
  slot_call_free(call);
  return true;
}

static void slot_call_discard(arkjs_job *job) {
  slot_call_free(ark_container_of(job, slot_call, job));
}

static const arkjs_job_kind slot_call_kind = {slot_call_settle, slot_call_discard, slot_call_settle_silently};

static slot_call *slot_call_create(arkjs_function *function) {
  size_t count = function->signature->count;
  slot_call *call = ark_alloc(1, sizeof *call + count * sizeof call->values[0]);
  if (!call) return NULL;
  const ark_value *slots = arkjs_slots_arguments(function->env);
  call->job = (arkjs_job){{.run = slot_call_run}, &slot_call_kind};
  call->function = function;
  call->call.function = function;
  call->promise = arkjs_waves_take_promise(function->env);
  for (size_t i = 0; i < count; i++) call->values[i] = ark_slot_argument(function->plan, slots, i);
  return call;
}

static ark_status slot_call_start(arkjs_function *function, ark_error *error) {
  ark_status status = arkjs_function_check(function, error);
  if (!status) status = arkjs_pending_keep(function, error);
  if (status) return status;
  slot_call *call = slot_call_create(function);
  if (call) {
    status = arkjs_executor_submit(function->env, arkjs_lane_of(function), &call->job, error);
    if (status) slot_call_free(call);
  } else {
    status = ark_fail_memory(error);
    arkjs_pending_let_go(function);
  }
  return status;
}

/* Starts the call whose function and arguments are in the slots. Returns undefined, or a rejected promise. */
static napi_value slot_calls_start(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_env *env = data;
  arkjs_function *function;
  ark_status status = arkjs_slots_find_chosen(env, "start", &function, &env->error);
  if (!status) status = slot_call_start(function, &env->error);
  return status ? arkjs_rejected(env, status, &env->error) : NULL;
}

ark_status arkjs_open_waves(const arkjs_request *request, napi_value *result) {
  return arkjs_waves_open(request->env, request->values[0], slot_calls_start, result, request->error);
}
