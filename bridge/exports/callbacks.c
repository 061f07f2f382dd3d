#include "exports/callbacks.h"
#include "callbacks/enter.h"
#include "callbacks/post.h"
#include "calls/call.h"
#include <stdio.h>
#include <string.h>

/* The callback of the first argument. A closed one gives NULL if `may_be_closed`, and else fails with
 * ARK_CALLBACK_CLOSED. Fails with ARK_INVALID_ARG_TYPE or ARK_INVALID_HANDLE. */
static ark_status callback_argument(const arkjs_request *request, bool may_be_closed, arkjs_callback **out) {
  arkjs_site site = arkjs_argument(request, 0);
  ark_handle handle;
  void *callback = NULL;
  ark_status status = arkjs_handle_argument(request, 0, "number (the handle of a callback)", &handle);
  if (status) return status;
  ark_handle_state state = ark_handles_get(&request->env->callbacks, handle, &callback);
  *out = callback;
  if (state == ARK_HANDLE_UNKNOWN) {
    return arkjs_fail_at(&site, ARK_INVALID_HANDLE, "not the handle of a callback that this thread has created");
  }
  if (state == ARK_HANDLE_CLOSED && !may_be_closed) {
    return ark_fail(request->error, ARK_CALLBACK_CLOSED, "%s: the callback has been closed", request->function);
  }
  return ARK_OK;
}

/* "callback 'compare'", with the name of the function if it has one. */
static ark_status callback_name_of(const arkjs_request *request, napi_value function, char *out, size_t size) {
  napi_value name;
  char text[64];
  size_t length = 0;
  napi_status host = napi_get_named_property(request->env->napi, function, "name", &name);
  if (host != napi_ok) return arkjs_host_status(request->env, host, request->error);
  host = arkjs_host_read_text(&request->env->host, request->env->napi, name, text, sizeof text, &length);
  if (host == napi_ok && length) {
    snprintf(out, size, "callback '%s'", text);
  } else {
    snprintf(out, size, "callback");
  }
  return ARK_OK;
}

/* False, true, or 'post'. */
static ark_status callback_threads_argument(const arkjs_request *request, arkjs_threads *out) {
  arkjs_site site = arkjs_argument(request, 3);
  napi_valuetype type = napi_undefined;
  bool is_threadsafe = false;
  char word[8];
  size_t length = 0;
  if (request->count > 3) napi_typeof(request->env->napi, request->values[3], &type);
  if (type == napi_string) {
    arkjs_host_read_text(&request->env->host, request->env->napi, request->values[3], word, sizeof word, &length);
    *out = ARKJS_POSTED;
    if (strcmp(word, "post") == 0) return ARK_OK;
    return arkjs_fail_type(&site, "boolean or 'post'", request->values[3]);
  }
  if (type != napi_undefined &&
      napi_get_value_bool(request->env->napi, request->values[3], &is_threadsafe) != napi_ok) {
    return arkjs_fail_type(&site, "boolean or 'post'", request->values[3]);
  }
  *out = is_threadsafe ? ARKJS_ANY_THREAD : ARKJS_OWN_THREAD;
  return ARK_OK;
}

static ark_status callback_check_threads(const ark_signature *signature, arkjs_threads threads, ark_error *error) {
  if (threads != ARKJS_POSTED || signature->result->id == ARK_TYPE_VOID) return ARK_OK;
  return ark_fail(error, ARK_BAD_SIGNATURE,
                  "no thread waits for what a posted callback returns: it must be void, not %s",
                  signature->result->c_name);
}

static ark_status callback_parse_types(const arkjs_request *request, arkjs_threads threads, arkjs_types **out) {
  const char *args, *result;
  ark_status status = arkjs_text_argument(request, 1, &args);
  if (!status) status = arkjs_text_argument(request, 2, &result);
  if (!status) status = arkjs_types_find(request->env, args, result, request->arena, out, request->error);
  if (!status) {
    status = callback_check_threads((*out)->signature, threads, request->error);
    if (status) arkjs_types_release(*out);
  }
  if (status != ARK_BAD_SIGNATURE) return status;
  ark_error reason = *request->error;
  return ark_fail(request->error, status, "%s: %s", request->function, reason.message);
}

