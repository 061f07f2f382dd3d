#include "calls/call.h"
#include "callbacks/borrow.h"
#include "calls/in_place.h"
#include "calls/pin.h"
#include "v8/alias.h"
#include "v8/gates.h"

/* What an argument of a call on another thread lies in: memory in which the call works in place, or the code of a
 * library, of which it holds a use. */
typedef struct arkjs_kept {
  struct arkjs_kept *next;
  arkjs_in_place place;
  ark_mapping *code; /* NULL for memory */
} arkjs_kept;

/* NULL when out of memory. */
static arkjs_extras *call_need_extras(arkjs_arguments *arguments) {
  if (arguments->extras) return arguments->extras;
  arkjs_extras *extras = ark_arena_take(&arguments->arena, sizeof *extras);
  if (extras) *extras = (arkjs_extras){.kept = NULL};
  arguments->extras = extras;
  return extras;
}

/* Adds one, for memory or code that the caller then sets. NULL when out of memory. */
static arkjs_kept *call_keep(arkjs_arguments *arguments) {
  arkjs_extras *extras = call_need_extras(arguments);
  arkjs_kept *kept = extras ? ark_arena_take(&arguments->arena, sizeof *kept) : NULL;
  if (!kept) return NULL;
  kept->next = extras->kept;
  kept->code = NULL;
  extras->kept = kept;
  return kept;
}

static void call_end_extras(arkjs_env *env, const arkjs_extras *extras) {
  for (arkjs_kept *kept = extras->kept; kept; kept = kept->next) {
    if (kept->code)
      ark_mapping_release_code(kept->code);
    else
      arkjs_in_place_end(env, &kept->place);
  }
  if (extras->outs) napi_delete_reference(env->napi, extras->outs);
}

/* Converts the value of a parameter that has a signature: for a plain function it makes a callback. */
static ark_status call_convert_callback(arkjs_function *function, const arkjs_site *site, napi_value value,
                                        bool is_async, arkjs_arguments *arguments, ark_value *out) {
  size_t index = site->argument - 1;
  napi_valuetype type = napi_undefined;
  napi_typeof(function->env->napi, value, &type);
  switch (type) {
  case napi_function:
    return arkjs_callback_borrow(function, index, value, is_async, &arguments->borrowed, out, site->error);
  case napi_number:
  case napi_bigint:
  case napi_null: return arkjs_to_c(site, function->signature->parameters[index].type, value, out);
  default: return arkjs_fail_type(site, "a function, a JSCallback, an address or null", value);
  }
}

static ark_status call_convert(arkjs_function *function, napi_value *values, bool is_async, arkjs_arguments *arguments,
                               ark_error *error) {
  arkjs_site site = {function->env, &arguments->arena, function->name, 0, error, function->parameters};
  for (size_t i = 0; i < function->signature->count; i++) {
    const ark_parameter *parameter = &function->signature->parameters[i];
    site.argument = i + 1;
    ark_status status = parameter->callback ? call_convert_callback(function, &site, values[i], is_async, arguments,
                                                                    &arguments->values[i])
                                            : arkjs_to_c(&site, parameter->type, values[i], &arguments->values[i]);
    if (status) return status;
  }
  return ARK_OK;
}

/* Replaces the buffer that an object of arkffi's lies in by its address. Where a call on another thread works on copies
 * of buffers, it works on such an object in place: C may keep the address of a struct. */
static ark_status call_put_in_place(arkjs_function *function, napi_value *value, size_t index,
                                    arkjs_arguments *arguments, ark_error *error) {
  arkjs_site site = {function->env, NULL, function->name, index + 1, error, function->parameters};
  void *data;
  size_t size;
  napi_valuetype type = napi_undefined;
  napi_typeof(function->env->napi, *value, &type);
  if (type != napi_object) return ARK_OK;
  ark_status status = arkjs_bytes_of(&site, *value, &data, &size);
  if (status) return status;
  arkjs_kept *kept = call_keep(arguments);
  if (!kept) return ark_fail_memory(error);
  arkjs_in_place_begin(function->env, &kept->place, data, size);
  return arkjs_host_status(function->env, arkjs_address_to_js(function->env, (uintptr_t)data, value), error);
}

