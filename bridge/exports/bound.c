#include "exports/bound.h"
#include "async/async_batch.h"
#include "async/task.h"
#include "callbacks/borrow.h"
#include "calls/batch_call.h"
#include "calls/call.h"
#include "calls/pump.h"
#include "env/plain.h"
#include "v8/gates.h"
#include <string.h>

/* Most functions take few arguments. These calls use little stack, because calls nest. */
enum { FEW_ARGS = 8 };

/* Gets the arguments of a call of a bound function. Fails with ARK_ARG_COUNT unless there are as many as the function
 * takes. */
static ark_status bound_arguments(napi_env napi, napi_callback_info info, arkjs_function **function,
                                  napi_value *values) {
  void *data;
  size_t count = FEW_ARGS;
  napi_get_cb_info(napi, info, &count, values, NULL, &data);
  *function = data;
  ark_status status = arkjs_function_check_count(*function, count, &(*function)->env->error);
  if (!status && count > FEW_ARGS) napi_get_cb_info(napi, info, &count, values, NULL, NULL);
  return status;
}

static napi_value bound_call(napi_env napi, napi_callback_info info, napi_value *values) {
  napi_value result = NULL;
  arkjs_function *function;
  ark_status status = bound_arguments(napi, info, &function, values);
  arkjs_env *env = function->env;
  if (!status) status = arkjs_call(function, values, &result, &env->error);
  if (!status) return result;
  arkjs_throw(env, status, &env->error);
  return NULL;
}

static napi_value bound_call_with_few(napi_env napi, napi_callback_info info) {
  napi_value values[FEW_ARGS];
  return bound_call(napi, info, values);
}

static napi_value bound_call_with_many(napi_env napi, napi_callback_info info) {
  napi_value values[ARK_MAX_ARGS];
  return bound_call(napi, info, values);
}

/* *result is the buffer when this is called; it becomes NULL, for undefined. */
static ark_status bound_answer_into(const arkjs_function *function, ark_value value, ark_error_numbers numbers,
                                    napi_value *result, ark_error *error) {
  (void)numbers;
  const ark_type *type = function->signature->result;
  arkjs_site site = {function->env, NULL, function->name, 0, error, NULL};
  napi_value buffer;
  void *data;
  size_t size;
  if (type->kind != ARK_KIND_AGGREGATE || !arkjs_find_bytes(function->env, *result, &buffer, &data, &size) ||
      size != type->size) {
    return arkjs_fail_type(&site, "a buffer of just its bytes", *result);
  }
  arkjs_copy_struct(type, value.pointer, data);
  *result = NULL;
  return ARK_OK;
}

static ark_status bound_enter_into(arkjs_function *function, arkjs_arguments *arguments, napi_value *result,
                                   ark_error *error) {
  return arkjs_enter_c(function, arguments, bound_answer_into, result, error);
}

/* Stores a struct result in the buffer that is the receiver. */
static napi_value bound_call_into(napi_env napi, napi_callback_info info) {
  napi_value values[ARK_MAX_ARGS], result = NULL;
  arkjs_function *function;
  ark_status status = bound_arguments(napi, info, &function, values);
  arkjs_env *env = function->env;
  napi_get_cb_info(napi, info, NULL, NULL, &result, NULL);
  if (!status) status = arkjs_call_by(function, values, bound_enter_into, &result, &env->error);
  if (!status) return result; /* undefined, or what out-parameters have made of it */
  arkjs_throw(env, status, &env->error);
  return NULL;
}

static napi_value bound_call_pumped(napi_env napi, napi_callback_info info) {
  napi_value values[ARK_MAX_ARGS], result = NULL;
  arkjs_function *function;
  ark_status status = bound_arguments(napi, info, &function, values);
  arkjs_env *env = function->env;
  if (!status) status = arkjs_pump(function, values, &result, &env->error);
  if (!status) return result;
  arkjs_throw(env, status, &env->error);
  return NULL;
}

static napi_value bound_start(napi_env napi, napi_callback_info info) {
  napi_value values[ARK_MAX_ARGS], promise = NULL;
  arkjs_function *function;
  ark_status status = bound_arguments(napi, info, &function, values);
  arkjs_env *env = function->env;
  if (!status) status = arkjs_task_start(function, values, &promise, &env->error);
  return status ? arkjs_rejected(env, status, &env->error) : promise;
}

/* Finds the groups of a call, whose handles are in the Float64Array that is the receiver, and keeps them in use while
 * the call is being started, which may run getters of the program. */
