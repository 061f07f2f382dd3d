#include "cells.h"
#include "arkffi/alloc.h"
#include "call.h"
#include "v8/fast.h"

/* Behind the cell of the function's number and of the result. */
enum { ARGUMENTS = 1 };

static bool fits_cell(const ark_type *type) {
  return type->id == ARK_TYPE_STRING || type->kind == ARK_KIND_FLOAT || type->kind == ARK_KIND_BOOL ||
         type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED || type->kind == ARK_KIND_POINTER ||
         type->kind == ARK_KIND_AGGREGATE;
}

/* A function that is called through the cells, or a free place for one. */
typedef struct callee {
  arkjs_function *function; /* NULL when free */
  ark_cells_caller call;    /* of its plan */
  const bool *is_closed;    /* of all that closes it, where that is one thing; else `always` */
  uint32_t next_free;       /* as arkjs_cells.free_number */
} callee;

/* That a look at one flag does not tell: whether an image is open, and whether there is a function. */
static const bool always = true;

struct arkjs_cells {
  arkjs_env *env;
  ark_value *values; /* in the buffer */
  napi_ref buffer;
  callee *callees; /* by number; number 0 is nobody's; owned */
  uint32_t count, capacity;
  uint32_t free_number; /* 0 for none */
};

static ark_status grow(struct arkjs_cells *cells, ark_error *error) {
  uint32_t capacity = cells->capacity ? cells->capacity * 2 : 16;
  callee *callees = ark_resize(cells->callees, capacity * sizeof *callees);
  if (!callees) return ark_fail_memory(error);
  if (!cells->count) callees[cells->count++] = (callee){.is_closed = &always};
  cells->callees = callees;
  cells->capacity = capacity;
  return ARK_OK;
}

static ark_status take_number(struct arkjs_cells *cells, uint32_t *out, ark_error *error) {
  *out = cells->free_number;
  if (*out) {
    cells->free_number = cells->callees[*out].next_free;
    return ARK_OK;
  }
  ark_status status = cells->count == cells->capacity ? grow(cells, error) : ARK_OK;
  if (!status) *out = cells->count++;
  return status;
}

ark_status arkjs_cells_admit(arkjs_function *function, ark_error *error) {
  struct arkjs_cells *cells = function->env->cells;
  if (!cells || !ark_plan_has_cells(function->plan) || function->release) return ARK_OK;
  for (size_t i = 0; i < function->signature->count; i++) {
    if (!fits_cell(function->signature->parameters[i].type)) return ARK_OK;
  }
  ark_status status = take_number(cells, &function->number, error);
  if (status) return status;
  const bool *is_closed = function->library ? &function->library->is_closed : &function->is_closed;
  bool is_foreign = !function->library && function->image;
  cells->callees[function->number] =
      (callee){function, ark_plan_cells_caller(function->plan), is_foreign ? &always : is_closed, 0};
  return ARK_OK;
}

void arkjs_cells_dismiss(arkjs_function *function) {
  struct arkjs_cells *cells = function->env->cells;
  if (!function->number) return;
  cells->callees[function->number] = (callee){.is_closed = &always, .next_free = cells->free_number};
  cells->free_number = function->number;
}

arkjs_function *arkjs_cells_function(const arkjs_env *env, uint32_t number) {
  return number < env->cells->count ? env->cells->callees[number].function : NULL;
}

uint64_t *arkjs_cells_exact(const arkjs_env *env) {
  return &env->cells->values->bits;
}

static napi_value throw(arkjs_env * env, ark_status status) {
  arkjs_throw(env, status, &env->error);
  return NULL;
}

/* What few calls come to, in their frame: a callback has run, or the result is none that a double holds. */
static ARK_NOINLINE napi_value answer(const arkjs_function *function, arkjs_frame *frame, bool is_number) {
  arkjs_env *env = function->env;
  napi_value result = NULL;
  ark_status status = arkjs_frame_throw(function, frame);
  if (!status && !is_number) status = arkjs_function_answer(function, env->cells->values[0], 0, &result, &env->error);
  return status ? throw(env, status) : result;
}

/* As arkjs_enter_c does it, with what that has to ask for known before. C has what is in the cells before a callback
 * inside the call may use them again. */
static inline napi_value call(struct arkjs_cells *cells, arkjs_function *function, ark_cells_caller caller) {
  arkjs_env *env = cells->env;
  arkjs_frame frame;
  napi_value result = NULL;
  arkjs_function_refer(function); /* C may close the function, and end it */
  if (env->v8) arkjs_v8_leave(env);
  arkjs_frame_enter(env, &frame, function);
  bool is_number = caller(function->plan, function->entry, cells->values + ARGUMENTS, cells->values);
  if (!is_number || frame.scope || frame.thrown) result = answer(function, &frame, is_number);
  arkjs_frame_leave(env);
  arkjs_function_release(function);
  return result;
}

bool arkjs_cells_call_at_once(arkjs_env *env, uint32_t number) {
  const struct arkjs_cells *cells = env->cells;
  const callee *it = &cells->callees[number < cells->count ? number : 0];
  /* Code that another thread may unmap needs more care, and what is closed an error. */
  if (*it->is_closed || it->function->takes_callbacks) return false;
  return it->call(it->function->plan, it->function->entry, cells->values + ARGUMENTS, cells->values);
}

