/* C functions as JavaScript functions. Each way of calling a function is a JavaScript function of its own.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BOUND_H
#define ARKJS_BOUND_H

#include "functions/function.h"

/* Creates the object that JavaScript gets for a function, BoundFunction in ts/src/host/bridge.ts. Its functions hold
 * references until they are collected. Fails as arkjs_host_status does. */
ark_status arkjs_bound_create(arkjs_function *function, napi_value *out, ark_error *error);

#endif
