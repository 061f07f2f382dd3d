/* Pins of buffers, for calls that run on another thread. They ensure that C never writes to freed memory when
 * JavaScript detaches or transfers a buffer during the call.
 *
 * In Node.js an alias keeps the memory alive, as long as the call needs it and as the first buffer lives; the new
 * owner of a transferred buffer sees what C writes. On other hosts C works on a copy, which is aligned as the buffer
 * is. It is copied back after the call, unless the buffer is gone by then.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PIN_H
#define ARKJS_PIN_H

#include "functions/function.h"

/* The pins of a call; NULL when it needs none. */
typedef struct arkjs_pins arkjs_pins;

/* Pins the buffers among a call's resolved `values`, whose addresses are in `args`. If copies are needed, `args` gets
 * their addresses. On ARK_OK the caller ends *out with arkjs_unpin. Fails with ARK_INVALID_ARG_TYPE for a resizable
 * buffer, or ARK_NO_MEMORY. */
ark_status arkjs_pin(const arkjs_function *function, const napi_value *values, ark_value *args, arkjs_pins **out,
                     ark_error *error);

/* Sets *buffer to the ArrayBuffer of a value, if it is one that JavaScript can detach, and else to NULL. Fails with
 * ARK_INVALID_ARG_TYPE for a resizable one. `*buffer` must be NULL before. */
ark_status arkjs_pin_finds(const arkjs_site *site, napi_value value, napi_value *buffer);

/* A typed array of a batch. */
typedef struct arkjs_array {
  napi_value value; /* NULL for none */
  void *data;
  size_t size; /* in bytes */
} arkjs_array;

/* The same for the arrays of a batch: those of the arguments, then the one of the results. Only the results are
 * copied back. */
ark_status arkjs_pin_arrays(const arkjs_function *function, const arkjs_site *site, arkjs_array *arrays,
                            arkjs_pins **out);

/* Call it when the call has ended: copies back what C wrote into copies, and frees the pins. NULL is ignored. */
void arkjs_unpin(arkjs_env *env, arkjs_pins *pins);

#endif
