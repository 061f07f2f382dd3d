#include "async/task.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "calls/call.h"
#include "async/executor.h"
#include "async/pending.h"
#include "functions/worker_call.h"
#include "values/text.h"
#include <string.h>

/* How far a call has come. Whoever moves it on from WAITING, worker or cancellation, has the say. */
enum { WAITING, BEGUN, CANCELLED };

typedef struct arkjs_task {
  arkjs_job job;
  arkjs_flight flight;
  arkjs_origin origin;
  napi_ref kept; /* an array of the objects among the arguments, which must not be collected; NULL for none */
  void *text;    /* the copy of a string result; owned */
  ark_value result;
  atomic_int progress; /* says only who has the say; queue and done list publish what the task holds */
  int error_number;    /* errno, where it was asked for */
  arkjs_arguments arguments;
  ark_value values[]; /* of the arguments */
} arkjs_task;

/* The worker's part. */

/* C may free or overwrite its string as soon as another call runs, so it is copied here and now. */
static void copy_text(arkjs_task *task) {
  const arkjs_function *function = task->flight.function;
  const ark_type *type = function->signature->result;
  ark_error error;
  size_t size;
  if (type->kind != ARK_KIND_STRING || !task->result.pointer) return;
  ark_status status = arkjs_text_measure(type, task->result.pointer, function->name, &size, &error);
  if (!status) {
    task->text = ark_alloc(size, 1);
    if (!task->text) status = ark_fail_memory(&error);
  }
  if (status) {
    arkjs_origin_fail(&task->origin, status, &error);
    return;
  }
  memcpy(task->text, task->result.pointer, size);
  task->result.pointer = task->text;
}

static void run(ark_job *job, ark_worker *worker) {
  (void)worker;
  arkjs_task *task = ark_container_of(job, arkjs_task, job.core);
  int waiting = WAITING;
  if (!atomic_compare_exchange_strong(&task->progress, &waiting, BEGUN)) return;
  task->error_number = arkjs_origin_run(&task->origin, task->values, &task->result);
  void *owned = task->result.pointer;
  copy_text(task);
  arkjs_function_release_result(task->flight.function, (ark_value){.pointer = owned});
}

/* The JavaScript thread's part. */

static void cancel(arkjs_flight *flight) {
  arkjs_task *task = ark_container_of(flight, arkjs_task, flight);
  int waiting = WAITING;
  atomic_compare_exchange_strong(&task->progress, &waiting, CANCELLED);
}

static void drop_arguments(arkjs_task *task) {
  arkjs_function *function = task->flight.function;
  arkjs_arguments_end(function, &task->arguments);
  if (task->kept) napi_delete_reference(function->env->napi, task->kept);
}

/* Ends what the task holds. */
static void free_task(arkjs_task *task) {
  drop_arguments(task);
  arkjs_origin_clear(&task->origin);
  arkjs_flight_end(&task->flight);
  ark_free(task->text);
  ark_free(task);
}

static void settle_promise(arkjs_task *task) {
  arkjs_function *function = task->flight.function;
  ark_error error;
  napi_value value, reason = arkjs_origin_reason(&task->origin);
  if (reason) {
    arkjs_flight_reject(&task->flight, reason);
    return;
  }
  ark_status status = arkjs_function_answer(function, task->result, task->error_number, &value, &error);
  if (status) {
    arkjs_flight_reject(&task->flight, arkjs_error_value(function->env, status, &error));
  } else {
    arkjs_flight_resolve(&task->flight, value);
  }
}

static void settle(arkjs_job *job) {
  arkjs_task *task = ark_container_of(job, arkjs_task, job);
  if (task->flight.deferred) settle_promise(task);
  free_task(task);
}

static void discard(arkjs_job *job) {
  free_task(ark_container_of(job, arkjs_task, job));
}

static napi_status keep_objects(arkjs_task *task, const napi_value *values) {
  const arkjs_function *function = task->flight.function;
  napi_env napi = function->env->napi;
  napi_value objects = NULL;
  napi_status status = napi_ok;
  for (uint32_t i = 0; i < function->signature->count && status == napi_ok; i++) {
    napi_valuetype type;
    status = napi_typeof(napi, values[i], &type);
    if (status != napi_ok || (type != napi_object && type != napi_function)) continue;
    if (!objects) {
      status = napi_create_array(napi, &objects);
      if (status == napi_ok) status = napi_create_reference(napi, objects, 1, &task->kept);
    }
    if (status == napi_ok) status = napi_set_element(napi, objects, i, values[i]);
  }
  return status;
}

/* A task with its arguments, which holds nothing else yet. */
static ark_status create(arkjs_function *function, napi_value *values, arkjs_task **out, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_task *task = ark_alloc(1, sizeof *task + function->signature->count * sizeof task->values[0]);
  if (!task) return ark_fail_memory(error);
  task->job = (arkjs_job){{.run = run}, settle, discard};
  task->flight = (arkjs_flight){.function = function, .cancel = cancel};
  task->origin.function = function;
  task->arguments.values = task->values;
  ark_arena_init(&task->arguments.arena, NULL);

  /* Before they are resolved: what is behind an object's `ptr` lives as long as the object. */
  napi_status host = function->takes_pointers ? keep_objects(task, values) : napi_ok;
  ark_status status = arkjs_host_status(env, host, error);
  if (!status) status = arkjs_arguments_take(function, values, true, &task->arguments, error);
  if (status) {
    drop_arguments(task);
    ark_free(task);
    return status;
  }
  task->result = task->arguments.result;
  *out = task;
  return ARK_OK;
}

/* A refusal rejects the promise that there is already. */
static ark_status submit(arkjs_task *task, napi_value *promise, ark_handle *handle, ark_error *error) {
  arkjs_function *function = task->flight.function;
  ark_lane *lane = function->library ? function->library->lane : NULL;
  ark_status status = arkjs_flight_promise(&task->flight, promise, handle, error);
  if (!status && arkjs_engine_submit(function->env, lane, &task->job, error) == ARK_OK) return ARK_OK;
  if (!status) arkjs_flight_reject(&task->flight, arkjs_error_value(function->env, ARK_NO_MEMORY, error));
  free_task(task);
  return status;
}

static ark_status start(arkjs_function *function, napi_value *values, napi_value *promise, ark_handle *handle,
                        ark_error *error) {
  arkjs_task *task = NULL;
  ark_status status = create(function, values, &task, error);
  if (status) return status;
  status = arkjs_flight_begin(&task->flight, error);
  if (!status) return submit(task, promise, handle, error);
  drop_arguments(task);
  ark_free(task);
  return status;
}

ark_status arkjs_start(arkjs_function *function, napi_value *values, napi_value *promise, ark_error *error) {
  return start(function, values, promise, NULL, error);
}

ark_status arkjs_start_cancellable(arkjs_function *function, napi_value *values, napi_value *promise,
                                   ark_handle *handle, ark_error *error) {
  return start(function, values, promise, handle, error);
}