/* Keeps the library mapped that an object's address lies in, since the library may be closed while C runs elsewhere. */
static ark_status call_keep_code(arkjs_function *function, napi_value value, size_t index, arkjs_arguments *arguments,
                                 ark_error *error) {
  arkjs_site site = {function->env, NULL, function->name, index + 1, error, function->parameters};
  uintptr_t address = 0;
  napi_valuetype type = napi_undefined;
  napi_typeof(function->env->napi, value, &type);
  if (type != napi_number && type != napi_bigint) return ARK_OK;
  ark_status status = arkjs_to_address(&site, value, &address);
  ark_mapping *mapping = status ? NULL : ark_mapping_at((const void *)address);
  if (!mapping) return status;
  if (ark_mapping_acquire_code(mapping)) {
    arkjs_kept *kept = call_keep(arguments);
    if (kept) {
      kept->code = mapping;
    } else {
      ark_mapping_release_code(mapping);
      status = ark_fail_memory(error);
    }
  }
  ark_mapping_release(mapping);
  return status;
}

static bool call_is_object(arkjs_env *env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env->napi, value, &type);
  return type == napi_object || type == napi_function;
}

static ark_status call_resolve_objects(arkjs_function *function, napi_value *values, bool is_elsewhere,
                                       arkjs_arguments *arguments, bool *has_text_memory, ark_error *error) {
  bool is_in_place = is_elsewhere && !arkjs_v8_can_alias(function->env);
  arkjs_site site = {function->env, NULL, function->name, 0, error, function->parameters};
  ark_status status = ARK_OK;
  for (size_t i = 0; i < function->signature->count && !status; i++) {
    site.argument = i + 1;
    const ark_type *type = function->signature->parameters[i].type;
    napi_value given = values[i];
    if (type->kind == ARK_KIND_STRING) {
      if (!call_is_object(function->env, given)) continue;
      *has_text_memory = true;
    }
    status = arkjs_resolve(&site, type, &values[i]);
    bool is_pointer = type->kind != ARK_KIND_AGGREGATE && values[i] != given;
    if (!status && is_pointer && arkjs_out_is(function->env, type, values[i])) {
      arkjs_extras *extras = call_need_extras(arguments);
      status = extras ? arkjs_out_begin(function, i, &values[i], &extras->outs, error) : ark_fail_memory(error);
    }
    if (!status && is_in_place && is_pointer) {
      status = call_put_in_place(function, &values[i], i, arguments, error);
    }
    if (!status && is_elsewhere && is_pointer) status = call_keep_code(function, values[i], i, arguments, error);
  }
  return status;
}

/* The buffers are pinned if C runs on another thread, and guarded if C can call back on this one. */
static ark_status call_protect(arkjs_function *function, const napi_value *values, bool is_elsewhere,
                               bool has_text_memory, arkjs_arguments *arguments, ark_error *error) {
  if (!function->types->takes_pointers && !has_text_memory) return ARK_OK;
  if (is_elsewhere) return arkjs_pin(function, values, arguments->values, &arguments->pins, error);
  if (!function->env->open_callbacks) return ARK_OK;
  arkjs_extras *extras = call_need_extras(arguments);
  if (extras) extras->guard = ark_arena_take(&arguments->arena, sizeof *extras->guard);
  if (!extras || !extras->guard) return ark_fail_memory(error);
  return arkjs_guard_begin(extras->guard, function, values, arguments->values, error);
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
  arguments->extras = NULL;
  bool has_text_memory = false;
  bool is_elsewhere = is_async || function->flags & ARKJS_PUMPED;
  ark_status status = ARK_OK;
  if (function->types->takes_objects) {
    status = call_resolve_objects(function, values, is_elsewhere, arguments, &has_text_memory, error);
  }
  if (!status) status = arkjs_function_check(function, error);
  if (!status) status = call_convert(function, values, is_async, arguments, error);
  if (!status) status = call_take_result_room(function, arguments, error);
  if (!status) status = call_protect(function, values, is_elsewhere, has_text_memory, arguments, error);
  if (status) arkjs_arguments_end(function, arguments);
  return status;
}

