#include "callbacks/invoke.h"
#include "arkffi/alloc.h"
#include "values/text.h"
#include <string.h>

static ark_status invoke_call_function(const arkjs_callback *callback, const arkjs_callee *to, const ark_value *args,
                                       napi_value *values, napi_value *answer, ark_error *error) {
  arkjs_env *env = callback->env;
  const ark_signature *signature = callback->types->signature;
  arkjs_site site = {env, NULL, callback->name, 0, error, NULL};
  for (size_t i = 0; i < signature->count; i++) {
    site.argument = i + 1;
    ark_status status = arkjs_to_js(&site, signature->parameters[i].type, args[i], callback->flags, &values[i]);
    if (status) return status;
  }
  napi_status host = napi_call_function(env->napi, to->receiver, to->function, signature->count, values, answer);
  return host == napi_ok ? ARK_OK : arkjs_host_status(env, host, error);
}

static ARK_NOINLINE ark_status invoke_call_with_many(const arkjs_callback *callback, const arkjs_callee *to,
                                                     const ark_value *args, napi_value *answer, ark_error *error) {
  napi_value values[ARK_MAX_ARGS];
  return invoke_call_function(callback, to, args, values, answer, error);
}

ark_status arkjs_callback_invoke(const arkjs_callback *callback, const arkjs_callee *to, const ark_value *args,
                                 napi_value *answer, ark_error *error) {
  napi_value values[ARKJS_FEW_ARGS];
  return callback->types->signature->count <= ARKJS_FEW_ARGS
             ? invoke_call_function(callback, to, args, values, answer, error)
             : invoke_call_with_many(callback, to, args, answer, error);
}

ark_status arkjs_callback_find_function(const arkjs_callback *callback, napi_value *out, ark_error *error) {
  napi_value function = NULL;
  napi_status host = napi_get_reference_value(callback->env->napi, callback->function, &function);
  if (host != napi_ok) return arkjs_host_status(callback->env, host, error);
  if (!function) return arkjs_callback_fail_closed(callback, error);
  *out = function;
  return ARK_OK;
}

static ark_status invoke_find_callee(const arkjs_callback *callback, arkjs_callee *out, ark_error *error) {
  out->function = callback->local;
  napi_status host = napi_get_undefined(callback->env->napi, &out->receiver);
  if (host != napi_ok) return arkjs_host_status(callback->env, host, error);
  if (arkjs_callback_keeps_local(callback)) return ARK_OK;
  return arkjs_callback_find_function(callback, &out->function, error);
}

ark_status arkjs_callback_call(arkjs_callback *callback, const ark_value *args, napi_value *answer, ark_error *error) {
  arkjs_callee to;
  if (callback->is_closed) return arkjs_callback_fail_closed(callback, error);
  ark_status status = invoke_find_callee(callback, &to, error);
  return status ? status : arkjs_callback_invoke(callback, &to, args, answer, error);
}

/* Text that a callback returns must outlive the call. C may use it until the callback returns again or is freed. */
static ark_status invoke_keep_text(arkjs_callback *callback, ark_value *result, ark_error *error) {
  if (!result->pointer) return ARK_OK;
  size_t size = arkjs_text_size(callback->types->signature->result, result->pointer);
  char *copy = ark_alloc(size, 1);
  if (!copy) return ark_fail_memory(error);
  ark_free(callback->text);
  callback->text = memcpy(copy, result->pointer, size);
  result->pointer = copy;
  return ARK_OK;
}

static ark_status invoke_fail_promise(const arkjs_site *site, const ark_type *type) {
  return arkjs_fail_at(site, ARK_INVALID_ARG_TYPE,
                       "expected %s, got a Promise: C called on the JavaScript thread, which cannot wait for it",
                       type->c_name);
}

ark_status arkjs_callback_answer(arkjs_callback *callback, napi_value answer, ark_arena *arena, ark_value *out,
                                 ark_error *error) {
  const ark_type *type = callback->types->signature->result;
  arkjs_site site = {callback->env, arena, callback->name, 0, error, NULL};
  /* For these types a Promise would be accepted silently, or be refused as an object without an address. */
  bool is_hidden = type->kind == ARK_KIND_VOID || type->kind == ARK_KIND_POINTER;
  if (is_hidden && arkjs_is_promise(site.env, answer)) return invoke_fail_promise(&site, type);
  napi_valuetype got = napi_undefined;
  if (type->kind == ARK_KIND_STRING) napi_typeof(site.env->napi, answer, &got);
  ark_status status = callback->is_light ? ARK_OK : arkjs_resolve(&site, type, &answer);
  if (status) return status;
  status = arkjs_to_c(&site, type, answer, out);
  if (!status && got == napi_string) status = invoke_keep_text(callback, out, error);
  return status == ARK_INVALID_ARG_TYPE && arkjs_is_promise(site.env, answer) ? invoke_fail_promise(&site, type)
                                                                              : status;
}

void arkjs_callback_give(const arkjs_callback *callback, ark_value value, ark_value *result) {
  const ark_type *type = callback->types->signature->result;
  if (type->kind == ARK_KIND_AGGREGATE) {
    memcpy(result->pointer, value.pointer, type->size);
  } else {
    *result = value;
  }
}
