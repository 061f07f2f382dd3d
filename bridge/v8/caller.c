#include "v8/caller.h"
#include "arkffi/alloc.h"
#include "env/throw.h"
#include "v8/symbols.h"
#include <math.h>

struct arkjs_v8_caller {
  const arkjs_v8_symbols *v8;
  void *isolate;
  uint64_t number_map; /* the map of objects that hold a number */
  bool works, pins;
};

napi_value arkjs_v8_context(const arkjs_env *env) {
  const struct arkjs_v8_caller *caller = env->v8_caller;
  return caller && caller->works ? caller->v8->current_context(caller->isolate) : NULL;
}

/* Numbers. */

/* V8's object for a number that is not a small integer. */
typedef struct number_object {
  uint64_t map;
  double number;
} number_object;

/* The object that a handle points to; NULL for a small integer. V8 marks addresses of objects with a 1 in the lowest
 * bit. */
static const number_object *caller_object_of(napi_value value) {
  uintptr_t marked = *(const uintptr_t *)value;
  return marked & 1 ? (const number_object *)(marked - 1) : NULL;
}

napi_value arkjs_v8_number(const arkjs_env *env, double number, arkjs_v8_small *place) {
  const struct arkjs_v8_caller *caller = env->v8_caller;
  if (number >= INT32_MIN && number <= INT32_MAX && (int32_t)number == number && (number != 0 || !signbit(number))) {
    return arkjs_v8_small_handle(place, (int32_t)number);
  }
  return caller->v8->create_number(caller->isolate, number);
}

bool arkjs_v8_get_number(const arkjs_env *env, napi_value value, double *out) {
  const number_object *object = caller_object_of(value);
  if (!object || object->map != env->v8_caller->number_map) return false;
  *out = object->number;
  return true;
}

/* The call. */

/* A function of its own, to keep the path without exceptions short. When JavaScript is being terminated, V8 passes
 * that on itself; throwing something now would replace it. */
static ARK_NOINLINE void caller_pass_on(arkjs_env *env, arkjs_v8_try_catch *around) {
  const arkjs_v8_symbols *v8 = env->v8_caller->v8;
  napi_value thrown = v8->has_terminated(around) ? NULL : v8->caught(around);
  v8->end_catch(around);
  if (thrown) arkjs_throw_value(env, thrown);
}

napi_value arkjs_v8_invoke(arkjs_env *env, napi_value context, napi_value receiver, napi_value function, size_t count,
                           napi_value *values) {
  const struct arkjs_v8_caller *caller = env->v8_caller;
  arkjs_v8_try_catch around;
  caller->v8->begin_catch(&around, caller->isolate);
  napi_value answer = caller->v8->call(function, context, receiver, (int)count, values);
  if (answer) {
    caller->v8->end_catch(&around);
  } else {
    caller_pass_on(env, &around);
  }
  return answer;
}

/* Handles without a scope. */

static napi_value caller_pin(const struct arkjs_v8_caller *caller, napi_value value) {
  if (caller->v8->pin) return caller->v8->pin(caller->isolate, *(const uintptr_t *)value);
  return caller->v8->pin_from ? caller->v8->pin_from(caller->isolate, value) : NULL;
}

napi_value arkjs_v8_pin(const arkjs_env *env, napi_value value) {
  const struct arkjs_v8_caller *caller = env->v8_caller;
  return caller && caller->pins ? caller_pin(caller, value) : NULL;
}

void arkjs_v8_unpin(const arkjs_env *env, napi_value pinned) {
  env->v8_caller->v8->unpin(pinned);
}

/* The self-test. */

static napi_value caller_argument(napi_env napi, napi_callback_info info, void **data) {
  size_t count = 1;
  napi_value value = NULL;
  napi_get_cb_info(napi, info, &count, &value, NULL, data);
  return value;
}

static napi_value caller_give_back(napi_env napi, napi_callback_info info) {
  return caller_argument(napi, info, NULL);
}

static napi_value caller_throw_back(napi_env napi, napi_callback_info info) {
  void *env;
  napi_value thrown = caller_argument(napi, info, &env);
  arkjs_throw_value(env, thrown);
  return NULL;
}

