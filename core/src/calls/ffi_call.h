/* Calls through libffi, where the core does not know the calling convention (cpu/convention.h): all calls with
 * arguments.
 *
 * Thread rule: constant once made; any thread may call through it.
 */
#ifndef ARK__FFI_CALL_H
#define ARK__FFI_CALL_H

#include "arkffi/signature.h"

typedef struct ark__ffi_call ark__ffi_call;

/* An argument as a variadic function receives it (C11 6.5.2.2, default argument promotions). Integers are held widened
 * and so are promoted already; a float after the "..." becomes a double. */
static inline ark_value ark__promoted(const ark_signature *signature, size_t index, ark_value value) {
  bool is_float = index >= signature->fixed && signature->parameters[index].type->id == ARK_TYPE_FLOAT;
  return is_float ? (ark_value){.f64 = (double)value.f32} : value;
}

/* Prepares calls of a signature, which must have no structs by value and outlive them. On ARK_OK the caller owns *out
 * and frees it with ark_free. Fails with ARK_NO_MEMORY, or ARK_BAD_SIGNATURE if libffi does not accept the types. */
ark_status ark__ffi_call_create(const ark_signature *signature, ark__ffi_call **out, ark_error *error);

/* Calls a function, and returns the result as its register has it. */
ark_value ark__ffi_call_run(const ark__ffi_call *call, ark_c_function function, const ark_value *args);

#endif
