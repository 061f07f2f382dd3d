#include "call.h"
#include "callback.h"

static bool is_function(arkjs_env *env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env->napi, value, &type) == napi_ok && type == napi_function;
}

static ark_status convert(arkjs_function *function, napi_value *values, bool is_async, arkjs_arguments *arguments,
                          ark_error *error) {
  arkjs_site site = {function->env, &arguments->arena, function->name, 0, error};
  for (size_t i = 0; i < function->signature->count; i++) {
    const ark_parameter *parameter = &function->signature->parameters[i];
    site.argument = i + 1;
    ark_status status = parameter->callback && is_function(function->env, values[i])
                            ? arkjs_callback_borrow(function, i, values[i], is_async, &arguments->borrowed,
                                                    &arguments->values[i], error)
                            : arkjs_to_c(&site, parameter->type, values[i], &arguments->values[i]);
    if (status) return status;
  }
  return ARK_OK;
}

ark_status arkjs_arguments_take(arkjs_function *function, napi_value *values, bool is_async, arkjs_arguments *arguments,
                                ark_error *error) {
  ark_arena_init(&arguments->arena);
  arguments->borrowed = NULL;
  for (size_t i = 0; function->takes_objects && i < function->signature->count; i++) {
    if (function->signature->parameters[i].type->kind != ARK_KIND_POINTER) continue;
    ark_status status = arkjs_resolve(function->env, &values[i], error);
    if (status) return status;
  }
  ark_status status = arkjs_function_check(function, error);
  if (!status) status = convert(function, values, is_async, arguments, error);
  if (status) arkjs_arguments_end(function, arguments);
  return status;
}

void arkjs_arguments_end(arkjs_function *function, arkjs_arguments *arguments) {
  if (arguments->borrowed) arkjs_callbacks_give_back(function, arguments->borrowed);
  ark_arena_clear(&arguments->arena);
}

ark_status arkjs_call(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error) {
  arkjs_env *env = function->env;
  ark_value room[ARK_MAX_ARGS], value;
  arkjs_arguments arguments;
  arguments.values = room;
  ark_status status = arkjs_arguments_take(function, values, false, &arguments, error);
  if (status) return status;

  /* The code of a library of this environment stays while C is on the stack (arkjs_libraries_unmap); what a bare address
   * is in may be another thread's to close. */
  bool is_foreign = !function->library && function->image;
  if (is_foreign && !ark_image_hold(function->image)) {
    arkjs_arguments_end(function, &arguments);
    return arkjs_function_fail_closed(function, error);
  }
  arkjs_frame frame;
  arkjs_function_refer(function);
  arkjs_frame_enter(env, &frame);
  ark_plan_call(function->plan, function->entry, room, &value);
  if (frame.thrown) {
    arkjs_throw_value(env, arkjs_unbox(env, frame.thrown));
    status = ARKJS_PENDING;
  } else {
    /* Inside the frame: the library that a string is in may have been closed by a callback. */
    arkjs_site site = {env, NULL, function->name, 0, error};
    status = arkjs_to_js(&site, function->signature->result, value, function->style, result);
  }
  arkjs_frame_leave(env);
  if (is_foreign) ark_image_drop(function->image);
  arkjs_arguments_end(function, &arguments);
  arkjs_function_release(function);
  return status;
}
