#include "cells.h"
#include "arkffi/alloc.h"
#include "call.h"

/* Arguments that fit. Calls nest, so they take little stack; and hardly a function has more. */
enum { MOST_ARGS = 16 };

static bool fits_cell(const ark_type *type) {
  return type->id == ARK_TYPE_STRING || type->kind == ARK_KIND_FLOAT || type->kind == ARK_KIND_BOOL ||
         type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED || type->kind == ARK_KIND_POINTER ||
         type->kind == ARK_KIND_AGGREGATE;
}

typedef struct callee {
  arkjs_function *function; /* NULL when free */
  uint32_t next_free;       /* as arkjs_cells.free_number */
} callee;

struct arkjs_cells {
  arkjs_env *env;
  double *values; /* in the buffer */
  napi_ref buffer;
  callee *callees; /* the functions that are called through the cells, by number; number 0 is nobody's; owned */
  uint32_t count, capacity;
  uint32_t free_number; /* 0 for none */
};

static ark_status grow(struct arkjs_cells *cells, ark_error *error) {
  uint32_t capacity = cells->capacity ? cells->capacity * 2 : 16;
  callee *callees = ark_resize(cells->callees, capacity * sizeof *callees);
  if (!callees) return ark_fail_memory(error);
  if (!cells->count) callees[cells->count++] = (callee){0};
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

/* Whether the cell behind the arguments has the address that the result goes to. */
static bool has_room(const arkjs_function *function) {
  return function->signature->result->kind == ARK_KIND_AGGREGATE;
}

ark_status arkjs_cells_admit(arkjs_function *function, ark_error *error) {
  struct arkjs_cells *cells = function->env->cells;
  if (!cells || function->signature->is_variadic || function->release) return ARK_OK;
  if (function->signature->count + has_room(function) > MOST_ARGS) return ARK_OK;
  for (size_t i = 0; i < function->signature->count; i++) {
    if (!fits_cell(function->signature->parameters[i].type)) return ARK_OK;
  }
  ark_status status = take_number(cells, &function->number, error);
  if (!status) cells->callees[function->number].function = function;
  return status;
}

void arkjs_cells_dismiss(arkjs_function *function) {
  struct arkjs_cells *cells = function->env->cells;
  if (!function->number) return;
  cells->callees[function->number] = (callee){NULL, cells->free_number};
  cells->free_number = function->number;
}

arkjs_function *arkjs_cells_function(const arkjs_env *env, uint32_t number) {
  return number < env->cells->count ? env->cells->callees[number].function : NULL;
}

uint64_t *arkjs_cells_exact(const arkjs_env *env) {
  return (uint64_t *)env->cells->values;
}

static ark_value take_argument(const ark_type *type, double cell) {
  return type->kind == ARK_KIND_FLOAT ? arkjs_float_of(type, cell) : (ark_value){.i64 = (int64_t)cell};
}

/* Whether a double holds the result. A struct is where it belongs already. */
static bool give_result(const ark_type *type, ark_value value, double *cell) {
  switch (type->kind) {
  case ARK_KIND_VOID:
  case ARK_KIND_AGGREGATE: return true;
  case ARK_KIND_STRING: return false;
  case ARK_KIND_FLOAT: *cell = arkjs_float_to_double(type, value); return true;
  default: *cell = (double)value.i64; return arkjs_is_number(type, value);
  }
}

/* A result goes into cell 0, or is the answer itself where a double does not hold it. */
static ark_status answer(const arkjs_function *function, ark_value value, int error_number, napi_value *result,
                         ark_error *error) {
  if (give_result(function->signature->result, value, &function->env->cells->values[0])) return ARK_OK;
  return arkjs_function_answer(function, value, error_number, result, error);
}

/* Copies the arguments, because a callback inside the call may call again. Gives what the result begins as. */
static ark_value take_arguments(const arkjs_function *function, ark_value *args) {
  const double *values = function->env->cells->values;
  size_t count = function->signature->count;
  for (size_t i = 0; i < count; i++) args[i] = take_argument(function->signature->parameters[i].type, values[1 + i]);
  return (ark_value){.i64 = has_room(function) ? (int64_t)values[1 + count] : 0};
}

static ark_status call(arkjs_function *function, napi_value *result, ark_error *error) {
  ark_value args[MOST_ARGS];
  ark_status status = arkjs_function_check(function, error);
  if (status) return status;
  ark_value room = take_arguments(function, args);
  arkjs_function_refer(function);
  status = arkjs_enter_c(function, args, room, answer, result, error);
  arkjs_function_release(function);
  return status;
}

bool arkjs_cells_call_at_once(arkjs_env *env, uint32_t number) {
  ark_value args[MOST_ARGS];
  arkjs_function *function = arkjs_cells_function(env, number);
  /* Code at a bare address in a library of ours may be unmapped by another thread: such calls need more care. */
  if (!function || function->takes_callbacks || (function->image && !function->library)) return false;
  if (arkjs_function_check(function, &env->error)) return false;
  ark_value result = take_arguments(function, args);
  ark_plan_call(function->plan, function->entry, args, &result);
  return give_result(function->signature->result, result, &env->cells->values[0]);
}

/* The one function that JavaScript enters by, whichever it calls. */
static napi_value enter(napi_env napi, napi_callback_info info) {
  void *data;
  napi_value result = NULL;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  const struct arkjs_cells *cells = data;
  arkjs_env *env = cells->env;
  uint32_t number = (uint32_t)(int64_t)cells->values[0];
  arkjs_function *function = arkjs_cells_function(env, number);
  ark_status status = function ? call(function, &result, &env->error)
                               : ark_fail(&env->error, ARK_INVALID_HANDLE, "enter: no function has this number");
  if (!status) return result;
  arkjs_throw(env, status, &env->error);
  return NULL;
}

static napi_status share(struct arkjs_cells *cells, napi_value *out) {
  napi_env napi = cells->env->napi;
  napi_value buffer, view, function;
  size_t count = 1 + MOST_ARGS;
  napi_status status = napi_create_arraybuffer(napi, count * sizeof(double), (void **)&cells->values, &buffer);
  if (status == napi_ok) status = napi_create_typedarray(napi, napi_float64_array, count, buffer, 0, &view);
  if (status == napi_ok) status = napi_create_function(napi, "enter", NAPI_AUTO_LENGTH, enter, cells, &function);
  if (status == napi_ok) status = napi_create_object(napi, out);
  if (status == napi_ok) status = napi_set_named_property(napi, *out, "cells", view);
  if (status == napi_ok) status = napi_set_named_property(napi, *out, "enter", function);
  return status == napi_ok ? napi_create_reference(napi, buffer, 1, &cells->buffer) : status;
}

ark_status arkjs_open_cells(const arkjs_request *request, napi_value *result) {
  arkjs_env *env = request->env;
  if (env->cells) return ARK_OK;
  env->cells = ark_alloc(1, sizeof *env->cells);
  if (!env->cells) return ark_fail_memory(request->error);
  env->cells->env = env;
  return arkjs_host_status(env, share(env->cells, result), request->error);
}

void arkjs_cells_end(arkjs_env *env) {
  if (env->cells && env->cells->buffer) napi_delete_reference(env->napi, env->cells->buffer);
}

void arkjs_cells_free(arkjs_env *env) {
  if (env->cells) ark_free(env->cells->callees);
  ark_free(env->cells);
}
