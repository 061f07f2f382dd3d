#include "async/waves.h"
#include "arkffi/alloc.h"
#include "env/throw.h"
#include "functions/run.h"

/* The maximum number of results in a wave. */
enum { WAVE = 512 };

/* What JavaScript makes of a number; the low bits of an entry, above which is the number of the promise. */
typedef enum wave_kind { WAVE_NUMBER, WAVE_BOOL, WAVE_UNDEFINED, WAVE_KINDS = 4 } wave_kind;

/* Memory that JavaScript shares. */
typedef struct wave_memory {
  double values[WAVE];
  int32_t entries[WAVE];
  int32_t count;   /* of the results */
  int32_t promise; /* of the call that starts, until it is taken; apart, because hooks of the program may start calls
                      before the results are read */
} wave_memory;

struct arkjs_waves {
  wave_memory *memory;
  int32_t count; /* of the results in it */
  bool is_settling;
  napi_ref buffer, made, settle, settle_one; /* `made` has the two functions */
};

static void waves_call(arkjs_env *env, napi_ref function, size_t count, const napi_value *values) {
  napi_value undefined, settle, ignored;
  napi_status status = napi_get_undefined(env->napi, &undefined);
  if (status == napi_ok) status = napi_get_reference_value(env->napi, function, &settle);
  if (status == napi_ok) napi_call_function(env->napi, undefined, settle, count, values, &ignored);
}

static bool waves_begin(struct arkjs_waves *waves) {
  if (!waves || !waves->count || waves->is_settling) return false;
  waves->memory->count = waves->count;
  waves->count = 0;
  /* Hooks of the program see each promise that settles, and may turn the event loop. */
  waves->is_settling = true;
  return true;
}

void arkjs_waves_flush(arkjs_env *env) {
  struct arkjs_waves *waves = env->waves;
  if (!waves_begin(waves)) return;
  waves_call(env, waves->settle, 0, NULL);
  waves->is_settling = false;
}

napi_value arkjs_waves_begin(arkjs_env *env) {
  napi_value settle;
  struct arkjs_waves *waves = env->waves;
  if (!waves || napi_get_reference_value(env->napi, waves->settle, &settle) != napi_ok) return NULL;
  return waves_begin(waves) ? settle : NULL;
}

void arkjs_waves_have_settled(arkjs_env *env) {
  env->waves->is_settling = false;
}

static void waves_settle_one(arkjs_env *env, uint32_t promise, napi_value value, bool is_rejected) {
  napi_value values[] = {NULL, value, NULL};
  arkjs_waves_flush(env);
  napi_status status = napi_create_uint32(env->napi, promise, &values[0]);
  if (status == napi_ok) status = napi_get_boolean(env->napi, is_rejected, &values[2]);
  if (status == napi_ok) waves_call(env, env->waves->settle_one, sizeof values / sizeof values[0], values);
}

void arkjs_waves_reject(arkjs_env *env, uint32_t promise, napi_value reason) {
  waves_settle_one(env, promise, reason, true);
}

static bool waves_find_number(const ark_type *type, ark_value result, wave_kind *kind, ark_value *number) {
  *kind = type->kind == ARK_KIND_BOOL ? WAVE_BOOL : type->kind == ARK_KIND_VOID ? WAVE_UNDEFINED : WAVE_NUMBER;
  return *kind == WAVE_UNDEFINED || ark_slot_result(type, result, number);
}

bool arkjs_waves_add(const arkjs_function *function, uint32_t promise, ark_value result) {
  struct arkjs_waves *waves = function->env->waves;
  wave_kind kind;
  ark_value number = {0};
  if (waves->is_settling || waves->count == WAVE) return false;
  if (!waves_find_number(function->signature->result, result, &kind, &number)) return false;
  waves->memory->values[waves->count] = number.f64;
  waves->memory->entries[waves->count] = (int32_t)(promise * WAVE_KINDS + kind);
  waves->count++;
  return true;
}

void arkjs_waves_resolve(const arkjs_function *function, uint32_t promise, ark_value result) {
  arkjs_env *env = function->env;
  if (env->waves->count == WAVE) arkjs_waves_flush(env);
  if (arkjs_waves_add(function, promise, result)) return;
  ark_error error;
  napi_value value;
  ark_status status = arkjs_function_answer(function, result, (ark_error_numbers){0}, &value, &error);
  if (status) value = arkjs_error_value(env, status, &error);
  waves_settle_one(env, promise, value, status != ARK_OK);
}

static napi_status waves_keep_function(arkjs_env *env, napi_value made, const char *name, napi_ref *out) {
  napi_value function;
  napi_status status = napi_get_named_property(env->napi, made, name, &function);
  return status == napi_ok ? napi_create_reference(env->napi, function, 1, out) : status;
}

static napi_status waves_make(arkjs_env *env, napi_value make, napi_callback start, napi_value *made) {
  napi_env napi = env->napi;
  struct arkjs_waves *waves = env->waves;
  napi_value undefined, buffer, given[3];
  napi_status status = napi_create_arraybuffer(napi, sizeof *waves->memory, (void **)&waves->memory, &buffer);
  if (status == napi_ok) status = napi_create_typedarray(napi, napi_float64_array, WAVE, buffer, 0, &given[0]);
  if (status == napi_ok)
    status = napi_create_typedarray(napi, napi_int32_array, WAVE + 2, buffer, WAVE * sizeof(double), &given[1]);
  if (status == napi_ok) status = napi_create_function(napi, "start", NAPI_AUTO_LENGTH, start, env, &given[2]);
  if (status == napi_ok) status = napi_get_undefined(napi, &undefined);
  if (status == napi_ok) status = napi_call_function(napi, undefined, make, 3, given, made);
  if (status == napi_ok) status = waves_keep_function(env, *made, "settle", &waves->settle);
  if (status == napi_ok) status = waves_keep_function(env, *made, "settleOne", &waves->settle_one);
  if (status == napi_ok) status = napi_create_reference(napi, buffer, 1, &waves->buffer);
  return status == napi_ok ? napi_create_reference(napi, *made, 1, &waves->made) : status;
}

ark_status arkjs_waves_open(arkjs_env *env, napi_value make, napi_callback start, napi_value *made, ark_error *error) {
  if (env->waves && env->waves->made) {
    return arkjs_host_status(env, napi_get_reference_value(env->napi, env->waves->made, made), error);
  }
  if (!env->waves) env->waves = ark_alloc(1, sizeof *env->waves);
  if (!env->waves) return ark_fail_memory(error);
  return arkjs_host_status(env, waves_make(env, make, start, made), error);
}

uint32_t arkjs_waves_take_promise(arkjs_env *env) {
  int32_t promise = env->waves->memory->promise;
  env->waves->memory->promise = -1;
  return (uint32_t)promise;
}

void arkjs_waves_end(arkjs_env *env) {
  if (!env->waves) return;
  const napi_ref kept[] = {env->waves->buffer, env->waves->made, env->waves->settle, env->waves->settle_one};
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
    if (kept[i]) napi_delete_reference(env->napi, kept[i]);
  }
}

void arkjs_waves_free(arkjs_env *env) {
  ark_free(env->waves);
}
