#include "callbacks/enter.h"
#include "arkffi/alloc.h"
#include "callbacks/cross_thread.h"
#include "callbacks/invoke.h"
#include "callbacks/post.h"
#include "callbacks/stack.h"
#include "env/frames.h"
#include "env/mailbox.h"
#include "env/report.h"
#include "v8/caller.h"
#include "v8/gates.h"
#include <string.h>

/* The maximum number of calls of light callbacks that share a handle scope. Opening a scope costs as much as
 * converting the arguments. Each call leaves a few handles of 8 bytes in the scope, and the numbers that they refer
 * to. */
enum { SCOPE_CALLS = 32 };

/* Provides a handle scope for one more callback of the frame. */
static napi_status enter_use_scope(arkjs_env *env, arkjs_frame *frame) {
  if (frame->scope && frame->scope_calls++ < SCOPE_CALLS) return napi_ok;
  arkjs_frame_close_scope(env, frame);
  napi_status host = napi_open_handle_scope(env->napi, &frame->scope);
  if (host != napi_ok) return host;
  frame->scope_calls = 1;
  frame->scope_number = ++env->scopes;
  frame->context = arkjs_v8_context(env);
  return napi_get_undefined(env->napi, &frame->receiver);
}

/* Makes callback->local a handle of the function. */
static ark_status enter_find_local(const arkjs_frame *frame, arkjs_callback *callback, ark_error *error) {
  if (callback->scope == frame->scope_number || arkjs_callback_keeps_local(callback)) return ARK_OK;
  ark_status status = arkjs_callback_find_function(callback, &callback->local, error);
  callback->scope = status ? 0 : frame->scope_number;
  return status;
}

static ARK_NOINLINE ark_status enter_answer_with_room(arkjs_callback *callback, napi_value answer, ark_value *result,
                                                      ark_error *error) {
  ark_value value;
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  ark_status status = arkjs_callback_answer(callback, answer, &arena, &value, error);
  if (!status) arkjs_callback_give(callback, value, result);
  ark_arena_clear(&arena);
  return status;
}

/* Calls through V8 itself. The first callback of each scope uses Node-API, which checks whether the environment is
 * being terminated. */

static bool enter_goes_by_v8(const arkjs_frame *frame, const arkjs_callback *callback) {
  return frame->context && frame->scope_calls > 1 && callback->is_light &&
         callback->types->signature->count <= ARKJS_FEW_ARGS;
}

static ARK_NOINLINE ark_status enter_pass_otherwise(const arkjs_callback *callback, size_t index, ark_value value,
                                                    arkjs_v8_small *place, napi_value *out) {
  arkjs_env *env = callback->env;
  const ark_type *type = callback->types->signature->parameters[index].type;
  arkjs_site site = {env, NULL, callback->name, 1 + index, &env->error, NULL};
  if (type->kind != ARK_KIND_POINTER || !arkjs_is_number(type, value)) {
    return arkjs_to_js(&site, type, value, callback->flags, out);
  }
  *out = arkjs_v8_number(env, (double)value.i64, place);
  return ARK_OK;
}

/* Creates a handle for each argument, in its place if it fits there. */
static ark_status enter_pass_all(const arkjs_callback *callback, const ark_value *args, arkjs_v8_small *places,
                                 napi_value *out) {
  const ark_signature *signature = callback->types->signature;
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    if (type->kind == ARK_KIND_FLOAT) {
      out[i] = arkjs_v8_number(callback->env, arkjs_float_to_double(type, args[i]), &places[i]);
    } else if (type->kind != ARK_KIND_BOOL && arkjs_is_small(type, args[i])) {
      out[i] = arkjs_v8_small_handle(&places[i], (int32_t)args[i].i64);
    } else {
      ark_status status = enter_pass_otherwise(callback, i, args[i], &places[i], &out[i]);
      if (status) return status;
    }
  }
  return ARK_OK;
}

/* False for an answer that needs a full conversion. */
static bool enter_take_answer(const arkjs_env *env, const ark_type *type, napi_value answer, napi_value undefined,
                              ark_value *out) {
  int32_t small;
  double number;
  if (arkjs_v8_get_small(answer, &small)) return arkjs_small_to_c(type, small, out);
  if (type->kind == ARK_KIND_VOID) return arkjs_v8_is_same(answer, undefined);
  if (type->kind != ARK_KIND_FLOAT || !arkjs_v8_get_number(env, answer, &number)) return false;
  *out = arkjs_float_of(type, number);
  return true;
}