/* Whether small integers have the expected layout, can be passed from any memory, and come back. */
static bool caller_passes_numbers(arkjs_env *env, napi_value receiver, napi_value function) {
  arkjs_v8_small place;
  napi_value made, given = arkjs_v8_small_handle(&place, -7);
  int32_t number = 0;
  double read = 0;
  if (napi_create_int32(env->napi, -7, &made) != napi_ok || !arkjs_v8_is_same(made, given)) return false;
  napi_value answer = arkjs_v8_invoke(env, arkjs_v8_context(env), receiver, function, 1, &given);
  return answer && arkjs_v8_get_small(answer, &number) && number == -7 &&
         napi_get_value_double(env->napi, answer, &read) == napi_ok && read == -7;
}

/* All other numbers must be objects with the map of this one. */
static bool caller_learns_numbers(arkjs_env *env) {
  napi_value made, other;
  arkjs_v8_small place;
  double read = 0;
  if (napi_create_double(env->napi, 0.5, &made) != napi_ok || !caller_object_of(made)) return false;
  env->v8_caller->number_map = caller_object_of(made)->map;
  other = arkjs_v8_number(env, -0x1p60, &place);
  return arkjs_v8_get_number(env, made, &read) && read == 0.5 &&
         napi_get_value_double(env->napi, other, &read) == napi_ok && read == -0x1p60 &&
         arkjs_v8_get_number(env, other, &read) && read == -0x1p60;
}

static bool caller_passes_exceptions(arkjs_env *env, napi_value receiver, napi_value function) {
  napi_value given;
  bool is_pending = false, is_same = false;
  if (napi_create_object(env->napi, &given) != napi_ok) return false;
  napi_value answer = arkjs_v8_invoke(env, arkjs_v8_context(env), receiver, function, 1, &given);
  if (answer || napi_is_exception_pending(env->napi, &is_pending) != napi_ok || !is_pending) return false;
  napi_value thrown = arkjs_host_take_exception(env->napi);
  return thrown && napi_strict_equals(env->napi, given, thrown, &is_same) == napi_ok && is_same;
}

/* Whether a pinned function is the same one, at another place, and can be called there. */
static bool caller_can_pin(arkjs_env *env, napi_value receiver, napi_value function) {
  const struct arkjs_v8_caller *caller = env->v8_caller;
  napi_value pinned = caller->v8->unpin ? caller_pin(caller, function) : NULL;
  if (!pinned) return false;
  bool can_pin =
      pinned != function && arkjs_v8_is_same(pinned, function) && caller_passes_numbers(env, receiver, pinned);
  caller->v8->unpin(pinned);
  return can_pin;
}

static bool caller_works(arkjs_env *env) {
  napi_env napi = env->napi;
  napi_value receiver, functions[2];
  bool works =
      napi_get_undefined(napi, &receiver) == napi_ok &&
      napi_create_function(napi, "arkffi", NAPI_AUTO_LENGTH, caller_give_back, env, &functions[0]) == napi_ok &&
      napi_create_function(napi, "arkffi", NAPI_AUTO_LENGTH, caller_throw_back, env, &functions[1]) == napi_ok &&
      caller_passes_numbers(env, receiver, functions[0]) && caller_learns_numbers(env) &&
      caller_passes_exceptions(env, receiver, functions[1]);
  env->v8_caller->pins = works && caller_can_pin(env, receiver, functions[0]);
  return works;
}

void arkjs_v8_open_caller(arkjs_env *env) {
  const char *reason;
  const arkjs_v8_symbols *v8 = arkjs_v8_find_for(ARKJS_V8_CALLS);
  if (env->v8_caller || !env->v8 || !v8 || !arkjs_v8_find(&reason)) return;
  struct arkjs_v8_caller opened = {.v8 = v8, .isolate = v8->current_isolate(), .works = true};
  env->v8_caller = ark_alloc(1, sizeof opened);
  if (!env->v8_caller) return;
  *env->v8_caller = opened;
  env->v8_caller->works = caller_works(env);
}

void arkjs_v8_free_caller(arkjs_env *env) {
  ark_free(env->v8_caller);
}
