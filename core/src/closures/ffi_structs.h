/* Structs by value in closures that libffi makes.
 *
 * libffi is given a function that takes the argument registers in use: integers, then floats. If arguments lie on the
 * stack, it takes all registers and one word more, whose address is where the arguments on the stack begin.
 *
 * Thread rule: a shape is constant once made; any thread may call through it.
 */
#ifndef ARK__FFI_STRUCTS_H
#define ARK__FFI_STRUCTS_H

#include "arkffi/error.h"
#include "closures/closure_record.h"
#include "calls/struct_placement.h"
#include <ffi.h>

/* What a signature with structs by value looks like to libffi. */
typedef struct ark__ffi_shape {
  ark__placement *placement;             /* owned */
  ffi_type result;                       /* for a struct that is returned in several registers, or in memory */
  ffi_type *pieces[ARK__MAX_PIECES + 1]; /* its elements, and NULL */
} ark__ffi_shape;

/* Room for the arguments in `types` of ark__ffi_shape_create. */
enum { ARK__FFI_SHAPE_TYPES = ARK__STACK_WORDS };

/* Makes the shape of a signature, and sets the types that libffi sees: `count` of arguments, and the result. On ARK_OK
 * the caller owns *out and frees it with ark__ffi_shape_free. Fails as ark__place_structs does. */
ark_status ark__ffi_shape_create(const ark_signature *signature, ark__ffi_shape **out, ffi_type **types, size_t *count,
                                 ffi_type **result, ark_error *error);

/* NULL is ignored. */
void ark__ffi_shape_free(ark__ffi_shape *shape);

/* Calls the handler of a closure of that shape with what libffi passes, and sets the result as libffi wants it. */
void ark__ffi_shape_call(const ark__ffi_shape *shape, const ark_closure *closure, void **args, void *result);

/* Sets a scalar result as libffi wants it: one that is narrower than a register fills all of it. */
void ark__ffi_set_result(const ark_type *type, ark_value value, void *result);

#endif
