#include "async/task.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "async/executor.h"
#include "async/lanes.h"
#include "async/pending.h"
#include "calls/call.h"
#include "env/plain.h"
#include "functions/worker_call.h"
#include "values/text.h"
#include <string.h>

/* The progress of a call. The thread that moves it on from WAITING, worker or JavaScript thread, decides whether it
 * runs. */
enum { WAITING, BEGUN, CANCELLED };

typedef struct arkjs_task {
  arkjs_job job;
  arkjs_pending pending;
  arkjs_worker_call call;
  napi_ref
      kept;   /* the object among the arguments, or an array of several, which must not be collected; NULL for none */
  void *text; /* the copy of a string result; owned */
  ark_value result;
  /* Sequentially consistent, though it only decides who wins: the queue and the done list publish the rest. */
  atomic_int progress;
  ark_error_numbers numbers; /* if the flags ask for them */
  arkjs_arguments arguments;
  ark_value values[]; /* of the arguments */
} arkjs_task;

/* On the worker. */

/* Copies a string result at once, because C may free or overwrite it as soon as another call runs. */
static void task_copy_text(arkjs_task *task) {
  const arkjs_function *function = task->pending.function;
  const ark_type *type = function->signature->result;
  ark_error error;
  size_t size;
  if (type->kind != ARK_KIND_STRING || !task->result.pointer) return;
  ark_status status = arkjs_text_measure(type, task->result.pointer, function->name, &size, &error);
  if (!status) {
    task->text = ark_alloc(size, 1);
    if (!task->text) status = ark_fail_memory(&error);
  }
  if (!task->text) {
    arkjs_worker_call_fail(&task->call, status, &error);
    return;
  }
  memcpy(task->text, task->result.pointer, size);
  task->result.pointer = task->text;
}

static void task_run(ark_job *job, ark_worker *worker) {
  (void)worker;
  arkjs_task *task = ark_container_of(job, arkjs_task, job.core);
  int waiting = WAITING;
  if (!atomic_compare_exchange_strong(&task->progress, &waiting, BEGUN)) return;
  task->numbers = arkjs_worker_call_run(&task->call, task->values, &task->result);
  void *owned = task->result.pointer;
  task_copy_text(task);
  arkjs_function_release_result(task->pending.function, (ark_value){.pointer = owned});
}

/* On the JavaScript thread. */

static void task_cancel(arkjs_pending *pending) {
  arkjs_task *task = ark_container_of(pending, arkjs_task, pending);
  int waiting = WAITING;
  atomic_compare_exchange_strong(&task->progress, &waiting, CANCELLED);
}

static void task_end_arguments(arkjs_task *task) {
  arkjs_function *function = task->pending.function;
  arkjs_arguments_end(function, &task->arguments);
  if (task->kept) napi_delete_reference(function->env->napi, task->kept);
}

/* Frees the task and what it holds. */
static void task_free(arkjs_task *task) {
  task_end_arguments(task);
  arkjs_worker_call_clear(&task->call);
  arkjs_pending_end(&task->pending);
  ark_free(task->text);
  ark_free(task);
}

static void task_drop_outs(arkjs_task *task) {
  ark_error unused;
  unused.message[0] = '\0';
  napi_ref outs = arkjs_arguments_outs(&task->arguments);
  if (outs) arkjs_out_drop(task->pending.function->env, outs, ARK_OK, &unused);
}

static void task_settle_promise(arkjs_task *task) {
  arkjs_function *function = task->pending.function;
  ark_error error;
  napi_value value, reason = arkjs_worker_call_reason(&task->call);
  if (reason) {
    task_drop_outs(task);
    arkjs_pending_reject(&task->pending, reason);
    return;
  }
  ark_status status = arkjs_function_answer(function, task->result, task->numbers, &value, &error);
  status = arkjs_arguments_finish(function, &task->arguments, status, &value, &error);
  if (status) {
    arkjs_pending_reject(&task->pending, arkjs_error_value(function->env, status, &error));
  } else {
    arkjs_pending_resolve(&task->pending, value);
  }
}

