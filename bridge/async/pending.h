/* Pending calls: the Promise of an asynchronous call, and what must stay alive until it has settled.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PENDING_H
#define ARKJS_PENDING_H

#include "functions/function.h"

typedef struct arkjs_pending {
  arkjs_function *function; /* holds a reference and the code; set by the owner of this structure */
  napi_deferred deferred;   /* NULL once the promise has settled */
  ark_handle handle;        /* for cancelCall; 0 for none */
  void (*cancel)(struct arkjs_pending *pending); /* set by the owner: prevents the start of what has not started */
} arkjs_pending;

/* Keeps the function and its code alive, even if it is closed. Fails with ARK_LIBRARY_CLOSED; then there is nothing
 * to end. */
ark_status arkjs_pending_begin(arkjs_pending *pending, ark_error *error);

/* Creates the promise and, unless `handle` is NULL, a handle for cancelCall. Fails with ARK_NO_MEMORY or
 * ARKJS_PENDING. */
ark_status arkjs_pending_promise(arkjs_pending *pending, napi_value *promise, ark_handle *handle, ark_error *error);

/* Settle the promise, unless it has settled. */
void arkjs_pending_resolve(arkjs_pending *pending, napi_value value);
void arkjs_pending_reject(arkjs_pending *pending, napi_value reason);

/* Ends the pending call. The library may be unmapped now. */
void arkjs_pending_end(arkjs_pending *pending);

#endif
