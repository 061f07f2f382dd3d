/* Buffers of asynchronous calls, and of those that take callbacks: however JavaScript detaches or transfers one
 * meanwhile, C never writes into freed memory.
 *
 * In Node.js a second ArrayBuffer over the same memory keeps it alive, as long as a call needs it and as the first
 * object lives; who got the buffer by a transfer sees what C writes. Elsewhere C works on a copy, which is copied back
 * when the call has ended, unless the buffer is gone by then.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PIN_H
#define ARKJS_PIN_H

#include "functions/function.h"

/* What a call keeps in the place of its buffers; NULL when there are none. */
typedef struct arkjs_pins arkjs_pins;

/* Pins the buffers among a call's resolved `values`, whose addresses are in `args`. Where that means copies, their
 * addresses take the place of the buffers'; `may_copy` false does without, for a synchronous call, whose callbacks may
 * look at the buffers. On ARK_OK *out is ended with arkjs_unpin. Fails with ARK_INVALID_ARG_TYPE for a resizable
 * buffer, or ARK_NO_MEMORY. */
ark_status arkjs_pin(const arkjs_function *function, const napi_value *values, ark_value *args, bool may_copy,
                     arkjs_pins **out, ark_error *error);

/* A typed array of a batch. */
typedef struct arkjs_array {
  napi_value value; /* NULL for none */
  void *data;
  size_t size; /* bytes */
} arkjs_array;

/* The same for the arrays of a batch: those of the arguments, and one behind them that gets the results. Only what C
 * writes into that one is copied back. */
ark_status arkjs_pin_arrays(const arkjs_function *function, const arkjs_site *site, arkjs_array *arrays,
                            arkjs_pins **out);

/* The call has ended; what C wrote into copies is copied back. NULL is ignored. */
void arkjs_unpin(arkjs_env *env, arkjs_pins *pins);

#endif
