#include "exports/bound.h"
#include "async/async_batch.h"
#include "async/task.h"
#include "callbacks/borrow.h"
#include "calls/batch_call.h"
#include "calls/call.h"
#include "calls/pump.h"
#include "engines/portable.h"
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

/* Calls a function with as many arguments as were given. */
static napi_value bound_call_given(arkjs_function *function, size_t count, napi_value *values) {
  napi_value result = NULL;
  arkjs_env *env = function->env;
  ark_status status = arkjs_function_check_count(function, count, &env->error);
  if (!status) status = arkjs_call(function, values, &result, &env->error);
  if (!status) return result;
  arkjs_throw(env, status, &env->error);
  return NULL;
}

static napi_value bound_call_many_by_number(napi_env napi, napi_callback_info info, arkjs_function *function) {
  napi_value values[ARK_MAX_ARGS];
  size_t count = ARK_MAX_ARGS;
  napi_get_cb_info(napi, info, &count, values, NULL, NULL);
  return bound_call_given(function, count, values);
}

/* Calls the function whose number is in slot 0: one JavaScript function for all C functions. */
static napi_value bound_call_by_number(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = FEW_ARGS;
  napi_value values[FEW_ARGS];
  arkjs_function *function;
  napi_get_cb_info(napi, info, &count, values, NULL, &data);
  arkjs_env *env = data;
  ark_status status = arkjs_slots_find_chosen(env, "call", &function, &env->error);
  if (!status && function->signature->count > FEW_ARGS) return bound_call_many_by_number(napi, info, function);
  if (!status) return bound_call_given(function, count, values);
  arkjs_throw(env, status, &env->error);
  return NULL;
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

/* Makes an object hold a reference to the C function until it is collected. */
static napi_status bound_hold(arkjs_function *function, napi_value object) {
  arkjs_function_retain(function);
  napi_status status = napi_add_finalizer(function->env->napi, object, function, bound_finalize, NULL, NULL);
  if (status != napi_ok) arkjs_function_release(function);
  return status;
}

/* Creates a JavaScript function that holds a reference to the C function until it is collected. */
static napi_status bound_create_row(arkjs_function *function, napi_callback row, napi_value *out) {
  napi_status status = napi_create_function(function->env->napi, function->name, NAPI_AUTO_LENGTH, row, function, out);
  return status == napi_ok ? bound_hold(function, *out) : status;
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
static napi_status bound_create_more(arkjs_function *function, napi_value *out) {
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
  return bound_create_rows(function, rows, sizeof rows / sizeof rows[0], out);
}

static napi_value bound_more(napi_env napi, napi_callback_info info) {
  void *data;
  napi_value result = NULL;
  ark_error error;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_function *function = data;
  ark_status status = arkjs_host_status(function->env, bound_create_more(function, &result), &error);
  if (status) arkjs_throw(function->env, status, &error);
  return result;
}

static napi_callback bound_call_of(const arkjs_function *function) {
  if (function->flags & ARKJS_PUMPED) return bound_call_pumped;
  return function->signature->count <= FEW_ARGS ? bound_call_with_few : bound_call_with_many;
}

static napi_status bound_set_place(const arkjs_function *function, napi_value bound) {
  arkjs_env *env = function->env;
  napi_value address, number;
  napi_status status = napi_create_int64(env->napi, (int64_t)function->number, &number);
  if (status == napi_ok) status = arkjs_plain_set(env->napi, bound, "number", number);
  if (status == napi_ok) status = arkjs_address_to_js(env, (uintptr_t)function->code, &address);
  return status == napi_ok ? arkjs_plain_set(env->napi, bound, "ptr", address) : status;
}

ark_status arkjs_bound_create(arkjs_function *function, napi_value *out, ark_error *error) {
  const row rows[] = {{"call", bound_call_of(function)}, {"more", bound_more}};
  napi_status status = bound_create_rows(function, rows, sizeof rows / sizeof rows[0], out);
  if (status == napi_ok) status = bound_set_place(function, *out);
  return arkjs_host_status(function->env, status, error);
}

ark_status arkjs_bound_number(arkjs_function *function, napi_value bound, ark_error *error) {
  napi_status status = bound_hold(function, bound);
  if (status == napi_ok) status = bound_set_place(function, bound);
  return arkjs_host_status(function->env, status, error);
}

/* The function whose number is the first argument. Only functions that the slots have admitted have numbers. */
static ark_status bound_numbered_argument(const arkjs_request *request, arkjs_function **out) {
  uint32_t number = 0;
  napi_get_value_uint32(request->env->napi, request->values[0], &number);
  return arkjs_slots_find(request->env, number, request->function, out, request->error);
}

ark_status arkjs_call_of(const arkjs_request *request, napi_value *result) {
  arkjs_function *function;
  ark_status status = bound_numbered_argument(request, &function);
  if (status) return status;
  napi_status host = bound_create_row(function, bound_call_of(function), result);
  return arkjs_host_status(request->env, host, request->error);
}

ark_status arkjs_more_of(const arkjs_request *request, napi_value *result) {
  arkjs_function *function;
  ark_status status = bound_numbered_argument(request, &function);
  return status ? status : arkjs_host_status(request->env, bound_create_more(function, result), request->error);
}

ark_status arkjs_open_calls(const arkjs_request *request, napi_value *result) {
  arkjs_env *env = request->env;
  if (!env->slots) return ARK_OK;
  napi_status host = napi_create_function(env->napi, "call", NAPI_AUTO_LENGTH, bound_call_by_number, env, result);
  return arkjs_host_status(env, host, request->error);
}
