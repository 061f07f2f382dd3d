#include "engines/scalars.h"
#include "arkffi/memory_access.h"
#include "env/plain.h"
#include "v8/create.h"
#include "v8/gates.h"
#include <math.h>
#include <string.h>

/* JavaScript has checked that the address is one. `code` is the letter of a type. The first parameter is V8's receiver;
 * other engines pass 0. In checked mode nothing is read or written here, because a failure could not be reported. The
 * memory need not be aligned. */

typedef union scalar {
  int8_t i8;
  uint8_t u8;
  int16_t i16;
  uint16_t u16;
  int32_t i32;
  uint32_t u32;
  int64_t i64;
  uint64_t u64;
  float f32;
  double f64;
} scalar;

/* The greatest integer up to which doubles are exact. */
static const int64_t scalars_most = (INT64_C(1) << 53) - 1;

/* The value at the address; NaN when JavaScript must read it in another way. */
static double scalars_load(const void *receiver, double address, int32_t code) {
  (void)receiver;
  const void *at = (const void *)(uintptr_t)address;
  scalar value;
  if (ark_memory_is_checked()) return NAN;
  switch (code) {
  case 'b':
  case 'C': memcpy(&value, at, sizeof value.u8); return value.u8;
  case 'c': memcpy(&value, at, sizeof value.i8); return value.i8;
  case 'h': memcpy(&value, at, sizeof value.i16); return value.i16;
  case 'H': memcpy(&value, at, sizeof value.u16); return value.u16;
  case 'i': memcpy(&value, at, sizeof value.i32); return value.i32;
  case 'I': memcpy(&value, at, sizeof value.u32); return value.u32;
  case 'f': memcpy(&value, at, sizeof value.f32); return (double)value.f32;
  case 'd': memcpy(&value, at, sizeof value.f64); return value.f64;
  case 'l':
  case 'q':
    memcpy(&value, at, sizeof value.i64);
    return value.i64 >= -scalars_most && value.i64 <= scalars_most ? (double)value.i64 : NAN;
  case 'L':
  case 'Q':
  case 'p':
  case 'k': memcpy(&value, at, sizeof value.u64); return value.u64 <= (uint64_t)scalars_most ? (double)value.u64 : NAN;
  default: return NAN;
  }
}

static inline int32_t scalars_put(void *at, const scalar *value, size_t size) {
  memcpy(at, value, size);
  return 1;
}

static inline bool scalars_is_integer(double value, double least, double most) {
  return value >= least && value <= most && (double)(int64_t)value == value;
}

static int32_t scalars_store_integer(void *at, double value, int32_t code) {
  const double most = (double)scalars_most;
  if (!scalars_is_integer(value, -most, most)) return 0;
  scalar stored, all = {.i64 = (int64_t)value};
  switch (code) {
  case 'b': stored.u8 = (uint8_t)all.i64; return all.u64 <= 1 ? scalars_put(at, &stored, sizeof stored.u8) : 0;
  case 'c': stored.i8 = (int8_t)all.i64; return stored.i8 == all.i64 ? scalars_put(at, &stored, sizeof stored.i8) : 0;
  case 'C': stored.u8 = (uint8_t)all.i64; return stored.u8 == all.i64 ? scalars_put(at, &stored, sizeof stored.u8) : 0;
  case 'h':
    stored.i16 = (int16_t)all.i64;
    return stored.i16 == all.i64 ? scalars_put(at, &stored, sizeof stored.i16) : 0;
  case 'H':
    stored.u16 = (uint16_t)all.i64;
    return stored.u16 == all.i64 ? scalars_put(at, &stored, sizeof stored.u16) : 0;
  case 'i':
    stored.i32 = (int32_t)all.i64;
    return stored.i32 == all.i64 ? scalars_put(at, &stored, sizeof stored.i32) : 0;
  case 'I':
    stored.u32 = (uint32_t)all.i64;
    return stored.u32 == all.i64 ? scalars_put(at, &stored, sizeof stored.u32) : 0;
  case 'l':
  case 'q': return scalars_put(at, &all, sizeof all.i64);
  case 'L':
  case 'Q':
  case 'p':
  case 'k': return all.i64 >= 0 ? scalars_put(at, &all, sizeof all.u64) : 0;
  default: return 0;
  }
}

/* Stores the value if it is plainly one of the type, and returns whether it has. */
static int32_t scalars_store(const void *receiver, double address, double value, int32_t code) {
  (void)receiver;
  void *at = (void *)(uintptr_t)address;
  if (ark_memory_is_checked()) return 0;
  if (code == 'd') return scalars_put(at, &(scalar){.f64 = value}, sizeof value);
  if (code == 'f') return scalars_put(at, &(scalar){.f32 = (float)value}, sizeof(float));
  return scalars_store_integer(at, value, code);
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
