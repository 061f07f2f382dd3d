#include "async.h"
#include "arkffi/alloc.h"
#include "arkffi/memory.h"
#include "call.h"
#include "engine.h"
#include "origin.h"
#include <string.h>

/* How far a call has come. Whoever moves it on from WAITING, worker or cancellation, has the say. */
enum { WAITING, BEGUN, CANCELLED };

typedef struct arkjs_task {
  arkjs_job job;
  arkjs_origin origin;
  arkjs_function *function; /* referred to */
  napi_deferred deferred;   /* NULL once the promise has settled */
  napi_ref kept;     /* an array of the objects among the arguments, which must not be collected; NULL for none */
  void *text;        /* the copy of a string result; owned */
  ark_handle handle; /* for cancelCall; 0 for none */
  ark_value result;
  atomic_int progress;
  int error_number; /* errno, where it was asked for */
  arkjs_arguments arguments;
  ark_value values[]; /* of the arguments */
} arkjs_task;

/* The worker's part. */

/* C may free or overwrite its string as soon as another call runs, so it is copied here and now. */
static void copy_text(arkjs_task *task) {
  const ark_type *type = task->function->signature->result;
  uintptr_t address = (uintptr_t)task->result.pointer;
  ark_error error;
  size_t length;
  if (type->kind != ARK_KIND_STRING || !address) return;
  size_t width = ark_type_text_width(type);
  ark_status status = ark_text_length(address, width, task->function->name, &length, &error);
  if (status) {
    arkjs_origin_fail(&task->origin, status, &error);
    return;
  }
  size_t size = (length + 1) * width;
  task->text = ark_alloc(size, 1);
  if (!task->text) {
    arkjs_origin_fail(&task->origin, ark_fail_memory(&error), &error);
    return;
  }
  memcpy(task->text, task->result.pointer, size);
  task->result.pointer = task->text;
}

static void run(ark_job *job) {
  arkjs_task *task = (arkjs_task *)job;
  int waiting = WAITING;
  if (!atomic_compare_exchange_strong(&task->progress, &waiting, BEGUN)) return;
  task->error_number = arkjs_origin_run(&task->origin, task->values, &task->result);
  void *owned = task->result.pointer;
  copy_text(task);
  arkjs_function_release_result(task->function, (ark_value){.pointer = owned});
}

/* The JavaScript thread's part. */

static void drop_arguments(arkjs_task *task) {
  arkjs_arguments_end(task->function, &task->arguments);
  if (task->kept) napi_delete_reference(task->function->env->napi, task->kept);
}

/* Ends what the task holds; the library may be unmapped now. */
static void free_task(arkjs_task *task) {
  arkjs_function *function = task->function;
  arkjs_env *env = function->env;
  if (task->handle) ark_handles_remove(&env->calls, task->handle);
  drop_arguments(task);
  if (function->library) {
    arkjs_library_leave(function->library);
  } else if (function->image) {
    ark_image_drop(function->image);
  }
  arkjs_origin_clear(&task->origin);
  arkjs_function_release(function);
  ark_free(task->text);
  ark_free(task);
}

static void reject(arkjs_task *task, napi_value reason) {
  napi_reject_deferred(task->function->env->napi, task->deferred, reason);
  task->deferred = NULL;
}

static void settle_promise(arkjs_task *task) {
  arkjs_function *function = task->function;
  arkjs_env *env = function->env;
  ark_error error;
  napi_value value, reason = arkjs_origin_reason(&task->origin);
  if (reason) {
    reject(task, reason);
    return;
  }
  ark_status status = arkjs_function_answer(function, task->result, task->error_number, &value, &error);
  if (status) {
    reject(task, arkjs_error_value(env, status, &error));
  } else {
    napi_resolve_deferred(env->napi, task->deferred, value);
  }
}

static void settle(arkjs_job *job) {
  arkjs_task *task = (arkjs_task *)job;
  if (task->deferred) settle_promise(task);
  free_task(task);
}

static void discard(arkjs_job *job) {
  free_task((arkjs_task *)job);
}

static napi_status keep_objects(arkjs_task *task, const napi_value *values) {
  napi_env napi = task->function->env->napi;
  napi_value objects = NULL;
  napi_status status = napi_ok;
  for (uint32_t i = 0; i < task->function->signature->count && status == napi_ok; i++) {
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
  task->function = function;
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

/* From here on free_task ends all that the task holds. */
static ark_status hold(arkjs_task *task, ark_error *error) {
  arkjs_function *function = task->function;
  /* arkjs_arguments_take has seen it open, but an address may be in a library that another thread closes. */
  if (!function->library && function->image && !ark_image_hold(function->image)) {
    drop_arguments(task);
    ark_free(task);
    return arkjs_function_fail_closed(function, error);
  }
  arkjs_function_refer(function);
  if (function->library) arkjs_library_enter(function->library);
  return ARK_OK;
}

/* A refusal rejects the promise that there is already. */
static ark_status submit(arkjs_task *task, napi_value *promise, ark_error *error) {
  arkjs_function *function = task->function;
  arkjs_env *env = function->env;
  ark_lane *lane = function->library ? function->library->lane : NULL;
  ark_status status = arkjs_host_status(env, napi_create_promise(env->napi, &task->deferred, promise), error);
  if (!status && arkjs_engine_submit(env, lane, &task->job, error) == ARK_OK) return ARK_OK;
  if (!status) reject(task, arkjs_error_value(env, ARK_NO_MEMORY, error));
  free_task(task);
  return status;
}

static ark_status start(arkjs_function *function, napi_value *values, napi_value *promise, ark_handle *handle,
                        ark_error *error) {
  arkjs_task *task = NULL;
  ark_status status = create(function, values, &task, error);
  if (!status) status = hold(task, error);
  if (status) return status;
  if (handle) {
    status = ark_handles_add(&function->env->calls, task, &task->handle, error);
    *handle = task->handle;
    if (status) {
      free_task(task);
      return status;
    }
  }
  return submit(task, promise, error);
}

ark_status arkjs_start(arkjs_function *function, napi_value *values, napi_value *promise, ark_error *error) {
  return start(function, values, promise, NULL, error);
}

ark_status arkjs_start_cancellable(arkjs_function *function, napi_value *values, napi_value *promise,
                                   ark_handle *handle, ark_error *error) {
  return start(function, values, promise, handle, error);
}

ark_status arkjs_cancel_call(const arkjs_request *request, napi_value *result) {
  (void)result;
  double number;
  void *found;
  arkjs_site site = arkjs_argument(request, 0);
  if (napi_get_value_double(request->env->napi, request->values[0], &number) != napi_ok) {
    return arkjs_fail_type(&site, "number (the handle of a call)", request->values[0]);
  }
  ark_handle handle = number >= 1 && number < 0x1p53 ? (ark_handle)number : 0;
  if (ark_handles_get(&request->env->calls, handle, &found) != ARK_HANDLE_OPEN) return ARK_OK;
  arkjs_task *task = found;
  int waiting = WAITING;
  atomic_compare_exchange_strong(&task->progress, &waiting, CANCELLED);
  if (task->deferred) reject(task, request->values[1]);
  return ARK_OK;
}

napi_value arkjs_rejected(arkjs_env *env, ark_status status, const ark_error *error) {
  napi_deferred deferred;
  napi_value promise = NULL, reason = arkjs_error_value(env, status, error);
  if (napi_create_promise(env->napi, &deferred, &promise) == napi_ok) {
    napi_reject_deferred(env->napi, deferred, reason);
  }
  return promise;
}