static ark_status enter_run_by_v8(const arkjs_frame *frame, arkjs_callback *callback, const ark_value *args,
                                  ark_value *result) {
  napi_value values[ARKJS_FEW_ARGS];
  arkjs_v8_small places[ARKJS_FEW_ARGS];
  ark_value value;
  arkjs_env *env = callback->env;
  const ark_signature *signature = callback->types->signature;
  ark_status status = enter_pass_all(callback, args, places, values);
  if (status) return status;
  napi_value answer = arkjs_v8_invoke(env, frame->context, frame->receiver, callback->local, signature->count, values);
  if (!answer) return ARKJS_PENDING;
  if (!enter_take_answer(env, signature->result, answer, frame->receiver, &value)) {
    status = arkjs_callback_answer(callback, answer, NULL, &value, &env->error);
  }
  if (!status) *result = value;
  return status;
}

static ARK_NOINLINE ark_status enter_run_by_napi(const arkjs_frame *frame, arkjs_callback *callback,
                                                 const ark_value *args, ark_value *result, ark_error *error) {
  ark_value value;
  napi_value answer;
  arkjs_callee to = {callback->local, frame->receiver};
  ark_status status = arkjs_callback_invoke(callback, &to, args, &answer, error);
  if (status) return status;
  if (!callback->is_light) return enter_answer_with_room(callback, answer, result, error);
  status = arkjs_callback_answer(callback, answer, NULL, &value, error);
  if (!status) *result = value;
  return status;
}

static ark_status enter_run(const arkjs_frame *frame, arkjs_callback *callback, const ark_value *args,
                            ark_value *result, ark_error *error) {
  if (callback->is_closed) return arkjs_callback_fail_closed(callback, error);
  ark_status status = enter_find_local(frame, callback, error);
  if (status) return status;
  return enter_goes_by_v8(frame, callback) ? enter_run_by_v8(frame, callback, args, result)
                                           : enter_run_by_napi(frame, callback, args, result, error);
}

/* The frame's call will throw the error, and C gets zero. */
static ARK_NOINLINE void enter_fail_in(arkjs_frame *frame, arkjs_env *env, ark_status status) {
  frame->has_failed = true;
  frame->thrown = arkjs_box(env, arkjs_error_value(env, status, &env->error));
}

/* JavaScript cannot run where C called the callback, not even to create an error. */
static ARK_NOINLINE void enter_refuse(arkjs_callback *callback) {
  arkjs_env *env = callback->env;
  ark_error error;
  ark_status status = callback->is_closed ? arkjs_callback_fail_closed(callback, &error)
                                          : arkjs_stack_fail(env, callback->name, callback->is_borrowed, &error);
  if (arkjs_v8_note(env, status, &error)) return;
  if (env->frame) {
    arkjs_frame_refuse(env, env->frame, status, &error);
  } else if (!atomic_exchange(&callback->is_reported, true)) {
    arkjs_report(env, status, &error);
  }
}

/* If the host cannot open a scope, the function does not run, and C gets zero: *result is zero already
 * (ark_closure_handler). */
static void enter_run_in(arkjs_frame *frame, arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  if (enter_use_scope(env, frame) != napi_ok) return;
  frame->is_in_callback = true;
  atomic_store_explicit(&frame->has_run_js, true, memory_order_relaxed);
  ark_status status = frame->guard ? frame->guard->secure(frame->guard, &env->error) : ARK_OK;
  if (!status) status = enter_run(frame, callback, args, result, &env->error);
  frame->is_in_callback = false;
  if (status) enter_fail_in(frame, env, status);
  /* Another native module may have opened a scope of its own since the frame began, and will close it before C returns
   * to the frame. */
  if (!callback->is_light || env->has_other_ways) arkjs_frame_close_scope(env, frame);
  if (frame->guard && frame->guard->check) frame->guard->check(frame->guard);
}

/* C was not called by arkffi, but for example by the host's event loop, or by another native module inside a
 * callback. The surrounding call of arkffi, if there is one, throws what the callback throws. */
