#include "calls/call.h"
#include "callbacks/borrow.h"
#include "calls/pin.h"
#include "v8/gates.h"

static bool call_is_function(arkjs_env *env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env->napi, value, &type) == napi_ok && type == napi_function;
}

static ark_status call_convert(arkjs_function *function, napi_value *values, bool is_async, arkjs_arguments *arguments,
                               ark_error *error) {
  arkjs_site site = {function->env, &arguments->arena, function->name, 0, error};
  for (size_t i = 0; i < function->signature->count; i++) {
    const ark_parameter *parameter = &function->signature->parameters[i];
    site.argument = i + 1;
    ark_status status = parameter->callback && call_is_function(function->env, values[i])
                            ? arkjs_callback_borrow(function, i, values[i], is_async, &arguments->borrowed,
                                                    &arguments->values[i], error)
                            : arkjs_to_c(&site, parameter->type, values[i], &arguments->values[i]);
    if (status) return status;
  }
  return ARK_OK;
}

static ark_status call_resolve_objects(arkjs_function *function, napi_value *values, ark_error *error) {
  ark_status status = ARK_OK;
  for (size_t i = 0; i < function->signature->count && !status; i++) {
    status = arkjs_resolve(function->env, function->signature->parameters[i].type, &values[i], error);
  }
  return status;
}

static ark_status call_take_result_room(const arkjs_function *function, arkjs_arguments *arguments, ark_error *error) {
  const ark_type *type = function->signature->result;
  arguments->result.bits = 0;
  if (type->kind != ARK_KIND_AGGREGATE) return ARK_OK;
  arguments->result.pointer = arkjs_take_room(&arguments->arena, type);
  return arguments->result.pointer ? ARK_OK : ark_fail_memory(error);
}

ark_status arkjs_arguments_take(arkjs_function *function, napi_value *values, bool is_async, arkjs_arguments *arguments,
                                ark_error *error) {
  arguments->borrowed = NULL;
  arguments->pins = NULL;
  ark_status status = function->takes_objects ? call_resolve_objects(function, values, error) : ARK_OK;
  if (!status) status = arkjs_function_check(function, error);
  if (!status) status = call_convert(function, values, is_async, arguments, error);
  if (!status) status = call_take_result_room(function, arguments, error);
  if (!status && (is_async ? function->takes_pointers : function->takes_callbacks)) {
    status = arkjs_pin(function, values, arguments->values, is_async, &arguments->pins, error);
  }
  if (status) arkjs_arguments_end(function, arguments);
  return status;
}

void arkjs_arguments_end(arkjs_function *function, arkjs_arguments *arguments) {
  arkjs_unpin(function->env, arguments->pins);
  arguments->pins = NULL;
  arkjs_callbacks_give_back(function, arguments->borrowed);
  arguments->borrowed = NULL;
  ark_arena_clear(&arguments->arena);
}

/* Calling the release function is itself a C call. Its exception becomes this call's unless one is pending. */
static ark_status call_release_in_frame(const arkjs_function *function, ark_value value, arkjs_frame *frame,
                                        ark_status status) {
  arkjs_env *env = function->env;
  arkjs_function_release_result(function, value);
  if (frame->scope) arkjs_frame_close_scope(env, frame);
  napi_ref boxed = arkjs_frame_take_thrown(env, frame);
  if (!boxed) return status;
  napi_value thrown = arkjs_unbox(env, boxed);
  if (status) return status;
  arkjs_throw_value(env, thrown);
  return ARKJS_PENDING;
}

ark_status arkjs_enter_c(arkjs_function *function, const ark_value *args, ark_value room, arkjs_answerer answer,
                         napi_value *result, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_frame frame;
  ark_value value = room;
  ark_status status = arkjs_function_retain_code(function, error);
  if (status) return status;
  if (env->v8) arkjs_v8_leave(env);
  arkjs_frame_enter(env, &frame, function->name);
  int error_number = arkjs_function_run(function, args, &value);
  status = arkjs_frame_throw(function, &frame);
  /* Inside the frame, because a callback may have closed the library that a string result lies in. */
  if (!status) status = answer(function, value, error_number, result, error);
  if (function->release) status = call_release_in_frame(function, value, &frame, status);
  arkjs_frame_leave(env);
  arkjs_function_release_code(function);
  return status;
}

static ark_status call_enter_c(arkjs_function *function, const ark_value *args, ark_value room, napi_value *result,
                               ark_error *error) {
  return arkjs_enter_c(function, args, room, arkjs_function_answer, result, error);
}

ark_status arkjs_call_by(arkjs_function *function, napi_value *values, arkjs_c_caller enter, napi_value *result,
                         ark_error *error) {
  ark_scratch scratch;
  arkjs_arguments arguments;
  ark_arena_init(&arguments.arena, &scratch);
  arguments.values = ark_arena_take(&arguments.arena, function->signature->count * sizeof arguments.values[0]);
  if (!arguments.values) return ark_fail_memory(error);
  ark_status status = arkjs_arguments_take(function, values, false, &arguments, error);
  if (status) return status;
  /* C may close the function and release it. */
  arkjs_function_retain(function);
  status = enter(function, arguments.values, arguments.result, result, error);
  arkjs_arguments_end(function, &arguments);
  arkjs_function_release(function);
  return status;
}

ark_status arkjs_call(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error) {
  return arkjs_call_by(function, values, call_enter_c, result, error);
}
