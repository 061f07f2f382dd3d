#include "callback.h"
#include "arkffi/alloc.h"
#include "call.h"
#include "crossing.h"
#include "entry.h"
#include "mailbox.h"
#include "v8/caller.h"
#include "v8/fast.h"
#include <stdio.h>
#include <string.h>

void arkjs_callback_release(arkjs_callback *callback) {
  if (--callback->references) return;
  arkjs_types_release(callback->types);
  arkjs_env_release(callback->env);
  ark_free(callback->text);
  ark_free(callback);
}

/* Any thread: the entry point is gone for good. */
static void freed(void *context) {
  arkjs_callback_release(context);
}

ark_status arkjs_callback_fail_closed(const arkjs_callback *callback, ark_error *error) {
  return ark_fail(error, ARK_CALLBACK_CLOSED, "%s: C called the callback after it was closed", callback->name);
}

/* Life. */

/* Types. */

void arkjs_types_release(arkjs_types *types) {
  if (!types || --types->references) return;
  ark_signature_free(types->signature);
  ark_free(types);
}

/* Takes over the signature in every case. */
static ark_status create_types(ark_signature *signature, const char *letters, arkjs_types **out, ark_error *error) {
  arkjs_types *types = ark_alloc(1, sizeof *types + strlen(letters) + 1);
  if (!types) {
    ark_signature_free(signature);
    return ark_fail_memory(error);
  }
  types->references = 1;
  types->signature = signature;
  memcpy(types->letters, letters, strlen(letters) + 1);
  *out = types;
  return ARK_OK;
}

/* With a reference for the caller. */
static ark_status find_types(arkjs_env *env, const char *args, const char *result, ark_arena *arena, arkjs_types **out,
                             ark_error *error) {
  ark_signature *signature;
  size_t size = strlen(args) + strlen(result) + 2;
  char *letters = ark_arena_take(arena, size);
  if (!letters) return ark_fail_memory(error);
  snprintf(letters, size, "%s)%s", args, result);
  if (!env->last_types || strcmp(env->last_types->letters, letters) != 0) {
    arkjs_types *types = NULL;
    ark_status status = ark_signature_parse(args, result, &signature, error);
    if (!status) status = create_types(signature, letters, &types, error);
    if (status) return status;
    arkjs_types_release(env->last_types);
    env->last_types = types;
  }
  *out = env->last_types;
  env->last_types->references++;
  return ARK_OK;
}

/* Whether neither text nor objects go to and fro. */
static bool is_light(const ark_signature *signature) {
  ark_kind result = signature->result->kind;
  if (result == ARK_KIND_STRING || result == ARK_KIND_POINTER || result == ARK_KIND_AGGREGATE) return false;
  for (size_t i = 0; i < signature->count; i++) {
    ark_kind kind = signature->parameters[i].type->kind;
    if (kind == ARK_KIND_STRING || kind == ARK_KIND_AGGREGATE) return false;
  }
  return true;
}

/* A callback that is closed until it is given a function. Takes over the reference to the types in every case. */
static ark_status create(arkjs_env *env, const char *name, arkjs_types *types, arkjs_callback **out, ark_error *error) {
  arkjs_callback *callback = ark_alloc(1, offsetof(arkjs_callback, name) + strlen(name) + 1);
  if (!callback) {
    arkjs_types_release(types);
    return ark_fail_memory(error);
  }
  callback->env = env;
  arkjs_env_refer(env);
  callback->types = types;
  callback->references = 1;
  callback->is_closed = true;
  callback->is_light = is_light(types->signature);
  memcpy(callback->name, name, strlen(name) + 1);
  arkjs_v8_open_caller(env);
  ark_status status = arkjs_host_status(env, arkjs_mailbox_open(env), error);
  if (!status) {
    status = ark_closure_create(types->signature, arkjs_callback_enter, callback, freed, &callback->closure, error);
  }
  if (status) {
    arkjs_callback_release(callback);
    return status;
  }
  *out = callback;
  return ARK_OK;
}

/* While one is open, C is not called in ways from which it could not come back to JavaScript. */
static void set_open(arkjs_callback *callback, bool is_open) {
  bool is_awaited = callback->threads == ARKJS_ANY_THREAD;
  if (is_open == callback->is_closed) arkjs_v8_count_callback(callback->env, is_open ? 1 : -1, is_awaited);
  callback->is_closed = !is_open;
}

/* Lets go of the function. The entry point stays, and is dead. */
static void close_entry(arkjs_callback *callback) {
  set_open(callback, false);
  callback->scope = 0;
  arkjs_callback_abandon(callback);
  if (callback->function) napi_delete_reference(callback->env->napi, callback->function);
  callback->function = NULL;
}

/* Whether it keeps the process alive. */
static void hold(arkjs_callback *callback, bool is_held) {
  if (callback->is_held == is_held) return;
  callback->is_held = is_held;
  if (is_held) {
    arkjs_mailbox_hold(callback->env);
  } else {
    arkjs_mailbox_let_go(callback->env);
  }
}

