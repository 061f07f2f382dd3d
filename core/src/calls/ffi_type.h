/* libffi's descriptions of the C types.
 *
 * Thread rule: constant data.
 */
#ifndef ARK__FFI_TYPE_H
#define ARK__FFI_TYPE_H

#include "arkffi/type.h"
#include "cpu/convention.h"

#if ARK__NEEDS_LIBFFI
#include <ffi.h>

/* Of a type that is no aggregate. */
ffi_type *ark__ffi_type_of(const ark_type *type);
#endif

#endif
