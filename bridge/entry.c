#include "entry.h"
#include "arkffi/alloc.h"
#include "call.h"
#include "crossing.h"
#include "post.h"
#include "report.h"
#include "text.h"
#include "v8/caller.h"
#include "v8/fast.h"
#include <string.h>

/* So many calls of light callbacks share a handle scope, which costs as much as converting the arguments. Each leaves
 * a few handles of 8 bytes in it, and keeps the numbers behind them. */
enum { SCOPE_CALLS = 32 };

/* Most callbacks have few arguments. Those get by with little stack, because calls nest. */
enum { FEW_ARGS = 8 };

/* To JavaScript. */

/* What a call needs of the handle scope that it is made in. */
typedef struct callee {
  napi_value function, receiver;
} callee;

static ark_status call_function(const arkjs_callback *callback, const callee *to, const ark_value *args,
                                napi_value *values, napi_value *answer, ark_error *error) {
  arkjs_env *env = callback->env;
  const ark_signature *signature = callback->types->signature;
  arkjs_site site = {env, NULL, callback->name, 0, error};
  for (size_t i = 0; i < signature->count; i++) {
    site.argument = i + 1;
    ark_status status = arkjs_to_js(&site, signature->parameters[i].type, args[i], callback->style, &values[i]);
    if (status) return status;
  }
  napi_status host = napi_call_function(env->napi, to->receiver, to->function, signature->count, values, answer);
  return host == napi_ok ? ARK_OK : arkjs_host_status(env, host, error);
}

static ARK_NOINLINE ark_status call_with_many(const arkjs_callback *callback, const callee *to, const ark_value *args,
                                              napi_value *answer, ark_error *error) {
  napi_value values[ARK_MAX_ARGS];
  return call_function(callback, to, args, values, answer, error);
}

static ark_status call(const arkjs_callback *callback, const callee *to, const ark_value *args, napi_value *answer,
                       ark_error *error) {
  napi_value values[FEW_ARGS];
  return callback->types->signature->count <= FEW_ARGS ? call_function(callback, to, args, values, answer, error)
                                                       : call_with_many(callback, to, args, answer, error);
}

static napi_status find_callee(const arkjs_callback *callback, callee *out) {
  napi_env napi = callback->env->napi;
  out->function = callback->local;
  napi_status host = napi_get_undefined(napi, &out->receiver);
  if (host != napi_ok || callback->scope == ARKJS_ALL_THE_CALL) return host;
  return napi_get_reference_value(napi, callback->function, &out->function);
}

ark_status arkjs_callback_call(arkjs_callback *callback, const ark_value *args, napi_value *answer, ark_error *error) {
  callee to;
  if (callback->is_closed) return arkjs_callback_fail_closed(callback, error);
  ark_status status = arkjs_host_status(callback->env, find_callee(callback, &to), error);
  return status ? status : call(callback, &to, args, answer, error);
}

/* And back. */

/* Text that a callback returns must outlive it: it is C's until the callback next returns, or is closed. */
static ark_status keep_text(arkjs_callback *callback, ark_value *result, ark_error *error) {
  if (!result->pointer) return ARK_OK;
  size_t size = arkjs_text_size(callback->types->signature->result, result->pointer);
  char *copy = ark_alloc(size, 1);
  if (!copy) return ark_fail_memory(error);
  ark_free(callback->text);
  callback->text = memcpy(copy, result->pointer, size);
  result->pointer = copy;
  return ARK_OK;
}

static ark_status fail_promise(const arkjs_site *site, const ark_type *type) {
  return arkjs_fail_at(site, ARK_INVALID_ARG_TYPE,
                       "expected %s, got a Promise: C called on the JavaScript thread, which cannot wait for it",
                       type->c_name);
}

ark_status arkjs_callback_answer(arkjs_callback *callback, napi_value answer, ark_arena *arena, ark_value *out,
                                 ark_error *error) {
  const ark_type *type = callback->types->signature->result;
  arkjs_site site = {callback->env, arena, callback->name, 0, error};
  /* A Promise would pass for nothing, or for an object that has no address. */
  bool is_hidden = type->kind == ARK_KIND_VOID || type->kind == ARK_KIND_POINTER;
  if (is_hidden && arkjs_is_promise(site.env, answer)) return fail_promise(&site, type);
  ark_status status = callback->is_light ? ARK_OK : arkjs_resolve(site.env, type, &answer, error);
  if (status) return status;
  status = arkjs_to_c(&site, type, answer, out);
  if (!status && type->kind == ARK_KIND_STRING) status = keep_text(callback, out, error);
  return status == ARK_INVALID_ARG_TYPE && arkjs_is_promise(site.env, answer) ? fail_promise(&site, type) : status;
}