/* Functions whose code another thread may unmap; and those that are no more. */
static ARK_NOINLINE napi_value call_carefully(struct arkjs_cells *cells, const callee *it) {
  arkjs_env *env = cells->env;
  arkjs_function *function = it->function;
  if (!function) return throw(env, ark_fail(&env->error, ARK_INVALID_HANDLE, "enter: no function has this number"));
  ark_status status = arkjs_function_check(function, &env->error);
  if (status) return throw(env, status);
  ark_image *image = function->image;
  if (!ark_image_hold(image)) return throw(env, arkjs_function_fail_closed(function, &env->error));
  napi_value result = call(cells, function, it->call);
  ark_image_drop(image);
  return result;
}

/* The cells of the only environment that has opened any; `several` once there has been a second, and NULL before the
 * first. To ask the host whose function was called takes as long as all that is done here, so it is not asked where the
 * answer is known. */
static struct arkjs_cells several;
static _Atomic(struct arkjs_cells *) only;

static void announce(struct arkjs_cells *cells) {
  struct arkjs_cells *none = NULL;
  if (!atomic_compare_exchange_strong(&only, &none, cells)) atomic_store(&only, &several);
}

static void withdraw(struct arkjs_cells *cells) {
  atomic_compare_exchange_strong(&only, &cells, NULL);
}

static ARK_NOINLINE struct arkjs_cells *ask_host(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  return data;
}

/* The one function that JavaScript enters by, whichever it calls. */
static napi_value enter(napi_env napi, napi_callback_info info) {
  struct arkjs_cells *cells = atomic_load_explicit(&only, memory_order_relaxed);
  if (cells == &several) cells = ask_host(napi, info);
  uint32_t number = (uint32_t)cells->values[0].f64;
  const callee *it = &cells->callees[number < cells->count ? number : 0];
  return *it->is_closed ? call_carefully(cells, it) : call(cells, it->function, it->call);
}

/* Answers with the cell of each argument of the function that has a number. */
static napi_value places(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 1;
  uint32_t number = 0;
  napi_value given, result = NULL, place;
  napi_get_cb_info(napi, info, &count, &given, NULL, &data);
  const struct arkjs_cells *cells = data;
  napi_get_value_uint32(napi, given, &number);
  const arkjs_function *function = arkjs_cells_function(cells->env, number);
  napi_status status = function ? napi_create_array(napi, &result) : napi_generic_failure;
  for (size_t i = 0; status == napi_ok && i < function->signature->count; i++) {
    status = napi_create_uint32(napi, (uint32_t)(ARGUMENTS + ark_plan_cell(function->plan, i)), &place);
    if (status == napi_ok) status = napi_set_element(napi, result, (uint32_t)i, place);
  }
  return status == napi_ok ? result : NULL;
}

static napi_status share(struct arkjs_cells *cells, napi_value *out) {
  napi_env napi = cells->env->napi;
  napi_value buffer, view, singles, function, finder;
  size_t count = ARGUMENTS + ARK_PLAN_CELLS, size = count * sizeof cells->values[0];
  napi_status status = napi_create_arraybuffer(napi, size, (void **)&cells->values, &buffer);
  if (status == napi_ok) status = napi_create_typedarray(napi, napi_float64_array, count, buffer, 0, &view);
  if (status == napi_ok) status = napi_create_typedarray(napi, napi_float32_array, 2 * count, buffer, 0, &singles);
  if (status == napi_ok) status = napi_create_function(napi, "enter", NAPI_AUTO_LENGTH, enter, cells, &function);
  if (status == napi_ok) status = napi_create_function(napi, "places", NAPI_AUTO_LENGTH, places, cells, &finder);
  if (status == napi_ok) status = napi_create_object(napi, out);
  if (status == napi_ok) status = napi_set_named_property(napi, *out, "slots", view);
  if (status == napi_ok) status = napi_set_named_property(napi, *out, "singles", singles);
  if (status == napi_ok) status = napi_set_named_property(napi, *out, "places", finder);
  if (status == napi_ok) status = napi_set_named_property(napi, *out, "enter", function);
  return status == napi_ok ? napi_create_reference(napi, buffer, 1, &cells->buffer) : status;
}

ark_status arkjs_open_cells(const arkjs_request *request, napi_value *result) {
  arkjs_env *env = request->env;
  if (env->cells) return ARK_OK;
  env->cells = ark_alloc(1, sizeof *env->cells);
  if (!env->cells) return ark_fail_memory(request->error);
  env->cells->env = env;
  announce(env->cells);
  return arkjs_host_status(env, share(env->cells, result), request->error);
}

void arkjs_cells_end(arkjs_env *env) {
  if (env->cells) withdraw(env->cells);
  if (env->cells && env->cells->buffer) napi_delete_reference(env->napi, env->cells->buffer);
}

void arkjs_cells_free(arkjs_env *env) {
  if (env->cells) ark_free(env->cells->callees);
  ark_free(env->cells);
}
