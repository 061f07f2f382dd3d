#include "async.h"
#include "arkffi/alloc.h"
#include "arkffi/memory.h"
#include "call.h"
#include <string.h>

struct arkjs_task {
  arkjs_function *function; /* referred to */
  napi_async_work work;
  napi_deferred deferred;
  napi_ref kept;      /* an array of the objects among the arguments, which must not be collected; NULL for none */
  napi_ref thrown;    /* what a callback threw, boxed; NULL for nothing */
  ark_status status;  /* of a failure on the worker */
  ark_error *message; /* that goes with it; owned; NULL when there is none or memory ran out */
  void *text;         /* the copy of a string result; owned */
  ark_value result;
  arkjs_arguments arguments;
  ark_value values[]; /* of the arguments */
};

static _Thread_local arkjs_task *running;

arkjs_task *arkjs_task_running(void) {
  return running;
}

void arkjs_task_fail(arkjs_task *task, ark_status status, const ark_error *error) {
  if (arkjs_task_has_failed(task)) return;
  task->status = status;
  task->message = ark_alloc(1, sizeof *task->message);
  if (task->message) *task->message = *error;
}

bool arkjs_task_has_failed(const arkjs_task *task) {
  return task->status || task->thrown;
}

arkjs_env *arkjs_task_env(const arkjs_task *task) {
  return task->function->env;
}

void arkjs_task_throw(arkjs_task *task, napi_value thrown) {
  if (!arkjs_task_has_failed(task)) task->thrown = arkjs_box(task->function->env, thrown);
}

/* The worker's part. */

/* C may free or overwrite its string as soon as another call runs, so it is copied here and now. */
static void copy_text(arkjs_task *task) {
  const ark_type *type = task->function->signature->result;
  uintptr_t address = (uintptr_t)task->result.pointer;
  ark_error error;
  size_t length;
  if (type->kind != ARK_KIND_STRING || !address) return;
  bool is_wide = type->id == ARK_TYPE_STRING16;
  ark_status status = is_wide ? ark_string16_length(address, task->function->name, &length, &error)
                              : ark_string_length(address, task->function->name, &length, &error);
  if (status) {
    arkjs_task_fail(task, status, &error);
    return;
  }
  size_t size = is_wide ? (length + 1) * sizeof(char16_t) : length + 1;
  task->text = ark_alloc(size, 1);
  if (!task->text) {
    arkjs_task_fail(task, ark_fail_memory(&error), &error);
    return;
  }
  memcpy(task->text, task->result.pointer, size);
  task->result.pointer = task->text;
}

static void execute(napi_env napi, void *data) {
  (void)napi;
  arkjs_task *task = data;
  running = task;
  ark_plan_call(task->function->plan, task->function->entry, task->values, &task->result);
  running = NULL;
  copy_text(task);
}

/* The JavaScript thread's part. */

/* Ends what the task holds; the library may be unmapped now. */
static void free_task(arkjs_task *task) {
  arkjs_function *function = task->function;
  napi_env napi = function->env->napi;
  if (task->work) napi_delete_async_work(napi, task->work);
  if (task->kept) napi_delete_reference(napi, task->kept);
  arkjs_arguments_end(function, &task->arguments);
  if (function->image) ark_image_drop(function->image);
  arkjs_function_release(function);
  ark_free(task->message);
  ark_free(task->text);
  ark_free(task);
}

static void settle(napi_env napi, napi_status host, void *data) {
  arkjs_task *task = data;
  arkjs_function *function = task->function;
  arkjs_env *env = function->env;
  ark_error error;
  napi_value value;
  if (host != napi_ok) {
    ark_status status =
        ark_fail(&error, ARK_LIBRARY_CLOSED, "%s: the call was cancelled before it began", function->name);
    napi_reject_deferred(napi, task->deferred, arkjs_error_value(env, status, &error));
  } else if (task->thrown) {
    napi_reject_deferred(napi, task->deferred, arkjs_unbox(env, task->thrown));
    task->thrown = NULL;
  } else {
    ark_status status = task->status;
    if (task->message) {
      error = *task->message;
    } else if (status) {
      ark_fail(&error, status, "%s: %s", function->name, ark_status_summary(status));
    } else {
      arkjs_site site = {env, NULL, function->name, 0, &error};
      status = arkjs_to_js(&site, function->signature->result, task->result, function->style, &value);
    }
    if (status) {
      napi_reject_deferred(napi, task->deferred, arkjs_error_value(env, status, &error));
    } else {
      napi_resolve_deferred(napi, task->deferred, value);
    }
  }
  free_task(task);
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

/* Node-API's part of a start: a promise, and work for the pool. */
static napi_status queue(arkjs_task *task, napi_value *promise) {
  napi_env napi = task->function->env->napi;
  napi_value name;
  napi_status status = napi_create_string_utf8(napi, "arkffi", NAPI_AUTO_LENGTH, &name);
  if (status == napi_ok) status = napi_create_async_work(napi, NULL, name, execute, settle, task, &task->work);
  if (status == napi_ok) status = napi_create_promise(napi, &task->deferred, promise);
  if (status == napi_ok) status = napi_queue_async_work(napi, task->work);
  return status;
}

ark_status arkjs_start(arkjs_function *function, napi_value *values, napi_value *promise, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_task *task = ark_alloc(1, sizeof *task + function->signature->count * sizeof task->values[0]);
  if (!task) return ark_fail_memory(error);
  task->function = function;
  task->arguments.values = task->values;

  /* Before they are resolved: what is behind an object's `ptr` lives as long as the object. */
  napi_status host = function->takes_objects ? keep_objects(task, values) : napi_ok;
  ark_status status = arkjs_host_status(env, host, error);
  if (!status) status = arkjs_arguments_take(function, values, true, &task->arguments, error);
  if (status) {
    if (task->kept) napi_delete_reference(env->napi, task->kept);
    ark_free(task);
    return status;
  }
  /* arkjs_arguments_take has seen it open, but an address may be in a library that another thread closes. */
  if (function->image && !ark_image_hold(function->image)) {
    arkjs_arguments_end(function, &task->arguments);
    if (task->kept) napi_delete_reference(env->napi, task->kept);
    ark_free(task);
    return arkjs_function_fail_closed(function, error);
  }
  arkjs_function_refer(function);
  status = arkjs_host_status(env, queue(task, promise), error);
  if (status) free_task(task);
  return status;
}

napi_value arkjs_rejected(arkjs_env *env, ark_status status, const ark_error *error) {
  napi_deferred deferred;
  napi_value promise = NULL, reason = arkjs_error_value(env, status, error);
  if (napi_create_promise(env->napi, &deferred, &promise) == napi_ok) {
    napi_reject_deferred(env->napi, deferred, reason);
  }
  return promise;
}
