#include "env.h"
#include "arkffi/alloc.h"
#include "arkffi/library.h"
#include "callback.h"
#include "cells.h"
#include "engine.h"
#include "library.h"
#include "mailbox.h"
#include "pump.h"
#include "trace.h"
#include "v8/caller.h"
#include "v8/fast.h"

/* The classes are taken when the module loads, before a program can replace them. */
static napi_ref take_class(napi_env napi, const char *name) {
  napi_value global, class;
  napi_valuetype type = napi_undefined;
  napi_ref reference = NULL;
  if (napi_get_global(napi, &global) != napi_ok) return NULL;
  if (napi_get_named_property(napi, global, name, &class) != napi_ok) return NULL;
  if (napi_typeof(napi, class, &type) != napi_ok || type != napi_function) return NULL;
  napi_create_reference(napi, class, 1, &reference);
  return reference;
}

/* The accessor of a class's instances: reading the property would run a program's code where it has one of its own. */
static napi_ref take_getter(napi_env napi, const char *class_name, const char *name) {
  napi_value global, object, describe, class, arguments[2], descriptor, getter;
  napi_valuetype type = napi_undefined;
  napi_ref reference = NULL;
  napi_status status = napi_get_global(napi, &global);
  if (status == napi_ok) status = napi_get_named_property(napi, global, class_name, &class);
  if (status == napi_ok) status = napi_typeof(napi, class, &type);
  if (status != napi_ok || type != napi_function) return NULL;
  status = napi_get_named_property(napi, global, "Object", &object);
  if (status == napi_ok) status = napi_get_named_property(napi, object, "getOwnPropertyDescriptor", &describe);
  if (status == napi_ok) status = napi_get_named_property(napi, class, "prototype", &arguments[0]);
  if (status == napi_ok) status = napi_create_string_utf8(napi, name, NAPI_AUTO_LENGTH, &arguments[1]);
  if (status == napi_ok) status = napi_call_function(napi, object, describe, 2, arguments, &descriptor);
  if (status == napi_ok) status = napi_typeof(napi, descriptor, &type);
  if (status != napi_ok || type != napi_object) return NULL;
  if (napi_get_named_property(napi, descriptor, "get", &getter) != napi_ok) return NULL;
  napi_create_reference(napi, getter, 1, &reference);
  return reference;
}

static napi_status take_method(napi_env napi, napi_value object, const char *name, napi_ref *out) {
  napi_value method;
  napi_status status = napi_get_named_property(napi, object, name, &method);
  return status == napi_ok ? napi_create_reference(napi, method, 1, out) : status;
}

static void take_promise(arkjs_env *env) {
  napi_value global, class, prototype;
  napi_status status = napi_get_global(env->napi, &global);
  if (status == napi_ok) status = napi_get_named_property(env->napi, global, "Promise", &class);
  if (status == napi_ok) status = napi_get_named_property(env->napi, class, "prototype", &prototype);
  if (status == napi_ok) take_method(env->napi, prototype, "then", &env->promise_then);
}

static void take_weak_map(arkjs_env *env) {
  napi_value global, class, map;
  napi_status status = napi_get_global(env->napi, &global);
  if (status == napi_ok) status = napi_get_named_property(env->napi, global, "WeakMap", &class);
  if (status == napi_ok) status = napi_new_instance(env->napi, class, 0, NULL, &map);
  if (status == napi_ok) status = take_method(env->napi, map, "get", &env->aliases_get);
  if (status == napi_ok) status = take_method(env->napi, map, "set", &env->aliases_set);
  if (status == napi_ok) napi_create_reference(env->napi, map, 1, &env->aliases);
}

/* Asks the host, because the answer differs and nothing says so: two elements of two bytes each. */
static bool are_lengths_in_bytes(napi_env napi) {
  napi_value buffer, array, inside;
  napi_typedarray_type type;
  size_t length = 0, offset;
  void *data;
  if (napi_create_arraybuffer(napi, 4, &data, &buffer) != napi_ok) return false;
  if (napi_create_typedarray(napi, napi_uint16_array, 2, buffer, 0, &array) != napi_ok) return false;
  napi_get_typedarray_info(napi, array, &type, &length, &data, &inside, &offset);
  return length == 4;
}

