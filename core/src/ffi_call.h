/* Calls through libffi, on machines whose calling convention is not known here (platform/convention.h): Apple's, of what
 * registers do not hold, and everything on processors that are not known at all.
 *
 * Thread rule: constant once made; any thread may call through it.
 */
#ifndef ARK__FFI_CALL_H
#define ARK__FFI_CALL_H

#include "arkffi/signature.h"

typedef struct ark__ffi_call ark__ffi_call;

/* What becomes of an argument behind the "..." (C11 6.5.2.2, default argument promotions). Integers are held widened, which
 * is what promotes them; a float becomes a double. */
static inline ark_value ark__promoted(const ark_signature *signature, size_t index, ark_value value) {
  bool is_float = index >= signature->fixed && signature->parameters[index].type->id == ARK_TYPE_FLOAT;
  return is_float ? (ark_value){.f64 = (double)value.f32} : value;
}

/* `signature` has no structs by value, and must outlive the call. On ARK_OK the caller owns *out and gives it back with
 * ark_free. Fails with ARK_NO_MEMORY, or ARK_BAD_SIGNATURE where libffi does not take the types. */
ark_status ark__ffi_call_create(const ark_signature *signature, ark__ffi_call **out, ark_error *error);

/* Calls, and gives the result as the register has it. */
ark_value ark__ffi_call_run(const ark__ffi_call *call, ark_entry entry, const ark_value *args);

#endif
