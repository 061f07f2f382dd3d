#include "engines/scalars.h"
#include "arkffi/memory_access.h"
#include "arkffi/slot_caller.h"
#include "env/plain.h"
#include "v8/create.h"
#include "v8/gates.h"
#include <math.h>
#include <string.h>

/* JavaScript has checked that the address is one. `code` is the letter of a type. The first parameter is V8's receiver;
 * other engines pass 0. In checked mode nothing is read or written here, because a failure could not be reported. The
 * memory need not be aligned. */

/* The value at the address; NaN when JavaScript must read it in another way. */
static double scalars_load(const void *receiver, double address, int32_t code) {
  (void)receiver;
  ark_value number;
  const ark_type *type = ark_type_of_code((char)code);
  if (!type || ark_memory_is_checked()) return NAN;
  ark_value value = ark_value_load(type, (const void *)(uintptr_t)address);
  return ark_slot_result(type, value, &number) ? number.f64 : NAN;
}

/* Sets *out to a number as an integer type holds it; false unless it is plainly one of its values. */
static bool scalars_take_integer(const ark_type *type, double number, ark_value *out) {
  const double most = (double)((INT64_C(1) << 53) - 1); /* the greatest integer up to which doubles are exact */
  if (!(number >= -most && number <= most)) return false;
  out->i64 = (int64_t)number;
  if ((double)out->i64 != number || out->i64 < ark_type_min(type)) return false;
  return out->i64 < 0 || out->u64 <= ark_type_max(type);
}

/* Stores the value if it is plainly one of the type, and returns whether it has. */
static int32_t scalars_store(const void *receiver, double address, double value, int32_t code) {
  (void)receiver;
  ark_value stored = {.f64 = value};
  const ark_type *type = ark_type_of_code((char)code);
  if (!type || ark_memory_is_checked()) return 0;
  if (type->id == ARK_TYPE_FLOAT) stored.f32 = (float)value;
  if (type->kind != ARK_KIND_FLOAT && !scalars_take_integer(type, value, &stored)) return 0;
  memcpy((void *)(uintptr_t)address, &stored, type->size);
  return 1;
}

static napi_status scalars_share_address(arkjs_env *env, const char *name, const void *code, napi_value out) {
  napi_value address;
  napi_status status = napi_create_double(env->napi, (double)(uintptr_t)code, &address);
  return status == napi_ok ? arkjs_plain_set(env->napi, out, name, address) : status;
}

/* Adds V8's function, unless V8 has no memory for it. */
static napi_status scalars_share_fast(arkjs_env *env, const char *name, const char *key, const void *code,
                                      napi_value out) {
  const arkjs_v8_info *info = arkjs_v8_describe(env->v8->symbols, key);
  napi_value function = info ? arkjs_v8_create(env->v8->symbols, info, code) : NULL;
  return function ? arkjs_plain_set(env->napi, out, name, function) : napi_ok;
}

static napi_status scalars_share(arkjs_env *env, napi_value *out) {
  const char number = arkjs_v8_letter(ARK_PASS_DOUBLE), word = arkjs_v8_letter(ARK_PASS_INT32);
  const char loading[] = {number, word, number, '\0'}, storing[] = {number, number, word, word, '\0'};
  const void *load = (const void *)(uintptr_t)scalars_load, *store = (const void *)(uintptr_t)scalars_store;
  napi_status status = napi_create_object(env->napi, out);
  if (status == napi_ok) status = scalars_share_address(env, "loadAddress", load, *out);
  if (status == napi_ok) status = scalars_share_address(env, "storeAddress", store, *out);
  if (status != napi_ok || !env->v8 || !env->v8->symbols) return status;
  status = scalars_share_fast(env, "load", loading, load, *out);
  return status == napi_ok ? scalars_share_fast(env, "store", storing, store, *out) : status;
}

ark_status arkjs_open_scalars(const arkjs_request *request, napi_value *result) {
  return arkjs_host_status(request->env, scalars_share(request->env, result), request->error);
}
