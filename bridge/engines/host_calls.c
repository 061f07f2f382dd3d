#include "engines/host_calls.h"
#include "arkffi/alloc.h"
#include "arkffi/thunk.h"
#include "engines/fast_calls.h"
#include "engines/host_entry.h"
#include "engines/portable.h"
#include "engines/v8.h"
#include "env/other_ways.h"
#include "env/plain.h"

/* Functions by which JavaScript finds out whether the host passes values as C does. */

static uint64_t host_word(uint64_t word) {
  return word;
}

static double host_double(double number) {
  return number;
}

static float host_single(float number) {
  return number;
}

/* Has arguments in registers and on the stack, on every processor. The sum of numbers below 2^40 is exact. */
static double host_sum(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f, int64_t g, uint64_t h,
                       float i, double j, bool k, const void *l, int32_t m, double n, int8_t o, uint16_t p) {
  double small = a + 3.0 * b + 5.0 * c + 7.0 * d + 11.0 * e + 13.0 * f + 17.0 * m + 19.0 * o + 23.0 * p;
  return small + (double)g + (double)h + (double)i + j + (k ? 0.25 : 0.0) + (double)(uintptr_t)l + n;
}

/* The address of a buffer as a number. */
static double host_place(const void *bytes) {
  return (double)(uintptr_t)bytes;
}

/* Whether the function passes nothing but numbers, in the way of the platform. A variadic one may want to know how many
 * registers are in use. */
static bool host_knows(const ark_signature *signature) {
  ark_kind result = signature->result->kind;
  return signature->abi == ARK_ABI_PLATFORM && !signature->is_variadic && result != ARK_KIND_AGGREGATE &&
         result != ARK_KIND_STRING;
}

static ark_status host_describe(arkjs_function *function, napi_value *result, ark_error *error) {
  arkjs_env *env = function->env;
  napi_value gate, address;
  arkjs_other_ways_look(env);
  if (function->gate || !host_knows(function->signature) || !arkjs_fast_may_call(function)) return ARK_OK;
  if (!arkjs_fast_find_gate(function)) return ARK_OK;
  napi_status host = arkjs_address_to_js(env, (uintptr_t)function->code, &address);
  if (host == napi_ok) host = napi_create_uint32(env->napi, function->gate, &gate);
  if (host == napi_ok) host = napi_create_object(env->napi, result);
  if (host == napi_ok) host = arkjs_plain_set(env->napi, *result, "gate", gate);
  if (host == napi_ok) host = arkjs_plain_set(env->napi, *result, "address", address);
  return arkjs_host_status(env, host, error);
}

/* Returns the gate and the address of the C function with the given number, or undefined when the host must not call
 * it. */
static napi_value host_callee_of(napi_env napi, napi_callback_info info) {
  arkjs_env *env;
  napi_value result = NULL;
  arkjs_function *function = arkjs_fast_callee(napi, info, &env);
  ark_status status = function ? host_describe(function, &result, &env->error) : ARK_OK;
  if (status) arkjs_throw(env, status, &env->error);
  return status ? NULL : result;
}

static ark_status host_find_thunk(arkjs_function *function, napi_value *result, ark_error *error) {
  ark_c_function thunk;
  if (!function->gate || !ark_thunks_support(function->signature)) return ARK_OK;
  ark_status status = arkjs_v8_take_thunk(function, &thunk, error);
  if (status == ARK_NO_MEMORY) return ARK_OK; /* for code: another engine can call the function */
  if (status) return status;
  napi_status host = napi_create_double(function->env->napi, (double)(uintptr_t)thunk, result);
  return arkjs_host_status(function->env, host, error);
}

/* Returns the address of a thunk for the C function with the given number, which has a gate; undefined when there can
 * be none. */
static napi_value host_thunk_of(napi_env napi, napi_callback_info info) {
  arkjs_env *env;
  napi_value result = NULL;
  arkjs_function *function = arkjs_fast_callee(napi, info, &env);
  ark_status status = function ? host_find_thunk(function, &result, &env->error) : ARK_OK;
  if (status) arkjs_throw(env, status, &env->error);
  return status ? NULL : result;
}

static napi_status host_share_sample(arkjs_env *env, napi_value samples, const char *name, ark_c_function code) {
  napi_value address;
  napi_status status = napi_create_double(env->napi, (double)(uintptr_t)code, &address);
  return status == napi_ok ? arkjs_plain_set(env->napi, samples, name, address) : status;
}

static napi_status host_share(arkjs_env *env, napi_value *out) {
  napi_env napi = env->napi;
  napi_value function, samples;
  napi_status status = arkjs_fast_share(env, out);
  if (status == napi_ok)
    status = napi_create_function(napi, "calleeOf", NAPI_AUTO_LENGTH, host_callee_of, env, &function);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "calleeOf", function);
  if (status == napi_ok)
    status = napi_create_function(napi, "thunkOf", NAPI_AUTO_LENGTH, host_thunk_of, env, &function);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "thunkOf", function);
  if (status == napi_ok) status = arkjs_host_share_entry(env, *out);
  if (status == napi_ok) status = napi_create_object(napi, &samples);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "samples", samples);
  if (status == napi_ok) status = host_share_sample(env, samples, "word", (ark_c_function)(uintptr_t)host_word);
  if (status == napi_ok) status = host_share_sample(env, samples, "double", (ark_c_function)(uintptr_t)host_double);
  if (status == napi_ok) status = host_share_sample(env, samples, "single", (ark_c_function)(uintptr_t)host_single);
  if (status == napi_ok) status = host_share_sample(env, samples, "sum", (ark_c_function)(uintptr_t)host_sum);
  if (status == napi_ok) status = host_share_sample(env, samples, "place", (ark_c_function)(uintptr_t)host_place);
  return status == napi_ok ? napi_create_reference(napi, *out, 1, &env->v8->shared) : status;
}

ark_status arkjs_open_host_calls(const arkjs_request *request, napi_value *result) {
  arkjs_env *env = request->env;
  if (!env->slots || (env->v8 && env->v8->symbols)) {
    return ark_fail(request->error, ARK_NO_ENGINE, "%s: another engine is in use", request->function);
  }
  if (env->v8 && env->v8->shared) {
    return arkjs_host_status(env, napi_get_reference_value(env->napi, env->v8->shared, result), request->error);
  }
  struct arkjs_v8 *made = ark_alloc(1, sizeof *made);
  if (!made) return ark_fail_memory(request->error);
  made->gate_count = ARKJS_GATE_FIRST;
  env->v8 = made;
  ark_status status = arkjs_host_status(env, host_share(env, result), request->error);
  if (status) {
    arkjs_v8_free(env);
    env->v8 = NULL;
    return status;
  }
  env->calls_by_host = &made->gates[ARKJS_GATE_ON_STACK];
  arkjs_other_ways_look(env);
  arkjs_v8_update_gates(env);
  return ARK_OK;
}