void arkjs_arguments_end(arkjs_function *function, arkjs_arguments *arguments) {
  arkjs_unpin(function->env, arguments->pins);
  arguments->pins = NULL;
  arkjs_callbacks_give_back(function, arguments->borrowed);
  arguments->borrowed = NULL;
  if (arguments->extras) call_end_extras(function->env, arguments->extras);
  arguments->extras = NULL;
  ark_arena_clear(&arguments->arena);
}

ark_status arkjs_arguments_finish(const arkjs_function *function, const arkjs_arguments *arguments, ark_status status,
                                  napi_value *result, ark_error *error) {
  napi_ref outs = arkjs_arguments_outs(arguments);
  if (!outs) return status;
  if (!status) status = arkjs_out_answer(function, outs, result, error);
  if (status) arkjs_out_drop(function->env, outs, status, error);
  return status;
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

static ark_status call_run(arkjs_function *function, arkjs_arguments *arguments, arkjs_frame *frame, ark_value *value,
                           ark_error_numbers *numbers, ark_error *error) {
  if (arguments->extras && arguments->extras->guard) {
    return arkjs_guard_run(arguments->extras->guard, frame, value, numbers, error);
  }
  *numbers = arkjs_function_run(function, arguments->values, value);
  return ARK_OK;
}

ark_status arkjs_enter_c(arkjs_function *function, arkjs_arguments *arguments, arkjs_answerer answer,
                         napi_value *result, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_frame frame;
  ark_value value = arguments->result;
  ark_error_numbers numbers = {0};
  ark_status status = arkjs_function_retain_code(function, error);
  if (status) return status;
  if (env->v8) arkjs_v8_leave(env);
  arkjs_frame_enter(env, &frame, function->name);
  ark_status left = call_run(function, arguments, &frame, &value, &numbers, error);
  status = arkjs_frame_throw(function, &frame);
  if (!status) status = left;
  /* Inside the frame, because a callback may have closed the library that a string result lies in. */
  if (!status) status = answer(function, value, numbers, result, error);
  if (!left) status = arkjs_arguments_finish(function, arguments, status, result, error);
  if (function->release && !left) status = call_release_in_frame(function, value, &frame, status);
  arkjs_frame_leave(env);
  arkjs_function_release_code(function);
  return status;
}

static ark_status call_enter_c(arkjs_function *function, arkjs_arguments *arguments, napi_value *result,
                               ark_error *error) {
  return arkjs_enter_c(function, arguments, arkjs_function_answer, result, error);
}

static ark_status call_take_and_enter(arkjs_function *function, napi_value *values, arkjs_c_caller enter,
                                      napi_value *result, ark_error *error) {
  ark_scratch scratch;
  arkjs_arguments arguments;
  ark_arena_init(&arguments.arena, &scratch);
  arguments.values = ark_arena_take(&arguments.arena, function->signature->count * sizeof arguments.values[0]);
  if (!arguments.values) return ark_fail_memory(error);
  ark_status status = arkjs_arguments_take(function, values, false, &arguments, error);
  if (status) return status;
  status = enter(function, &arguments, result, error);
  arkjs_arguments_end(function, &arguments);
  return status;
}

ark_status arkjs_call_by(arkjs_function *function, napi_value *values, arkjs_c_caller enter, napi_value *result,
                         ark_error *error) {
  arkjs_env *env = function->env;
  /* C, or an argument's getter, may close the function and release it. */
  arkjs_function_retain(function);
  arkjs_frames_hold(env);
  ark_status status = call_take_and_enter(function, values, enter, result, error);
  arkjs_function_release(function);
  arkjs_frames_end_hold(env);
  return status;
}

ark_status arkjs_call(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error) {
  return arkjs_call_by(function, values, call_enter_c, result, error);
}
