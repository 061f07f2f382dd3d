/* Values between JavaScript and C. There is one converter for each kind of type and direction, and all ways of
 * calling use it.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_VALUE_H
#define ARKJS_VALUE_H

#include "arkffi/type.h"
#include "values/site.h"

/* Replaces an object by what C can take, for pointers, strings and structs by value: a SharedArrayBuffer by a view of
 * it, and for a pointer or string an object or function with a `ptr` by that `ptr`, and an out-parameter by a function,
 * see calls/out_argument.h. Other values are not changed. This may run a
 * getter, so resolve all arguments of a call before converting the first. Converting runs no JavaScript, so nothing
 * can be detached or closed between a conversion and the call. Fails with ARKJS_PENDING or ARK_NO_MEMORY, and
 * for what has been closed with the status of its error, which names the site as well. */
ark_status arkjs_resolve(const arkjs_site *site, const ark_type *type, napi_value *value);

/* Converts to C, strictly. A JavaScript string is copied to the site's arena. So is a struct, which must be a buffer of
 * exactly its size. A buffer for a pointer or string is passed by the address of its own bytes; the caller keeps the
 * buffer alive. Fails
 * with ARK_INVALID_ARG_TYPE, ARK_OUT_OF_RANGE, ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out);

bool arkjs_is_promise(arkjs_env *env, napi_value value);

/* Converts to JavaScript. Text is copied, and a struct becomes an ArrayBuffer with a copy of its bytes. Fails with
 * ARK_NULL_POINTER for text at an invalid address, ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_to_js(const arkjs_site *site, const ark_type *type, ark_value value, arkjs_call_flags flags,
                       napi_value *out);

/* Whether an integer or address becomes a number in JavaScript: when a number is exact and the type is not a bigint
 * type. */
bool arkjs_is_number(const ark_type *type, ark_value value);

/* Whether that number fits 32 bits, for which JavaScript engines have cheaper paths. */
static inline bool arkjs_is_small(const ark_type *type, ark_value value) {
  if (type->id == ARK_TYPE_BIGINT64 || type->id == ARK_TYPE_BIGUINT64) return false;
  return type->kind == ARK_KIND_SIGNED ? value.i64 == (int32_t)value.i64 : value.bits <= INT32_MAX;
}

/* Convert between a number and one of the two float types. */
static inline ark_value arkjs_float_of(const ark_type *type, double number) {
  if (type->id == ARK_TYPE_DOUBLE) return (ark_value){.f64 = number};
  ark_value value = {0};
  value.f32 = (float)number;
  return value;
}

static inline double arkjs_float_to_double(const ark_type *type, ark_value value) {
  return type->id == ARK_TYPE_FLOAT ? (double)value.f32 : value.f64;
}

/* Converts a number to C if the type, which must not be a pointer, can hold it. Returns false otherwise, without
 * failing. */
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

/* Creates an ArrayBuffer through its class, because a host may end the process when napi_create_arraybuffer runs out
 * of memory. `function` is named in the message. *data is valid as long as the buffer is. Fails with ARK_NO_MEMORY, and
 * with ARKJS_PENDING where the stack is exhausted. */
ark_status arkjs_create_buffer(arkjs_env *env, const char *function, size_t size, void **data, napi_value *out,
                               ark_error *error);

/* Copies a struct that C gives. Its padding, where C leaves anything, becomes zero in the copy, so that equal values
 * have equal bytes. */
void arkjs_copy_struct(const ark_type *type, const void *from, void *to);

/* Aligned room in the arena for a result that is a struct. NULL when out of memory. */
void *arkjs_take_room(ark_arena *arena, const ark_type *type);

/* Converts an address to a number, or to a bigint when a number would lose bits. */
napi_status arkjs_address_to_js(arkjs_env *env, uintptr_t address, napi_value *out);

/* The bytes of an ArrayBuffer, TypedArray, DataView or Buffer, which owns them. Fails with ARK_INVALID_ARG_TYPE. */
ark_status arkjs_bytes_of(const arkjs_site *site, napi_value value, void **data, size_t *size);

/* As arkjs_bytes_of, but returns false for a value that is not a buffer. *buffer is the ArrayBuffer that contains the
 * bytes. */
bool arkjs_find_bytes(arkjs_env *env, napi_value value, napi_value *buffer, void **data, size_t *size);

/* Converts an address: a number or a bigint. Fails with ARK_INVALID_ARG_TYPE or ARK_OUT_OF_RANGE. */
ark_status arkjs_to_address(const arkjs_site *site, napi_value value, uintptr_t *out);

/* Converts a count of bytes: an integer from 0 to 2^53 - 1. Fails as arkjs_to_address does. */
ark_status arkjs_to_size(const arkjs_site *site, napi_value value, size_t *out);

#endif