void arkjs_callback_give(const arkjs_callback *callback, ark_value value, ark_value *result) {
  const ark_type *type = callback->types->signature->result;
  if (type->kind == ARK_KIND_AGGREGATE) {
    memcpy(result->pointer, value.pointer, type->size);
  } else {
    *result = value;
  }
}

/* On the callback's own thread. */

/* A handle scope for one more callback of the frame. */
static napi_status use_scope(arkjs_env *env, arkjs_frame *frame) {
  if (frame->scope && frame->scope_calls++ < SCOPE_CALLS) return napi_ok;
  arkjs_frame_close_scope(env, frame);
  napi_status host = napi_open_handle_scope(env->napi, &frame->scope);
  if (host != napi_ok) return host;
  frame->scope_calls = 1;
  frame->scope_number = ++env->scopes;
  frame->context = arkjs_v8_context(env);
  return napi_get_undefined(env->napi, &frame->receiver);
}

/* Makes callback->local the function's handle. */
static napi_status find_local(const arkjs_frame *frame, arkjs_callback *callback) {
  if (callback->scope == frame->scope_number || callback->scope == ARKJS_ALL_THE_CALL) return napi_ok;
  callback->scope = frame->scope_number;
  return napi_get_reference_value(callback->env->napi, callback->function, &callback->local);
}

static ARK_NOINLINE ark_status answer_with_room(arkjs_callback *callback, napi_value answer, ark_value *result,
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

/* By V8 itself. The first callback of each scope goes by Node-API, which looks whether the environment has been told to
 * end. */

static bool goes_by_v8(const arkjs_frame *frame, const arkjs_callback *callback) {
  return frame->context && frame->scope_calls > 1 && callback->is_light &&
         callback->types->signature->count <= FEW_ARGS;
}

static ARK_NOINLINE ark_status pass_otherwise(const arkjs_callback *callback, size_t index, ark_value value,
                                              arkjs_v8_small *place, napi_value *out) {
  arkjs_env *env = callback->env;
  const ark_type *type = callback->types->signature->parameters[index].type;
  arkjs_site site = {env, NULL, callback->name, 1 + index, &env->error};
  if (type->kind != ARK_KIND_POINTER || !arkjs_is_number(type, value)) {
    return arkjs_to_js(&site, type, value, callback->style, out);
  }
  *out = arkjs_v8_number(env, (double)value.i64, place);
  return ARK_OK;
}

/* Makes a handle for each argument, in its place where there is room for it. */
static ark_status pass_all(const arkjs_callback *callback, const ark_value *args, arkjs_v8_small *places,
                           napi_value *out) {
  const ark_signature *signature = callback->types->signature;
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    if (type->kind == ARK_KIND_FLOAT) {
      out[i] = arkjs_v8_number(callback->env, arkjs_float_to_double(type, args[i]), &places[i]);
    } else if (type->kind != ARK_KIND_BOOL && arkjs_is_small(type, args[i])) {
      out[i] = arkjs_v8_small_handle(&places[i], (int32_t)args[i].i64);
    } else {
      ark_status status = pass_otherwise(callback, i, args[i], &places[i], &out[i]);
      if (status) return status;
    }
  }
  return ARK_OK;
}

/* False for what has to be looked at more closely. */
static bool take_answer(const arkjs_env *env, const ark_type *type, napi_value answer, napi_value undefined,
                        ark_value *out) {
  int32_t small;
  double number;
  if (arkjs_v8_get_small(answer, &small)) return arkjs_small_to_c(type, small, out);
  if (type->kind == ARK_KIND_VOID) return arkjs_v8_is_same(answer, undefined);
  if (type->kind != ARK_KIND_FLOAT || !arkjs_v8_get_number(env, answer, &number)) return false;
  *out = arkjs_float_of(type, number);
  return true;
}

static ark_status run_by_v8(const arkjs_frame *frame, arkjs_callback *callback, const ark_value *args,
                            ark_value *result) {
  napi_value values[FEW_ARGS];
  arkjs_v8_small places[FEW_ARGS];
  ark_value value;
  arkjs_env *env = callback->env;
  const ark_signature *signature = callback->types->signature;
  ark_status status = pass_all(callback, args, places, values);
  if (status) return status;
  napi_value answer = arkjs_v8_call(env, frame->context, frame->receiver, callback->local, signature->count, values);
  if (!answer) return ARKJS_PENDING;
  if (!take_answer(env, signature->result, answer, frame->receiver, &value)) {
    status = arkjs_callback_answer(callback, answer, NULL, &value, &env->error);
  }
  if (!status) *result = value;
  return status;
}

