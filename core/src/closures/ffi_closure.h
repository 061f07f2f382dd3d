/* Closures that libffi makes, where the core does not know the calling convention (cpu/convention.h).
 *
 * Thread rule: any thread.
 */
#ifndef ARK__FFI_CLOSURE_H
#define ARK__FFI_CLOSURE_H

#include "arkffi/error.h"
#include "closures/closure_record.h"

/* Makes *wanted real, with an entry point and a home. Its signature must have no structs by value. On ARK_OK the caller
 * owns *out. Fails as ark_closure_create does. `least` is the number of closed closures that stay in quarantine. */
ark_status ark__ffi_closure_create(const ark_closure *wanted, size_t least, ark_closure **out, ark_error *error);

/* The entry point of a closure that ark__ffi_closure_create has made. */
void *ark__ffi_closure_code(const ark_closure *closure);

#endif