static void bound_use_groups(const arkjs_env *env, napi_value receiver, arkjs_cancel_group **groups) {
  napi_typedarray_type type = napi_int8_array;
  void *handles = NULL;
  napi_status status = napi_get_typedarray_info(env->napi, receiver, &type, NULL, &handles, NULL, NULL);
  bool has_handles = status == napi_ok && type == napi_float64_array;
  for (size_t i = 0; i < ARKJS_CANCEL_GROUPS; i++) {
    ark_handle handle = has_handles ? (ark_handle)((const double *)handles)[i] : 0;
    groups[i] = handle ? arkjs_cancel_group_find(env, handle) : NULL;
    arkjs_cancel_group_use(groups[i]);
  }
}

static void bound_release_groups(arkjs_cancel_group *const groups[]) {
  for (size_t i = 0; i < ARKJS_CANCEL_GROUPS; i++) arkjs_cancel_group_release(groups[i]);
}

static napi_value bound_start_cancellable(napi_env napi, napi_callback_info info) {
  napi_value values[ARK_MAX_ARGS], receiver, promise = NULL;
  arkjs_cancel_group *groups[ARKJS_CANCEL_GROUPS];
  arkjs_function *function;
  ark_status status = bound_arguments(napi, info, &function, values);
  arkjs_env *env = function->env;
  napi_get_cb_info(napi, info, NULL, NULL, &receiver, NULL);
  bound_use_groups(env, receiver, groups);
  if (!status) status = arkjs_task_start_cancellable(function, values, groups, &promise, &env->error);
  if (status) promise = arkjs_rejected(env, status, &env->error);
  bound_release_groups(groups);
  return promise;
}

/* The arguments are the list of columns, and an array for the results or undefined. */
static napi_value bound_batch(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 2;
  napi_value values[2], result = NULL;
  ark_error error;
  napi_get_cb_info(napi, info, &count, values, NULL, &data);
  arkjs_function *function = data;
  ark_status status = arkjs_batch_call(function, values[0], values[1], &result, &error);
  if (!status) return result;
  arkjs_throw(function->env, status, &error);
  return NULL;
}

static napi_value bound_batch_async(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 2;
  napi_value values[2], receiver, promise = NULL;
  arkjs_cancel_group *groups[ARKJS_CANCEL_GROUPS];
  ark_error error;
  napi_get_cb_info(napi, info, &count, values, &receiver, &data);
  arkjs_function *function = data;
  bound_use_groups(function->env, receiver, groups);
  ark_status status = arkjs_async_batch_start(function, values[0], values[1], groups, &promise, &error);
  if (status) promise = arkjs_rejected(function->env, status, &error);
  bound_release_groups(groups);
  return promise;
}

static napi_value bound_close(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_function *function = data;
  if (function->original) function = function->original;
  function->is_closed = true;
  arkjs_callbacks_end_idle(function);
  if (!function->library) arkjs_v8_close_gate(function->env, function->gate);
  return NULL;
}

/* The address of the function, which is the caller's only as long as it is open. */
static napi_value bound_address(napi_env napi, napi_callback_info info) {
  void *data;
  napi_value address = NULL;
  ark_error error;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_function *function = data;
  ark_status status = arkjs_function_check(function, &error);
  if (!status) {
    status = arkjs_host_status(function->env, arkjs_address_to_js(function->env, (uintptr_t)function->code, &address),
                               &error);
  }
  if (status) arkjs_throw(function->env, status, &error);
  return address;
}

/* Returns a variant, or throws. */
static napi_value bound_answer_variant(arkjs_env *env, ark_status status, arkjs_function *variant, ark_error *error) {
  napi_value result = NULL;
  if (!status) {
    status = arkjs_bound_create(variant, &result, error);
    arkjs_function_release(variant);
  }
  if (status) arkjs_throw(env, status, error);
  return result;
}

/* Creates a variant with one more call flag. */
static napi_value bound_variant(napi_env napi, napi_callback_info info, arkjs_call_flags flags) {
  void *data;
  arkjs_function *variant = NULL;
  ark_error error;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_function *function = data;
  ark_status status = arkjs_function_with_flags(function, flags, &variant, &error);
  return bound_answer_variant(function->env, status, variant, &error);
}

