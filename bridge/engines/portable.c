#include "engines/portable.h"
#include "arkffi/alloc.h"
#include "env/plain.h"
#include "functions/run.h"
#include "v8/gates.h"

/* The arguments follow the slot of the function's number and the result. */
enum { ARGUMENTS = 1 };

static bool portable_fits_cell(const ark_type *type) {
  return type->id == ARK_TYPE_STRING || type->kind == ARK_KIND_FLOAT || type->kind == ARK_KIND_BOOL ||
         type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED || type->kind == ARK_KIND_POINTER ||
         type->kind == ARK_KIND_AGGREGATE;
}

/* A function that can be called through the slots, or a free entry. */
typedef struct callee {
  arkjs_function *function; /* NULL when free */
  ark_slot_caller call;     /* of its plan */
  const bool *is_closed;    /* the flag that closes it, if there is only one; else `portable_always` */
  uint32_t next_free;       /* as arkjs_slots.free_number */
} callee;

/* Used as `is_closed` when one flag cannot decide, because the mapping must be checked or because there is no
 * function. It sends the call to portable_call_carefully. */
static const bool portable_always = true;

struct arkjs_slots {
  arkjs_env *env;
  ark_value *values;       /* in the buffer */
  napi_ref buffer, shared; /* of the slots, and what arkjs_open_slots returns */
  callee *callees;         /* by number; number 0 is never used; owned */
  uint32_t count, capacity;
  uint32_t free_number; /* 0 for none */
};

static ark_status portable_grow(struct arkjs_slots *slots, ark_error *error) {
  uint32_t capacity = slots->capacity ? slots->capacity * 2 : 16;
  callee *callees = ark_resize(slots->callees, capacity * sizeof *callees);
  if (!callees) return ark_fail_memory(error);
  if (!slots->count) callees[slots->count++] = (callee){.is_closed = &portable_always};
  slots->callees = callees;
  slots->capacity = capacity;
  return ARK_OK;
}

static ark_status portable_take_number(struct arkjs_slots *slots, uint32_t *out, ark_error *error) {
  *out = slots->free_number;
  if (*out) {
    slots->free_number = slots->callees[*out].next_free;
    return ARK_OK;
  }
  ark_status status = slots->count == slots->capacity ? portable_grow(slots, error) : ARK_OK;
  if (!status) *out = slots->count++;
  return status;
}

ark_status arkjs_slots_admit(arkjs_function *function, ark_error *error) {
  struct arkjs_slots *slots = function->env->slots;
  if (!slots || !ark_plan_has_slots(function->plan) || function->release) return ARK_OK;
  for (size_t i = 0; i < function->signature->count; i++) {
    if (!portable_fits_cell(function->signature->parameters[i].type)) return ARK_OK;
  }
  ark_status status = portable_take_number(slots, &function->number, error);
  if (status) return status;
  const bool *is_closed = function->library ? &function->library->is_closed : &function->is_closed;
  slots->callees[function->number] = (callee){function, ark_plan_slot_caller(function->plan),
                                              arkjs_function_is_foreign(function) ? &portable_always : is_closed, 0};
  return ARK_OK;
}

void arkjs_slots_dismiss(arkjs_function *function) {
  struct arkjs_slots *slots = function->env->slots;
  if (!function->number) return;
  slots->callees[function->number] = (callee){.is_closed = &portable_always, .next_free = slots->free_number};
  slots->free_number = function->number;
}

arkjs_function *arkjs_slots_function(const arkjs_env *env, uint32_t number) {
  return number < env->slots->count ? env->slots->callees[number].function : NULL;
}

ark_status arkjs_slots_find(const arkjs_env *env, uint32_t number, const char *caller, arkjs_function **out,
                            ark_error *error) {
  *out = env->slots ? arkjs_slots_function(env, number) : NULL;
  return *out ? ARK_OK : ark_fail(error, ARK_INVALID_HANDLE, "%s: no function has this number", caller);
}