static ark_status callback_create_from(const arkjs_request *request, arkjs_call_flags flags, bool is_weak,
                                       napi_value *result) {
  arkjs_env *env = request->env;
  arkjs_site site = arkjs_argument(request, 0);
  napi_valuetype type = napi_undefined;
  arkjs_callback *callback;
  arkjs_types *types = NULL;
  arkjs_threads threads;
  char name[80];
  napi_typeof(env->napi, request->values[0], &type);
  if (type != napi_function) return arkjs_fail_type(&site, "function", request->values[0]);
  ark_status status = callback_threads_argument(request, &threads);
  if (!status) status = callback_name_of(request, request->values[0], name, sizeof name);
  if (!status) status = callback_parse_types(request, threads, &types);
  if (!status) status = arkjs_callback_create(env, name, types, &callback, request->error);
  if (status) return status;

  callback->is_weak = is_weak;
  status = arkjs_callback_take(callback, request->values[0], request->error);
  if (!status) status = ark_handles_add(&env->callbacks, callback, &callback->handle, request->error);
  if (!status) {
    napi_status host = napi_create_int64(env->napi, (int64_t)callback->handle, result);
    status = arkjs_host_status(env, host, request->error);
  }
  if (status) {
    arkjs_callback_destroy(callback);
    return status;
  }
  callback->flags = (uint8_t)flags;
  arkjs_callback_set_threads(callback, threads);
  arkjs_callback_set_open(callback, true);
  return ARK_OK;
}

ark_status arkjs_create_callback(const arkjs_request *request, napi_value *result) {
  return callback_create_from(request, ARKJS_NUMERIC_BOOL, false, result);
}

ark_status arkjs_bind_callback(const arkjs_request *request, napi_value *result) {
  bool is_weak;
  ark_status status = arkjs_bool_argument(request, 4, false, &is_weak);
  return status ? status : callback_create_from(request, ARKJS_PLAIN, is_weak, result);
}

ark_status arkjs_get_callback_ptr(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, false, &callback);
  if (status) return status;
  arkjs_callback_keep(callback);
  return arkjs_answer_address(request, (uintptr_t)ark_closure_code(callback->closure), result);
}

ark_status arkjs_get_callback_threadsafe(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, false, &callback);
  if (status) return status;
  napi_status made = napi_get_boolean(request->env->napi, arkjs_callback_threads(callback) != ARKJS_OWN_THREAD, result);
  return arkjs_host_status(request->env, made, request->error);
}

/* An argument's getter, or the function itself, may destroy the callback. */
static ark_status callback_invoke(arkjs_callback *callback, const arkjs_request *request, napi_value *result) {
  arkjs_function *invoker = callback->invoker;
  callback->references++;
  arkjs_function_retain(invoker);
  ark_status status = arkjs_call(invoker, request->values + 1, result, request->error);
  arkjs_function_release(invoker);
  arkjs_callback_release(callback);
  return status;
}

ark_status arkjs_invoke_callback(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, false, &callback);
  if (!status && !callback->invoker) {
    status = arkjs_function_of_code(request->env, callback->name, callback->types->signature,
                                    ark_closure_code(callback->closure), callback->flags, &callback->invoker,
                                    request->error);
  }
  if (!status) status = arkjs_function_check_count(callback->invoker, request->count - 1, request->error);
  return status ? status : callback_invoke(callback, request, result);
}

ark_status arkjs_hold_callback(const arkjs_request *request, napi_value *result) {
  (void)result;
  bool is_held;
  arkjs_callback *callback = NULL;
  ark_status status = arkjs_bool_argument(request, 1, false, &is_held);
  if (!status) status = callback_argument(request, !is_held, &callback);
  if (!status && callback) arkjs_callback_hold(callback, is_held);
  return status;
}

/* Whether a weak callback has been collected. Its function lives while the program can close it itself. */
static bool callback_is_collected(const arkjs_callback *callback) {
  napi_value function = NULL;
  return callback->is_weak && callback->function &&
         napi_get_reference_value(callback->env->napi, callback->function, &function) == napi_ok && !function;
}

ark_status arkjs_destroy_callback(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, true, &callback);
  if (status || !callback) return status;
  callback->is_lost = callback_is_collected(callback);
  arkjs_callback_destroy(callback);
  return ARK_OK;
}

ark_status arkjs_call_callback_thread_safe(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, false, &callback);
  if (status) return status;
  if (arkjs_callback_threads(callback) == ARKJS_OWN_THREAD) {
    return ark_fail(request->error, ARK_WRONG_THREAD, "%s: %s is not threadsafe", request->function, callback->name);
  }
  if (callback->types->signature->count != 1) {
    return ark_fail(request->error, ARK_ARG_COUNT, "%s: posts one argument, but %s takes %zu", request->function,
                    callback->name, callback->types->signature->count);
  }
  arkjs_site site = arkjs_argument(request, 1);
  return arkjs_callback_post_value(callback, &site, request->values[1]);
}