static void end(arkjs_callback *callback) {
  ark_handles_remove(&callback->env->callbacks, callback->handle);
  hold(callback, false);
  close_entry(callback);
  if (callback->invoker) arkjs_function_release(callback->invoker);
  callback->invoker = NULL;
  ark_closure_retire(callback->closure);
}

void arkjs_callbacks_end(arkjs_env *env) {
  arkjs_types_release(env->last_types);
  env->last_types = NULL;
  uint32_t cursor = 0;
  for (arkjs_callback *callback; (callback = ark_handles_next(&env->callbacks, &cursor));) end(callback);
}

/* For plain functions among arguments. */

static arkjs_callback *take_idle(arkjs_function *function, size_t index) {
  for (arkjs_callback **link = &function->idle; *link; link = &(*link)->next) {
    arkjs_callback *callback = *link;
    if (callback->parameter != index) continue;
    *link = callback->next;
    return callback;
  }
  return NULL;
}

static ark_status create_for_parameter(arkjs_function *function, size_t index, arkjs_callback **out, ark_error *error) {
  ark_signature *signature;
  arkjs_types *types = NULL;
  ark_status status = ark_signature_copy(function->signature->parameters[index].callback, &signature, error);
  if (!status) status = create_types(signature, "", &types, error);
  if (!status) status = create(function->env, function->name, types, out, error);
  if (status) return status;
  (*out)->parameter = (uint8_t)index;
  (*out)->style = (uint8_t)function->style;
  return ARK_OK;
}

ark_status arkjs_callback_borrow(arkjs_function *function, size_t index, napi_value plain, bool is_async,
                                 arkjs_callback **borrowed, ark_value *value, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_callback *callback = take_idle(function, index);
  ark_status status = callback ? ARK_OK : create_for_parameter(function, index, &callback, error);
  if (status) return status;
  callback->next = *borrowed;
  *borrowed = callback;
  if (is_async) {
    status = arkjs_host_status(env, napi_create_reference(env->napi, plain, 1, &callback->function), error);
  } else {
    callback->local = plain;
    callback->scope = ARKJS_ALL_THE_CALL;
  }
  callback->threads = is_async || function->style & ARKJS_PUMPED ? ARKJS_ANY_THREAD : ARKJS_OWN_THREAD;
  callback->is_reported = false;
  set_open(callback, status == ARK_OK);
  value->bits = (uintptr_t)ark_closure_entry(callback->closure);
  return status;
}

void arkjs_callbacks_give_back(arkjs_function *function, arkjs_callback *borrowed) {
  while (borrowed) {
    arkjs_callback *callback = borrowed;
    borrowed = callback->next;
    close_entry(callback);
    callback->next = function->idle;
    function->idle = callback;
  }
}

void arkjs_callbacks_retire(arkjs_callback *idle) {
  while (idle) {
    arkjs_callback *callback = idle;
    idle = callback->next;
    ark_closure_retire(callback->closure);
  }
}

/* The module's functions. */

ark_status arkjs_callback_argument(const arkjs_request *request, bool may_be_closed, arkjs_callback **out) {
  arkjs_site site = arkjs_argument(request, 0);
  double number;
  void *callback = NULL;
  if (napi_get_value_double(request->env->napi, request->values[0], &number) != napi_ok) {
    return arkjs_fail_type(&site, "number (the handle of a callback)", request->values[0]);
  }
  ark_handle handle = number >= 1 && number < 0x1p53 ? (ark_handle)number : 0;
  ark_handle_state state = ARK_HANDLE_UNKNOWN;
  if ((double)handle == number) state = ark_handles_get(&request->env->callbacks, handle, &callback);
  *out = callback;
  if (state == ARK_HANDLE_UNKNOWN) {
    return arkjs_fail_at(&site, ARK_INVALID_HANDLE, "not the handle of a callback that this thread has created");
  }
  if (state == ARK_HANDLE_CLOSED && !may_be_closed) {
    return ark_fail(request->error, ARK_CALLBACK_CLOSED, "%s: the callback has been closed", request->function);
  }
  return ARK_OK;
}

/* "callback 'compare'", from the function's own name where it has one. */
static ark_status name_of(const arkjs_request *request, napi_value function, char *out, size_t size) {
  napi_value name;
  char text[64];
  size_t length = 0;
  napi_status host = napi_get_named_property(request->env->napi, function, "name", &name);
  if (host != napi_ok) return arkjs_host_status(request->env, host, request->error);
  host = napi_get_value_string_utf8(request->env->napi, name, text, sizeof text, &length);
  if (host == napi_ok && length) {
    snprintf(out, size, "callback '%s'", text);
  } else {
    snprintf(out, size, "callback");
  }
  return ARK_OK;
}

