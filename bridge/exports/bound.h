/* Functions as JavaScript sees them: each way of calling one is a JavaScript function of its own.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BOUND_H
#define ARKJS_BOUND_H

#include "functions/function.h"

/* An object with what JavaScript needs of a function: BoundFunction in ts/src/bridge.ts. What it can be called by refers to
 * the function until it is collected. Fails as arkjs_host_status does. */
ark_status arkjs_bound_create(arkjs_function *function, napi_value *out, ark_error *error);

#endif