/* Runs on the environment's thread when its JavaScript has ended: closes what is still open, children first. */
static void end(void *data) {
  arkjs_env *env = data;
  env->has_ended = true;
  arkjs_callbacks_end(env);
  arkjs_mailbox_close(env);
  arkjs_pumps_end(env);
  arkjs_lanes_end(env);
  arkjs_engine_end(env);
  arkjs_libraries_end(env);
  arkjs_v8_end(env);
  arkjs_cells_end(env);
  ark_handles_destroy(&env->libraries);
  ark_handles_destroy(&env->callbacks);
  ark_handles_destroy(&env->calls);
  napi_ref taken[] = {env->array_buffer_class,   env->byte_array_class, env->resizable_getter,
                      env->shared_length_getter, env->aliases,          env->aliases_get,
                      env->aliases_set,          env->promise_then};
  for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
    if (taken[i]) napi_delete_reference(env->napi, taken[i]);
  }
  env->napi = NULL;
  arkjs_env_release(env);
}

/* Nothing would come back from here on, and a host that joins its worker threads must not find one waiting, nor wait
 * for calls that have not begun. */
static napi_value leave_threads(napi_env napi, napi_callback_info info) {
  void *env;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &env);
  arkjs_engine_stop(env);
  arkjs_lanes_stop(env);
  arkjs_mailbox_close(env);
  return NULL;
}

/* process.on('exit', …), where the host has it. */
static napi_status listen_for_exit(arkjs_env *env) {
  napi_env napi = env->napi;
  napi_value global, process, on, ignored, arguments[2];
  napi_valuetype type = napi_undefined;
  napi_status status = napi_get_global(napi, &global);
  if (status == napi_ok) status = napi_get_named_property(napi, global, "process", &process);
  if (status == napi_ok) status = napi_typeof(napi, process, &type);
  if (status != napi_ok || type != napi_object) return status;
  status = napi_get_named_property(napi, process, "on", &on);
  if (status == napi_ok) status = napi_typeof(napi, on, &type);
  if (status != napi_ok || type != napi_function) return status;
  status = napi_create_string_utf8(napi, "exit", NAPI_AUTO_LENGTH, &arguments[0]);
  if (status == napi_ok) {
    status = napi_create_function(napi, "arkffi", NAPI_AUTO_LENGTH, leave_threads, env, &arguments[1]);
  }
  return status == napi_ok ? napi_call_function(napi, process, on, 2, arguments, &ignored) : status;
}

napi_status arkjs_env_expect_threads(arkjs_env *env) {
  if (env->waker || env->is_closed) return napi_ok;
  napi_status status = arkjs_mailbox_open(env);
  return status == napi_ok ? listen_for_exit(env) : status;
}

bool arkjs_env_can_run(arkjs_env *env) {
  napi_value global;
  bool ignored;
  /* Looking a property up is allowed just as long as JavaScript is. */
  return napi_get_global(env->napi, &global) == napi_ok &&
         napi_has_named_property(env->napi, global, "process", &ignored) == napi_ok;
}

arkjs_env *arkjs_env_create(napi_env napi) {
  arkjs_env *env = ark_alloc(1, sizeof *env);
  if (!env) return NULL;
  env->napi = napi;
  env->thread = ark_thread_id();
  env->references = 1;
  ark_handles_init(&env->libraries);
  ark_handles_init(&env->callbacks);
  ark_handles_init(&env->calls);
  ark_lock_init(&env->lock);
  ark_condition_init(&env->pumped);
  env->folder = ark_folder_of((const void *)(uintptr_t)arkjs_env_create);
  env->array_buffer_class = take_class(napi, "ArrayBuffer");
  env->byte_array_class = take_class(napi, "Uint8Array");
  env->resizable_getter = take_getter(napi, "ArrayBuffer", "resizable");
  env->shared_length_getter = take_getter(napi, "SharedArrayBuffer", "byteLength");
  take_promise(env);
  take_weak_map(env);
  env->has_traces = arkjs_has_traces(env);
  env->lengths_in_bytes = are_lengths_in_bytes(napi);
  if (!env->array_buffer_class || !env->byte_array_class || !env->promise_then ||
      napi_add_env_cleanup_hook(napi, end, env) != napi_ok) {
    arkjs_env_release(env);
    return NULL;
  }
  return env;
}

void arkjs_env_refer(arkjs_env *env) {
  env->references++;
}

void arkjs_env_release(arkjs_env *env) {
  if (--env->references) return;
  arkjs_engine_free(env->engine);
  ark_condition_destroy(&env->pumped);
  ark_lock_destroy(&env->lock);
  ark_free(env->bindings);
  arkjs_v8_free(env);
  arkjs_v8_free_caller(env);
  arkjs_cells_free(env);
  ark_free(env->folder);
  ark_free(env);
}

void arkjs_frame_close_scope(arkjs_env *env, arkjs_frame *frame) {
  if (frame->scope) napi_close_handle_scope(env->napi, frame->scope);
  frame->scope = NULL;
}

void arkjs_env_forget_calls(arkjs_env *env) {
  ark_lock_enter(&env->lock);
  ark_lock_leave(&env->lock);
}