/* False, true, or 'post'. */
static ark_status threads_argument(const arkjs_request *request, arkjs_threads *out) {
  arkjs_site site = arkjs_argument(request, 3);
  napi_valuetype type = napi_undefined;
  bool is_threadsafe = false;
  char word[8];
  size_t length = 0;
  if (request->count > 3) napi_typeof(request->env->napi, request->values[3], &type);
  if (type == napi_string) {
    napi_get_value_string_utf8(request->env->napi, request->values[3], word, sizeof word, &length);
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

static ark_status check_threads(const ark_signature *signature, arkjs_threads threads, ark_error *error) {
  if (threads != ARKJS_POSTED || signature->result->id == ARK_TYPE_VOID) return ARK_OK;
  return ark_fail(error, ARK_BAD_SIGNATURE, "nobody waits for what a posted callback returns: it must be void, not %s",
                  signature->result->c_name);
}

static ark_status parse_types(const arkjs_request *request, arkjs_threads threads, arkjs_types **out) {
  const char *args, *result;
  ark_status status = arkjs_text_argument(request, 1, &args);
  if (!status) status = arkjs_text_argument(request, 2, &result);
  if (!status) status = find_types(request->env, args, result, request->arena, out, request->error);
  if (!status) {
    status = check_threads((*out)->signature, threads, request->error);
    if (status) arkjs_types_release(*out);
  }
  if (status != ARK_BAD_SIGNATURE) return status;
  ark_error reason = *request->error;
  return ark_fail(request->error, status, "%s: %s", request->function, reason.message);
}

static ark_status create_from(const arkjs_request *request, arkjs_style style, napi_value *result) {
  arkjs_env *env = request->env;
  arkjs_site site = arkjs_argument(request, 0);
  napi_valuetype type = napi_undefined;
  arkjs_callback *callback;
  arkjs_types *types = NULL;
  arkjs_threads threads;
  char name[80];
  napi_typeof(env->napi, request->values[0], &type);
  if (type != napi_function) return arkjs_fail_type(&site, "function", request->values[0]);
  ark_status status = threads_argument(request, &threads);
  if (!status) status = name_of(request, request->values[0], name, sizeof name);
  if (!status) status = parse_types(request, threads, &types);
  if (!status) status = create(env, name, types, &callback, request->error);
  if (status) return status;

  napi_status host = napi_create_reference(env->napi, request->values[0], 1, &callback->function);
  status = arkjs_host_status(env, host, request->error);
  if (!status) status = ark_handles_add(&env->callbacks, callback, &callback->handle, request->error);
  if (!status) {
    host = napi_create_int64(env->napi, (int64_t)callback->handle, result);
    status = arkjs_host_status(env, host, request->error);
  }
  if (status) {
    end(callback);
    return status;
  }
  callback->style = (uint8_t)style;
  callback->threads = (uint8_t)threads;
  set_open(callback, true);
  return ARK_OK;
}

ark_status arkjs_create_callback(const arkjs_request *request, napi_value *result) {
  return create_from(request, ARKJS_NUMERIC_BOOL, result);
}

ark_status arkjs_bind_callback(const arkjs_request *request, napi_value *result) {
  return create_from(request, ARKJS_PLAIN, result);
}

ark_status arkjs_get_callback_ptr(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = arkjs_callback_argument(request, false, &callback);
  if (status) return status;
  return arkjs_answer_address(request, (uintptr_t)ark_closure_entry(callback->closure), result);
}

ark_status arkjs_get_callback_threadsafe(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = arkjs_callback_argument(request, false, &callback);
  if (status) return status;
  napi_status made = napi_get_boolean(request->env->napi, callback->threads != ARKJS_OWN_THREAD, result);
  return arkjs_host_status(request->env, made, request->error);
}

ark_status arkjs_invoke_callback(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = arkjs_callback_argument(request, false, &callback);
  if (!status && !callback->invoker) {
    status = arkjs_function_of_entry(request->env, callback->name, callback->types->signature,
                                     ark_closure_entry(callback->closure), callback->style, &callback->invoker,
                                     request->error);
  }
  if (!status) status = arkjs_function_check_count(callback->invoker, request->count - 1, request->error);
  return status ? status : arkjs_call(callback->invoker, request->values + 1, result, request->error);
}

ark_status arkjs_hold_callback(const arkjs_request *request, napi_value *result) {
  (void)result;
  bool is_held;
  arkjs_callback *callback = NULL;
  ark_status status = arkjs_callback_argument(request, true, &callback);
  if (!status) status = arkjs_bool_argument(request, 1, false, &is_held);
  if (!status && callback) hold(callback, is_held);
  return status;
}

ark_status arkjs_destroy_callback(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_callback *callback = NULL;
  ark_status status = arkjs_callback_argument(request, true, &callback);
  if (!status && callback) end(callback);
  return status;
}