ark_status arkjs_slots_find_chosen(const arkjs_env *env, const char *caller, arkjs_function **out, ark_error *error) {
  return arkjs_slots_find(env, (uint32_t)env->slots->values[0].f64, caller, out, error);
}

ark_value *arkjs_slots_values(const arkjs_env *env) {
  return env->slots->values;
}

const ark_value *arkjs_slots_arguments(const arkjs_env *env) {
  return env->slots->values + ARGUMENTS;
}

static napi_value portable_throw(arkjs_env *env, ark_status status) {
  arkjs_throw(env, status, &env->error);
  return NULL;
}

/* Rare: a callback has run in the frame, or the result does not fit a double. */
static ARK_NOINLINE napi_value portable_answer(const arkjs_function *function, arkjs_frame *frame, bool is_number) {
  arkjs_env *env = function->env;
  napi_value result = NULL;
  ark_status status = arkjs_frame_throw(function, frame);
  if (!status && !is_number)
    status = arkjs_function_answer(function, env->slots->values[0], (ark_error_numbers){0}, &result, &env->error);
  return status ? portable_throw(env, status) : result;
}

/* Does what arkjs_enter_c does, with its checks made in advance. C has read the slots before a callback can use them
 * for another call. */
static inline napi_value portable_call(struct arkjs_slots *slots, arkjs_function *function, ark_slot_caller caller) {
  arkjs_env *env = slots->env;
  arkjs_frame frame;
  napi_value result = NULL;
  arkjs_function_retain(function); /* C may close the function and release it */
  if (env->v8) arkjs_v8_leave(env);
  arkjs_frame_enter(env, &frame, function->name);
  bool is_number = caller(function->plan, function->code, slots->values + ARGUMENTS, slots->values);
  if (!is_number || frame.scope || frame.has_failed) result = portable_answer(function, &frame, is_number);
  arkjs_frame_leave(env);
  arkjs_function_release(function);
  return result;
}

bool arkjs_slots_call_at_once(arkjs_env *env, uint32_t number) {
  const struct arkjs_slots *slots = env->slots;
  const callee *it = &slots->callees[number < slots->count ? number : 0];
  /* Code that another thread may unmap, and closed functions, are left to the slow path. */
  if (*it->is_closed || it->function->types->takes_callbacks) return false;
  return it->call(it->function->plan, it->function->code, slots->values + ARGUMENTS, slots->values);
}

/* Calls code that another thread may unmap, and fails for numbers that are not in use. */
static ARK_NOINLINE napi_value portable_call_carefully(struct arkjs_slots *slots, const callee *it) {
  arkjs_env *env = slots->env;
  arkjs_function *function;
  ark_status status = arkjs_slots_find_chosen(env, "enter", &function, &env->error);
  if (!status) status = arkjs_function_check(function, &env->error);
  if (!status) status = arkjs_function_retain_code(function, &env->error);
  if (status) return portable_throw(env, status);
  arkjs_function_retain(function);
  napi_value result = portable_call(slots, function, it->call);
  arkjs_function_release_code(function);
  arkjs_function_release(function);
  return result;
}

/* The slots of the only environment that has opened them, `portable_several` once there was a second one, and NULL
 * before the first. Asking the host which function was called takes as long as the rest of the call, so it is avoided
 * when the answer is known. */
static struct arkjs_slots portable_several;
static _Atomic(struct arkjs_slots *) portable_only;

static void portable_announce(struct arkjs_slots *slots) {
  struct arkjs_slots *none = NULL;
  if (!atomic_compare_exchange_strong(&portable_only, &none, slots)) atomic_store(&portable_only, &portable_several);
}

static void portable_withdraw(struct arkjs_slots *slots) {
  atomic_compare_exchange_strong(&portable_only, &slots, NULL);
}

static ARK_NOINLINE struct arkjs_slots *portable_ask_host(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  return data;
}

