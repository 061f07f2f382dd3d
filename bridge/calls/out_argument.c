#include "calls/out_argument.h"
#include "env/plain.h"
#include <stdio.h>

bool arkjs_out_is(arkjs_env *env, const ark_type *type, napi_value value) {
  napi_valuetype got = napi_undefined;
  return type->id != ARK_TYPE_CALLBACK && napi_typeof(env->napi, value, &got) == napi_ok && got == napi_function;
}

/* Calls a method of the function. `arguments` are the name that messages begin with, and the library's handle. */
static napi_status out_call(arkjs_env *env, napi_value out, const char *method, size_t count,
                            const napi_value *arguments, napi_value *result) {
  napi_value called;
  napi_status status = napi_get_named_property(env->napi, out, method, &called);
  return status == napi_ok ? napi_call_function(env->napi, out, called, count, arguments, result) : status;
}

static napi_status out_begin(const arkjs_function *function, size_t index, napi_value out, napi_value *bytes) {
  arkjs_env *env = function->env;
  char number[ARK_ERROR_SIZE];
  size_t length;
  const char *name = arkjs_parameter_name(function->parameters, index + 1, &length);
  napi_value arguments[3];
  snprintf(number, sizeof number, length ? ": argument %zu (%.*s)" : ": argument %zu", index + 1, (int)length, name);
  napi_status status = arkjs_host_create_text(&env->host, env->napi, function->name, NAPI_AUTO_LENGTH, &arguments[0]);
  if (status == napi_ok)
    status = arkjs_host_create_text(&env->host, env->napi, number, NAPI_AUTO_LENGTH, &arguments[1]);
  if (status != napi_ok) return status;
  status = function->library ? napi_create_bigint_uint64(env->napi, function->library->handle, &arguments[2])
                             : napi_get_undefined(env->napi, &arguments[2]);
  return status == napi_ok ? out_call(env, out, "begin", 3, arguments, bytes) : status;
}

static napi_status out_add(arkjs_env *env, napi_ref *outs, napi_value out) {
  napi_value list;
  uint32_t count = 0;
  napi_status status;
  if (*outs) {
    status = napi_get_reference_value(env->napi, *outs, &list);
  } else {
    status = arkjs_plain_list(env, 0, NULL, &list);
    if (status == napi_ok) status = napi_create_reference(env->napi, list, 1, outs);
  }
  if (status == napi_ok) status = napi_get_array_length(env->napi, list, &count);
  return status == napi_ok ? arkjs_plain_set_element(env->napi, list, count, out) : status;
}

ark_status arkjs_out_begin(const arkjs_function *function, size_t index, napi_value *value, napi_ref *outs,
                           ark_error *error) {
  napi_value out = *value;
  napi_status status = out_begin(function, index, out, value);
  if (status == napi_ok) status = out_add(function->env, outs, out);
  return arkjs_host_status(function->env, status, error);
}

static napi_status out_read(arkjs_env *env, napi_ref outs, napi_value *values) {
  napi_value list, out, receiver, each[ARK_MAX_ARGS];
  uint32_t count = 0;
  napi_status status = napi_get_reference_value(env->napi, outs, &list);
  if (status == napi_ok) status = napi_get_array_length(env->napi, list, &count);
  if (status == napi_ok) status = napi_get_undefined(env->napi, &receiver);
  for (uint32_t i = 0; i < count && status == napi_ok; i++) {
    status = napi_get_element(env->napi, list, i, &out);
    if (status == napi_ok) status = napi_call_function(env->napi, receiver, out, 0, NULL, &each[i]);
  }
  return status == napi_ok ? arkjs_plain_list(env, count, each, values) : status;
}

ark_status arkjs_out_answer(const arkjs_function *function, napi_ref outs, napi_value *result, ark_error *error) {
  arkjs_env *env = function->env;
  napi_value values, value = *result;
  bool is_pair = function->flags & ARKJS_WITH_ERRNO;
  napi_status status = out_read(env, outs, &values);
  if (status == napi_ok && !value) status = napi_get_undefined(env->napi, &value);
  if (status == napi_ok && !is_pair) status = napi_create_object(env->napi, result);
  if (status == napi_ok && !is_pair) status = arkjs_plain_set(env->napi, *result, "value", value);
  if (status == napi_ok) status = arkjs_plain_set(env->napi, *result, "out", values);
  return arkjs_host_status(env, status, error);
}

void arkjs_out_drop(arkjs_env *env, napi_ref outs, ark_status status, ark_error *error) {
  napi_value list, out, ignored, thrown = status == ARKJS_PENDING ? arkjs_host_take_exception(env->napi) : NULL;
  ark_error kept = *error; /* calls made by `drop` may use the same one */
  uint32_t count = 0;
  if (napi_get_reference_value(env->napi, outs, &list) == napi_ok) napi_get_array_length(env->napi, list, &count);
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env->napi, list, i, &out) != napi_ok) break;
    if (out_call(env, out, "drop", 0, NULL, &ignored) != napi_ok) arkjs_host_take_exception(env->napi);
  }
  *error = kept;
  if (thrown) arkjs_throw_value(env, thrown);
}
