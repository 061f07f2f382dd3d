#include "calls/guard.h"
#include "arkffi/container_of.h"
#include "arkffi/escape.h"
#include "calls/pin.h"
#include "functions/run.h"
#include "v8/alias.h"

/* Calls `visit` for each argument that is a buffer. `index` counts from 0. */
typedef ark_status (*guard_visitor)(arkjs_call_guard *guard, size_t index, ark_error *error);

static bool guard_is_object(const arkjs_call_guard *guard, size_t index) {
  napi_valuetype type = napi_undefined;
  ark_kind kind = guard->function->signature->parameters[index].type->kind;
  if (kind != ARK_KIND_POINTER && kind != ARK_KIND_STRING) return false;
  napi_typeof(guard->function->env->napi, guard->values[index], &type);
  return type == napi_object;
}

static ark_status guard_visit(arkjs_call_guard *guard, guard_visitor visit, ark_error *error) {
  ark_status status = ARK_OK;
  for (size_t i = 0; i < guard->function->signature->count && !status; i++) {
    if (guard_is_object(guard, i)) status = visit(guard, i, error);
  }
  return status;
}

static arkjs_site guard_site(const arkjs_call_guard *guard, size_t index, ark_error *error) {
  return (arkjs_site){guard->function->env, NULL, guard->function->name, index + 1, error, guard->function->parameters};
}

static ark_status guard_refuse_resizable(arkjs_call_guard *guard, size_t index, ark_error *error) {
  napi_value buffer;
  arkjs_site site = guard_site(guard, index, error);
  return arkjs_pin_finds(&site, guard->values[index], &buffer);
}

static ark_status guard_secure_one(arkjs_call_guard *guard, size_t index, ark_error *error) {
  arkjs_env *env = guard->function->env;
  napi_value buffer = NULL;
  arkjs_site site = guard_site(guard, index, error);
  ark_status status = arkjs_pin_finds(&site, guard->values[index], &buffer);
  if (status || !buffer || !arkjs_v8_can_alias(env)) return status;
  return arkjs_v8_alias_of(env, buffer) ? ARK_OK : ark_fail_memory(error);
}

/* An alias lives as long as its buffer, and the arguments hold the buffers until the call ends. */
static ark_status guard_secure(arkjs_guard *base, ark_error *error) {
  if (base->is_secured) return ARK_OK;
  ark_status status = guard_visit(ark_container_of(base, arkjs_call_guard, base), guard_secure_one, error);
  base->is_secured = !status;
  return status;
}

/* Some hosts move the bytes of a small typed array when its buffer is asked for. It is asked for here, so that C gets
 * an address that stays. */
static ark_status guard_settle_address(arkjs_call_guard *guard, size_t index, ark_error *error) {
  napi_value buffer;
  void *data;
  size_t size;
  (void)error;
  if (arkjs_find_bytes(guard->function->env, guard->values[index], &buffer, &data, &size) && size) {
    ((ark_value *)guard->args)[index].pointer = data;
  }
  return ARK_OK;
}

static ark_status guard_look(arkjs_call_guard *guard, size_t index, ark_error *error) {
  napi_value buffer;
  void *data;
  size_t size;
  (void)error;
  bool is_detached = false;
  bool stands = arkjs_find_bytes(guard->function->env, guard->values[index], &buffer, &data, &size);
  /* The address of no bytes is not the engine's: see arkjs_bytes_of. */
  if (stands && !size) napi_is_detached_arraybuffer(guard->function->env->napi, buffer, &is_detached);
  stands = stands && !is_detached && (!size || data == guard->args[index].pointer);
  if (!stands) guard->gone = index + 1;
  return ARK_OK;
}

/* Leaves C if a buffer has gone. Between here and the call there are only the frames of C and of the entry point. */
static void guard_check(arkjs_guard *base) {
  arkjs_call_guard *guard = ark_container_of(base, arkjs_call_guard, base);
  ark_error ignored;
  napi_handle_scope scope;
  napi_env napi = guard->function->env->napi;
  if (napi_open_handle_scope(napi, &scope) != napi_ok) return;
  guard_visit(guard, guard_look, &ignored);
  napi_close_handle_scope(napi, scope);
  if (guard->gone) longjmp(*(jmp_buf *)guard->escape, 1);
}

ark_status arkjs_guard_begin(arkjs_call_guard *guard, arkjs_function *function, const napi_value *values,
                             ark_value *args, ark_error *error) {
  *guard = (arkjs_call_guard){{guard_secure, NULL, false}, function, values, args, 0, NULL};
  if (!arkjs_v8_can_alias(function->env)) {
    guard->base.check = guard_check;
    guard_visit(guard, guard_settle_address, error);
  }
  return function->types->takes_callbacks ? guard_visit(guard, guard_refuse_resizable, error) : ARK_OK;
}

/* False if C was left. A function of its own, because setjmp spoils the variables of its function. */
static ARK_NOINLINE bool guard_run_and_look(arkjs_call_guard *guard, ark_value *result, ark_error_numbers *numbers) {
  jmp_buf escape;
  guard->escape = &escape;
  if (setjmp(escape)) return false;
  ark_escape_without_unwinding(escape);
  *numbers = arkjs_function_run(guard->function, guard->args, result);
  return true;
}

ark_status arkjs_guard_run(arkjs_call_guard *guard, arkjs_frame *frame, ark_value *result, ark_error_numbers *numbers,
                           ark_error *error) {
  frame->guard = &guard->base;
  if (!guard->base.check) {
    *numbers = arkjs_function_run(guard->function, guard->args, result);
    return ARK_OK;
  }
  if (guard_run_and_look(guard, result, numbers)) return ARK_OK;
  arkjs_site site = guard_site(guard, guard->gone - 1, error);
  return arkjs_fail_at(&site, ARK_INVALID_ARG_TYPE,
                       "a callback has detached or moved the buffer that C worked on, so the C function was left");
}
