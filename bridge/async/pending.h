/* A call that is in flight: the Promise that JavaScript has of it, and what must stay until nobody works for it.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PENDING_H
#define ARKJS_PENDING_H

#include "functions/function.h"

typedef struct arkjs_pending {
  arkjs_function *function; /* referred to, and its code held; set by the owner of this structure */
  napi_deferred deferred;   /* NULL once the promise has settled */
  ark_handle handle;        /* for cancelCall; 0 for none */
  void (*cancel)(struct arkjs_pending *pending); /* the owner's: sees to it that what has not begun never will */
} arkjs_pending;

/* From here on the function's code stays, whoever closes it. Fails with ARK_LIBRARY_CLOSED; then there is nothing to end. */
ark_status arkjs_pending_begin(arkjs_pending *pending, ark_error *error);

/* Makes the promise and, unless `handle` is NULL, a handle for cancelCall. */
ark_status arkjs_pending_promise(arkjs_pending *pending, napi_value *promise, ark_handle *handle, ark_error *error);

/* Settles the promise, unless it has. */
void arkjs_pending_resolve(arkjs_pending *pending, napi_value value);
void arkjs_pending_reject(arkjs_pending *pending, napi_value reason);

/* Ends it; the library may be unmapped now. */
void arkjs_pending_end(arkjs_pending *pending);

#endif