/* The arguments are the letters of all arguments of a variadic call, and of its result. */
static napi_value bound_with_types(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 2;
  napi_value values[2];
  arkjs_function *variant = NULL;
  ark_error error;
  ark_arena arena;
  napi_get_cb_info(napi, info, &count, values, NULL, &data);
  arkjs_function *function = data;
  ark_arena_init(&arena, NULL);
  arkjs_request request = {function->env, &arena, function->name, count, values, &error};
  ark_status status = arkjs_function_with_types(&request, function, &variant);
  ark_arena_clear(&arena);
  return bound_answer_variant(function->env, status, variant, &error);
}

/* The argument is the value of errno when the function begins. */
static napi_value bound_with_errno(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 1;
  int32_t before = 0;
  napi_value value;
  arkjs_function *variant = NULL;
  ark_error error;
  napi_get_cb_info(napi, info, &count, &value, NULL, &data);
  arkjs_function *function = data;
  napi_get_value_int32(napi, value, &before);
  ark_status status = arkjs_function_with_flags(function, ARKJS_WITH_ERRNO, &variant, &error);
  if (!status) variant->errno_before = before;
  return bound_answer_variant(function->env, status, variant, &error);
}

static napi_value bound_pumped(napi_env napi, napi_callback_info info) {
  return bound_variant(napi, info, ARKJS_PUMPED);
}

/* The same function, which keeps its code mapped and stays open. */
static napi_value bound_held(napi_env napi, napi_callback_info info) {
  void *data;
  arkjs_function *held = NULL;
  ark_error error;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_function *function = data;
  ark_status status = arkjs_function_held(function, &held, &error);
  return bound_answer_variant(function->env, status, held, &error);
}

static void bound_finalize(napi_env napi, void *data, void *hint) {
  (void)napi, (void)hint;
  arkjs_function_release(data);
}

/* Creates a JavaScript function that holds a reference to the C function until it is collected. */
static napi_status bound_create_row(arkjs_function *function, napi_callback row, napi_value *out) {
  napi_env napi = function->env->napi;
  napi_status status = napi_create_function(napi, function->name, NAPI_AUTO_LENGTH, row, function, out);
  if (status != napi_ok) return status;
  arkjs_function_retain(function);
  status = napi_add_finalizer(napi, *out, function, bound_finalize, NULL, NULL);
  if (status != napi_ok) arkjs_function_release(function);
  return status;
}

typedef struct row {
  const char *name;
  napi_callback callback;
} row;

static napi_status bound_create_rows(arkjs_function *function, const row *rows, size_t count, napi_value *out) {
  napi_env napi = function->env->napi;
  napi_value value;
  napi_status status = napi_create_object(napi, out);
  for (size_t i = 0; i < count && status == napi_ok; i++) {
    status = bound_create_row(function, rows[i].callback, &value);
    if (status == napi_ok) status = arkjs_plain_set(napi, *out, rows[i].name, value);
  }
  return status;
}

/* Few functions need these, so they are created on request. */
static napi_value bound_more(napi_env napi, napi_callback_info info) {
  static const row rows[] = {{"async", bound_start},
                             {"cancellable", bound_start_cancellable},
                             {"withErrno", bound_with_errno},
                             {"withTypes", bound_with_types},
                             {"pumped", bound_pumped},
                             {"callInto", bound_call_into},
                             {"batch", bound_batch},
                             {"batchAsync", bound_batch_async},
                             {"close", bound_close},
                             {"address", bound_address},
                             {"held", bound_held}};
  void *data;
  napi_value result = NULL;
  ark_error error;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_function *function = data;
  napi_status host = bound_create_rows(function, rows, sizeof rows / sizeof rows[0], &result);
  ark_status status = arkjs_host_status(function->env, host, &error);
  if (status) arkjs_throw(function->env, status, &error);
  return result;
}

ark_status arkjs_bound_create(arkjs_function *function, napi_value *out, ark_error *error) {
  napi_callback call = function->signature->count <= FEW_ARGS ? bound_call_with_few : bound_call_with_many;
  if (function->flags & ARKJS_PUMPED) call = bound_call_pumped;
  const row rows[] = {{"call", call}, {"more", bound_more}};
  arkjs_env *env = function->env;
  napi_value address, number;
  napi_status status = bound_create_rows(function, rows, sizeof rows / sizeof rows[0], out);
  if (status == napi_ok) status = napi_create_int64(env->napi, (int64_t)function->number, &number);
  if (status == napi_ok) status = arkjs_plain_set(env->napi, *out, "number", number);
  if (status == napi_ok) status = arkjs_address_to_js(env, (uintptr_t)function->code, &address);
  if (status == napi_ok) status = arkjs_plain_set(env->napi, *out, "ptr", address);
  return arkjs_host_status(env, status, error);
}