/* The one function that JavaScript calls, for all C functions. */
static napi_value portable_enter(napi_env napi, napi_callback_info info) {
  /* Relaxed order suffices: this thread reads its own store, or a later one, which is `portable_several` until its
   * environment ends. */
  struct arkjs_slots *slots = atomic_load_explicit(&portable_only, memory_order_relaxed);
  if (slots == &portable_several) slots = portable_ask_host(napi, info);
  uint32_t number = (uint32_t)slots->values[0].f64;
  const callee *it = &slots->callees[number < slots->count ? number : 0];
  return *it->is_closed ? portable_call_carefully(slots, it) : portable_call(slots, it->function, it->call);
}

/* Returns the slot of each argument of the function with the given number. */
static napi_value portable_places(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 1;
  uint32_t number = 0;
  napi_value given, result = NULL, place;
  napi_get_cb_info(napi, info, &count, &given, NULL, &data);
  const struct arkjs_slots *slots = data;
  napi_get_value_uint32(napi, given, &number);
  const arkjs_function *function = arkjs_slots_function(slots->env, number);
  napi_status status = function ? napi_create_array(napi, &result) : napi_generic_failure;
  for (size_t i = 0; status == napi_ok && i < function->signature->count; i++) {
    status = napi_create_uint32(napi, (uint32_t)(ARGUMENTS + ark_plan_slot(function->plan, i)), &place);
    if (status == napi_ok) status = arkjs_plain_set_element(napi, result, (uint32_t)i, place);
  }
  return status == napi_ok ? result : NULL;
}

static napi_status portable_share(struct arkjs_slots *slots, napi_value *out) {
  napi_env napi = slots->env->napi;
  napi_value buffer, view, singles, function, finder, closings;
  size_t count = ARGUMENTS + ARK_PLAN_SLOTS, size = count * sizeof slots->values[0];
  napi_status status = napi_create_arraybuffer(napi, size + sizeof(double), (void **)&slots->values, &buffer);
  if (status == napi_ok) status = napi_create_typedarray(napi, napi_float64_array, count, buffer, 0, &view);
  if (status == napi_ok) status = napi_create_typedarray(napi, napi_float32_array, 2 * count, buffer, 0, &singles);
  if (status == napi_ok) status = napi_create_typedarray(napi, napi_float64_array, 1, buffer, size, &closings);
  if (status == napi_ok)
    status = napi_create_function(napi, "enter", NAPI_AUTO_LENGTH, portable_enter, slots, &function);
  if (status == napi_ok)
    status = napi_create_function(napi, "places", NAPI_AUTO_LENGTH, portable_places, slots, &finder);
  if (status == napi_ok) status = napi_create_object(napi, out);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "slots", view);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "singles", singles);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "places", finder);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "enter", function);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "closings", closings);
  if (status == napi_ok) status = napi_create_reference(napi, *out, 1, &slots->shared);
  return status == napi_ok ? napi_create_reference(napi, buffer, 1, &slots->buffer) : status;
}

ark_status arkjs_open_slots(const arkjs_request *request, napi_value *result) {
  arkjs_env *env = request->env;
  if (env->slots && env->slots->shared) {
    return arkjs_host_status(env, napi_get_reference_value(env->napi, env->slots->shared, result), request->error);
  }
  if (!env->slots) {
    env->slots = ark_alloc(1, sizeof *env->slots);
    if (!env->slots) return ark_fail_memory(request->error);
    env->slots->env = env;
    portable_announce(env->slots);
  }
  return arkjs_host_status(env, portable_share(env->slots, result), request->error);
}

void arkjs_slots_count_closing(const arkjs_env *env) {
  if (env->slots && env->slots->buffer) env->slots->values[ARGUMENTS + ARK_PLAN_SLOTS].f64++;
}

void arkjs_slots_end(arkjs_env *env) {
  struct arkjs_slots *slots = env->slots;
  if (!slots) return;
  portable_withdraw(slots);
  if (slots->buffer) napi_delete_reference(env->napi, slots->buffer);
  if (slots->shared) napi_delete_reference(env->napi, slots->shared);
  slots->buffer = slots->shared = NULL;
}

void arkjs_slots_free(arkjs_env *env) {
  if (env->slots) ark_free(env->slots->callees);
  ark_free(env->slots);
}
