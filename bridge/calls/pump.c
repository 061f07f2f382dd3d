#include "calls/pump.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "calls/call.h"
#include "env/mailbox.h"
#include "functions/trace.h"
#include "functions/worker_call.h"

/* A thread for one call at a time. Calls nest when a callback makes another one, so there are as many threads as
 * calls were nested. Each is a lane of its own, because the inner call must not wait for the thread of the outer. */
typedef struct arkjs_pump_thread {
  ark_lane *lane;                 /* owned */
  struct arkjs_pump_thread *next; /* in env->idle_pumps */
} pump_thread;

/* A call, on the stack of the JavaScript thread. */
typedef struct pumped {
  ark_job job;
  arkjs_worker_call call;
  const ark_value *values;
  ark_value result;
  ark_error_numbers numbers;
  bool is_done; /* under the mailbox's lock */
} pumped;

static void pump_run(ark_job *job, ark_worker *worker) {
  (void)worker;
  pumped *call = ark_container_of(job, pumped, job);
  call->numbers = arkjs_worker_call_run(&call->call, call->values, &call->result);
}

static void pump_deliver(void *env, ark_job *job) {
  arkjs_mailbox_finish(env, &ark_container_of(job, pumped, job)->is_done);
}

static ark_status pump_take_thread(arkjs_env *env, pump_thread **out, ark_error *error) {
  pump_thread *thread = env->idle_pumps;
  if (thread) {
    env->idle_pumps = thread->next;
    *out = thread;
    return ARK_OK;
  }
  thread = ark_alloc(1, sizeof *thread);
  if (!thread) return ark_fail_memory(error);
  ark_status status = arkjs_host_status(env, arkjs_mailbox_open(env), error);
  if (!status) status = ark_lane_create(1, &(ark_worker_pool_hooks){pump_deliver, NULL, env}, &thread->lane, error);
  if (status) {
    ark_free(thread);
    return status;
  }
  *out = thread;
  return ARK_OK;
}

static void pump_give_thread_back(arkjs_env *env, pump_thread *thread) {
  thread->next = env->idle_pumps;
  env->idle_pumps = thread;
}

void arkjs_pumps_end(arkjs_env *env) {
  while (env->idle_pumps) {
    pump_thread *thread = env->idle_pumps;
    env->idle_pumps = thread->next;
    ark_lane_free(thread->lane);
    ark_free(thread);
  }
}

static ark_status pump_answer(pumped *call, arkjs_function *function, napi_value *result, ark_error *error) {
  napi_value reason = arkjs_worker_call_reason(&call->call);
  if (!reason) return arkjs_function_answer(function, call->result, call->numbers, result, error);
  arkjs_trace_call(function, reason);
  arkjs_throw_value(function->env, reason);
  return ARKJS_PENDING;
}

static ark_status pump_run_pumped(arkjs_function *function, arkjs_arguments *arguments, napi_value *result,
                                  ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_frame frame;
  pump_thread *thread = NULL;
  pumped call = {.job = {.run = pump_run},
                 .call = {.function = function, .is_pumped = true},
                 .values = arguments->values,
                 .result = arguments->result};
  ark_status status = arkjs_function_retain_code(function, error);
  if (status) return status;
  status = pump_take_thread(env, &thread, error);
  if (!status) {
    arkjs_frame_enter(env, &frame, function->name);
    status = ark_lane_push(thread->lane, &call.job, error);
    if (!status) {
      arkjs_mailbox_pump(env, &call.is_done);
      status = arkjs_frame_throw(function, &frame);
      if (!status) status = pump_answer(&call, function, result, error);
      status = arkjs_arguments_finish(function, arguments, status, result, error);
      arkjs_function_release_result(function, call.result);
    }
    arkjs_worker_call_clear(&call.call);
    arkjs_frame_leave(env);
    pump_give_thread_back(env, thread);
  }
  arkjs_function_release_code(function);
  return status;
}

ark_status arkjs_pump(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error) {
  return arkjs_call_by(function, values, pump_run_pumped, result, error);
}