static ARK_NOINLINE ark_status run_by_napi(const arkjs_frame *frame, arkjs_callback *callback, const ark_value *args,
                                           ark_value *result, ark_error *error) {
  ark_value value;
  napi_value answer;
  callee to = {callback->local, frame->receiver};
  ark_status status = call(callback, &to, args, &answer, error);
  if (status) return status;
  if (!callback->is_light) return answer_with_room(callback, answer, result, error);
  status = arkjs_callback_answer(callback, answer, NULL, &value, error);
  if (!status) *result = value;
  return status;
}

static ark_status run(const arkjs_frame *frame, arkjs_callback *callback, const ark_value *args, ark_value *result,
                      ark_error *error) {
  if (callback->is_closed) return arkjs_callback_fail_closed(callback, error);
  napi_status host = find_local(frame, callback);
  if (host != napi_ok) return arkjs_host_status(callback->env, host, error);
  return goes_by_v8(frame, callback) ? run_by_v8(frame, callback, args, result)
                                     : run_by_napi(frame, callback, args, result, error);
}

/* What goes wrong becomes what the frame's call throws, and C gets zero. */
static ARK_NOINLINE void fail_in(arkjs_frame *frame, arkjs_env *env, ark_status status) {
  frame->has_failed = true;
  frame->thrown = arkjs_box(env, arkjs_error_value(env, status, &env->error));
}

static void run_in(arkjs_frame *frame, arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  if (use_scope(env, frame) != napi_ok) return;
  frame->is_in_callback = true;
  atomic_store_explicit(&frame->has_run_js, true, memory_order_relaxed);
  ark_status status = run(frame, callback, args, result, &env->error);
  frame->is_in_callback = false;
  if (status) fail_in(frame, env, status);
  if (!callback->is_light) arkjs_frame_close_scope(env, frame);
}

/* C was not called through us: from the host's event loop, say, or by another native module in a callback of ours. What
 * is thrown goes to the call of ours around it, if there is one. */
static ARK_NOINLINE void run_alone(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  napi_handle_scope scope;
  arkjs_frame frame;
  if (napi_open_handle_scope(env->napi, &scope) != napi_ok) return;
  arkjs_frame_enter(env, &frame, NULL);
  run_in(&frame, callback, args, result);
  arkjs_frame_close_scope(env, &frame);
  arkjs_frame_leave(env);
  arkjs_frame *outer = env->frame;
  if (frame.thrown && outer && !outer->thrown) {
    outer->has_failed = true;
    outer->thrown = frame.thrown;
  } else if (frame.thrown) {
    arkjs_raise_uncaught(env, arkjs_unbox(env, frame.thrown));
  }
  napi_close_handle_scope(env->napi, scope);
}

/* In the middle of a fast call, which has no frame of its own: the frame is that of this one callback. */
static ARK_NOINLINE void run_in_fast_call(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  arkjs_frame frame;
  if (!arkjs_v8_pause(env)) return;
  arkjs_frame_enter(env, &frame, NULL);
  run_in(&frame, callback, args, result);
  arkjs_frame_close_scope(env, &frame);
  arkjs_frame_pop(env);
  arkjs_v8_resume(env, frame.has_failed, frame.thrown);
}

/* A closed callback that is called in the middle of a fast call: that needs no JavaScript. */
static bool note_closed(const arkjs_callback *callback) {
  ark_error error;
  if (!callback->is_closed) return false;
  return arkjs_v8_note(callback->env, arkjs_callback_fail_closed(callback, &error), &error);
}

static void enter_on_own_thread(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  arkjs_frame *frame = env->frame;
  if (env->has_ended || (frame && frame->has_failed) || note_closed(callback)) return;
  if (callback->threads == ARKJS_POSTED && !callback->is_closed) {
    arkjs_callback_post(callback, args);
  } else if (arkjs_v8_is_calling(env)) {
    run_in_fast_call(callback, args, result);
  } else if (frame && !frame->is_in_callback) {
    run_in(frame, callback, args, result);
  } else {
    run_alone(callback, args, result);
  }
}

void arkjs_callback_enter(void *context, const ark_value *args, ark_value *result) {
  arkjs_callback *callback = context;
  if (ark_thread_id() == callback->env->thread) {
    enter_on_own_thread(callback, args, result);
  } else {
    arkjs_callback_cross(callback, args, result);
  }
}