static ARK_NOINLINE void enter_run_alone(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  napi_handle_scope scope;
  arkjs_frame frame;
  if (napi_open_handle_scope(env->napi, &scope) != napi_ok) return;
  arkjs_frame_enter(env, &frame, NULL);
  enter_run_in(&frame, callback, args, result);
  arkjs_frame_close_scope(env, &frame);
  arkjs_frame_leave(env);
  arkjs_frame *outer = env->frame;
  napi_ref thrown = arkjs_frame_take_thrown(env, &frame);
  if (thrown && outer && !outer->thrown) {
    outer->has_failed = true;
    outer->thrown = thrown;
  } else if (thrown) {
    arkjs_raise_uncaught(env, arkjs_unbox(env, thrown));
  }
  napi_close_handle_scope(env->napi, scope);
}

/* Runs a callback during a fast call. A fast call has no frame, so this callback gets one. */
static ARK_NOINLINE void enter_run_in_fast_call(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  arkjs_frame frame;
  if (!arkjs_v8_pause(env)) return;
  arkjs_frame_enter(env, &frame, NULL);
  enter_run_in(&frame, callback, args, result);
  arkjs_frame_close_scope(env, &frame);
  arkjs_frame_pop(env);
  arkjs_v8_resume(env, frame.has_failed, arkjs_frame_take_thrown(env, &frame));
}

/* A closed callback called during a fast call is handled without JavaScript. */
static bool enter_note_closed(const arkjs_callback *callback) {
  ark_error error;
  if (!callback->is_closed) return false;
  return arkjs_v8_note(callback->env, arkjs_callback_fail_closed(callback, &error), &error);
}

static void enter_on_own_thread(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  arkjs_frame *frame = env->frame;
  if (env->has_ended || (frame && frame->has_failed) || enter_note_closed(callback)) return;
  if (arkjs_callback_threads(callback) == ARKJS_POSTED && !callback->is_closed) {
    arkjs_callback_post(callback, args);
  } else if (!arkjs_stack_has_room(env)) {
    enter_refuse(callback);
  } else if (arkjs_v8_is_calling(env)) {
    enter_run_in_fast_call(callback, args, result);
  } else if (frame && !frame->is_in_callback) {
    enter_run_in(frame, callback, args, result);
  } else {
    enter_run_alone(callback, args, result);
  }
}

/* The entry point, on any thread: an ark_closure_handler whose context is the callback. */
static void enter_callback(void *context, const ark_value *args, ark_value *result) {
  arkjs_callback *callback = context;
  if (ark_thread_id() == callback->env->thread) {
    enter_on_own_thread(callback, args, result);
  } else {
    arkjs_cross_thread_call(callback, args, result);
  }
}

/* Creation. */

/* Any thread: the entry point is no longer in use. */
static void enter_free_context(void *context) {
  arkjs_callback_release(context);
}

/* Whether no text and no objects are passed either way. */
static bool enter_is_light(const ark_signature *signature) {
  ark_kind result = signature->result->kind;
  if (result == ARK_KIND_STRING || result == ARK_KIND_POINTER || result == ARK_KIND_AGGREGATE) return false;
  for (size_t i = 0; i < signature->count; i++) {
    ark_kind kind = signature->parameters[i].type->kind;
    if (kind == ARK_KIND_STRING || kind == ARK_KIND_AGGREGATE) return false;
  }
  return true;
}

ark_status arkjs_callback_create(arkjs_env *env, const char *name, arkjs_types *types, arkjs_callback **out,
                                 ark_error *error) {
  arkjs_callback *callback = ark_alloc(1, offsetof(arkjs_callback, name) + strlen(name) + 1);
  if (!callback) {
    arkjs_types_release(types);
    return ark_fail_memory(error);
  }
  callback->env = env;
  arkjs_env_retain(env);
  callback->types = types;
  callback->references = 1;
  callback->is_closed = true;
  callback->is_light = enter_is_light(types->signature);
  memcpy(callback->name, name, strlen(name) + 1);
  arkjs_v8_open_caller(env);
  arkjs_stack_measure(env);
  ark_status status = arkjs_host_status(env, arkjs_mailbox_open(env), error);
  if (!status) {
    status =
        ark_closure_create(types->signature, enter_callback, callback, enter_free_context, &callback->closure, error);
  }
  if (status) {
    arkjs_callback_release(callback);
    return status;
  }
  *out = callback;
  return ARK_OK;
}