static void task_settle(arkjs_job *job) {
  arkjs_task *task = ark_container_of(job, arkjs_task, job);
  if (task->pending.deferred) {
    task_settle_promise(task);
  } else {
    task_drop_outs(task); /* it was cancelled, and C may have run nevertheless */
  }
  task_free(task);
}

static void task_discard(arkjs_job *job) {
  task_free(ark_container_of(job, arkjs_task, job));
}

static const arkjs_job_kind task_kind = {task_settle, task_discard, NULL};

static napi_status task_keep_objects(arkjs_task *task, const napi_value *values) {
  const arkjs_function *function = task->pending.function;
  napi_env napi = function->env->napi;
  napi_value objects[ARK_MAX_ARGS], kept;
  size_t count = 0;
  napi_status status = napi_ok;
  for (uint32_t i = 0; i < function->signature->count && status == napi_ok; i++) {
    napi_valuetype type;
    status = napi_typeof(napi, values[i], &type);
    if (type == napi_object || type == napi_function) objects[count++] = values[i];
  }
  if (status != napi_ok || !count) return status;
  kept = objects[0];
  if (count > 1) status = arkjs_plain_list(function->env, count, objects, &kept);
  return status == napi_ok ? napi_create_reference(napi, kept, 1, &task->kept) : status;
}

/* A task without arguments; NULL when out of memory. */
static arkjs_task *task_alloc(arkjs_function *function) {
  arkjs_task *task = ark_alloc(1, sizeof *task + function->signature->count * sizeof task->values[0]);
  if (!task) return NULL;
  task->job = (arkjs_job){{.run = task_run}, &task_kind};
  task->pending = (arkjs_pending){.function = function, .cancel = task_cancel};
  task->call.function = function;
  task->arguments.values = task->values;
  ark_arena_init(&task->arguments.arena, NULL);
  return task;
}

/* Creates a task with its arguments. It holds nothing else yet. */
static ark_status task_create(arkjs_function *function, napi_value *values, arkjs_task **out, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_task *task = task_alloc(function);
  if (!task) return ark_fail_memory(error);

  /* Before the arguments are resolved: the memory of an object's `ptr` lives as long as the object. */
  napi_status host =
      function->types->takes_pointers || function->types->takes_text ? task_keep_objects(task, values) : napi_ok;
  ark_status status = arkjs_host_status(env, host, error);
  if (!status) status = arkjs_arguments_take(function, values, true, &task->arguments, error);
  if (status) {
    task_end_arguments(task);
    ark_free(task);
    return status;
  }
  task->result = task->arguments.result;
  *out = task;
  return ARK_OK;
}

/* If the executor refuses the task, the promise, which exists already, is rejected. */
static ark_status task_submit(arkjs_task *task, arkjs_cancel_group *const groups[], napi_value *promise,
                              ark_error *error) {
  arkjs_function *function = task->pending.function;
  ark_status status = arkjs_pending_promise(&task->pending, groups, promise, error);
  if (!status && arkjs_executor_submit(function->env, arkjs_lane_of(function), &task->job, error) == ARK_OK) {
    return ARK_OK;
  }
  if (!status) arkjs_pending_reject(&task->pending, arkjs_error_value(function->env, ARK_NO_MEMORY, error));
  task_free(task);
  return status;
}

static ark_status task_start(arkjs_function *function, napi_value *values, arkjs_cancel_group *const groups[],
                             napi_value *promise, ark_error *error) {
  arkjs_task *task = NULL;
  ark_status status = task_create(function, values, &task, error);
  if (status) return status;
  status = arkjs_pending_begin(&task->pending, error);
  if (!status) return task_submit(task, groups, promise, error);
  task_end_arguments(task);
  ark_free(task);
  return status;
}

ark_status arkjs_task_start(arkjs_function *function, napi_value *values, napi_value *promise, ark_error *error) {
  return task_start(function, values, NULL, promise, error);
}

ark_status arkjs_task_start_cancellable(arkjs_function *function, napi_value *values,
                                        arkjs_cancel_group *const groups[], napi_value *promise, ark_error *error) {
  return task_start(function, values, groups, promise, error);
}
