/* A call that is in flight: the Promise that JavaScript has of it, and what must stay until nobody works for it.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_FLIGHT_H
#define ARKJS_FLIGHT_H

#include "functions/function.h"

typedef struct arkjs_flight {
  arkjs_function *function;                    /* referred to, and its code held; set by the owner of this structure */
  napi_deferred deferred;                      /* NULL once the promise has settled */
  ark_handle handle;                           /* for cancelCall; 0 for none */
  void (*cancel)(struct arkjs_flight *flight); /* the owner's: sees to it that what has not begun never will */
} arkjs_flight;

/* From here on the function's code stays, whoever closes it. Fails with ARK_LIBRARY_CLOSED; then there is nothing to end. */
ark_status arkjs_flight_begin(arkjs_flight *flight, ark_error *error);

/* Makes the promise and, unless `handle` is NULL, a handle for cancelCall. */
ark_status arkjs_flight_promise(arkjs_flight *flight, napi_value *promise, ark_handle *handle, ark_error *error);

/* Settles the promise, unless it has. */
void arkjs_flight_resolve(arkjs_flight *flight, napi_value value);
void arkjs_flight_reject(arkjs_flight *flight, napi_value reason);

/* Ends it; the library may be unmapped now. */
void arkjs_flight_end(arkjs_flight *flight);

#endif
