/* Values across the border: one converter for each kind of type and direction, used by every way of calling.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_VALUE_H
#define ARKJS_VALUE_H

#include "arkffi/type.h"
#include "values/site.h"

/* Puts in the place of an object what C can take of it, for pointers and structs by value: a SharedArrayBuffer becomes a
 * view of it; for a pointer an object or function with a `ptr` becomes that. All else stays. This may run a getter, so all
 * arguments of a call go through it before the first is converted: converting runs no JavaScript, and so nothing can be
 * detached or closed between a conversion and the call. */
ark_status arkjs_resolve(arkjs_env *env, const ark_type *type, napi_value *value, ark_error *error);

/* Converts to C, strictly. Text and structs, which come as a buffer of exactly their bytes, are copied to the site's
 * arena; a buffer's address is of its own bytes, which the caller keeps alive. Fails with ARK_INVALID_ARG_TYPE, ARK_OUT_OF_RANGE, ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out);

bool arkjs_is_promise(arkjs_env *env, napi_value value);

/* Converts to JavaScript; text is copied, and a struct becomes an ArrayBuffer with a copy of its bytes.
 * Fails with ARK_NULL_POINTER (text at an address that cannot be one), ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_to_js(const arkjs_site *site, const ark_type *type, ark_value value, arkjs_call_flags flags,
                       napi_value *out);

/* Whether JavaScript gets an integer or an address as a number: one that is exact, and where the type is no bigint. */
bool arkjs_is_number(const ark_type *type, ark_value value);

/* Whether that number is one of 32 bits, which engines have simpler ways for. */
static inline bool arkjs_is_small(const ark_type *type, ark_value value) {
  if (type->id == ARK_TYPE_BIGINT64 || type->id == ARK_TYPE_BIGUINT64) return false;
  return type->kind == ARK_KIND_SIGNED ? value.i64 == (int32_t)value.i64 : value.bits <= INT32_MAX;
}

/* A number as one of the two float types has it, and back. */
static inline ark_value arkjs_float_of(const ark_type *type, double number) {
  if (type->id == ARK_TYPE_DOUBLE) return (ark_value){.f64 = number};
  ark_value value = {0};
  value.f32 = (float)number;
  return value;
}

static inline double arkjs_float_to_double(const ark_type *type, ark_value value) {
  return type->id == ARK_TYPE_FLOAT ? (double)value.f32 : value.f64;
}

/* Converts a number to C where the type, which is no pointer, has that value; else nothing has failed yet. */
static inline bool arkjs_small_to_c(const ark_type *type, int32_t number, ark_value *out) {
  switch (type->kind) {
  case ARK_KIND_BOOL:
  case ARK_KIND_SIGNED:
  case ARK_KIND_UNSIGNED:
    out->i64 = number;
    return ark_value_widen(type, *out).i64 == number && (number >= 0 || type->kind == ARK_KIND_SIGNED);
  case ARK_KIND_FLOAT: *out = arkjs_float_of(type, number); return true;
  default: out->bits = 0; return type->kind == ARK_KIND_VOID;
  }
}

/* A new ArrayBuffer and its bytes, by its class, because a host may end the process when napi_create_arraybuffer finds no
 * memory. Fails with ARK_NO_MEMORY. */
ark_status arkjs_create_buffer(arkjs_env *env, const char *function, size_t size, void **data, napi_value *out,
                               ark_error *error);

/* Room for a result that is a struct, of the arena, aligned for it. NULL when out of memory. */
void *arkjs_take_room(ark_arena *arena, const ark_type *type);

/* An address as JavaScript has it: a number, or a bigint where a number would lose bits. */
napi_status arkjs_address_to_js(arkjs_env *env, uintptr_t address, napi_value *out);

/* The bytes of an ArrayBuffer, TypedArray, DataView or Buffer. Fails with ARK_INVALID_ARG_TYPE. */
ark_status arkjs_bytes_of(const arkjs_site *site, napi_value value, void **data, size_t *size);

/* The same without a failure: false for what is no buffer. *buffer is the ArrayBuffer that the bytes are in. */
bool arkjs_find_bytes(arkjs_env *env, napi_value value, napi_value *buffer, void **data, size_t *size);

/* An address: a number or a bigint, nothing else. Fails with ARK_INVALID_ARG_TYPE or ARK_OUT_OF_RANGE. */
ark_status arkjs_to_address(const arkjs_site *site, napi_value value, uintptr_t *out);

/* A count of bytes: a whole number from 0 to 2^53 - 1. Fails as above. */
ark_status arkjs_to_size(const arkjs_site *site, napi_value value, size_t *out);

#endif
