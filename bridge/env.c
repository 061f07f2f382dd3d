#include "env.h"
#include "arkffi/alloc.h"
#include "arkffi/library.h"
#include "callback.h"
#include "library.h"
#include "mailbox.h"

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
  arkjs_libraries_end(env);
  ark_handles_destroy(&env->libraries);
  ark_handles_destroy(&env->callbacks);
  napi_ref classes[] = {env->array_buffer_class, env->byte_array_class, env->shared_buffer_class};
  for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
    if (classes[i]) napi_delete_reference(env->napi, classes[i]);
  }
  env->napi = NULL;
  arkjs_env_release(env);
}

arkjs_env *arkjs_env_create(napi_env napi) {
  arkjs_env *env = ark_alloc(1, sizeof *env);
  if (!env) return NULL;
  env->napi = napi;
  env->thread = ark_thread_id();
  env->references = 1;
  ark_handles_init(&env->libraries);
  ark_handles_init(&env->callbacks);
  ark_lock_init(&env->lock);
  env->folder = ark_folder_of((const void *)(uintptr_t)arkjs_env_create);
  env->array_buffer_class = take_class(napi, "ArrayBuffer");
  env->byte_array_class = take_class(napi, "Uint8Array");
  env->shared_buffer_class = take_class(napi, "SharedArrayBuffer");
  env->lengths_in_bytes = are_lengths_in_bytes(napi);
  if (!env->array_buffer_class || !env->byte_array_class || napi_add_env_cleanup_hook(napi, end, env) != napi_ok) {
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
  ark_lock_destroy(&env->lock);
  ark_free(env->bindings);
  ark_free(env->folder);
  ark_free(env);
}

void arkjs_frame_enter(arkjs_env *env, arkjs_frame *frame) {
  frame->outer = env->frame;
  frame->thrown = NULL;
  env->frame = frame;
}

void arkjs_frame_leave(arkjs_env *env) {
  env->frame = env->frame->outer;
  if (!env->frame && env->closing_later) arkjs_libraries_unmap(env);
}
