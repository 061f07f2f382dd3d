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

/* Sets the number and the address of a function that has a number on an object of JavaScript's, which then holds a
 * reference until it is collected. The number stands for the function in the three functions below. Fails as
 * arkjs_host_status does. */
ark_status arkjs_bound_number(arkjs_function *function, napi_value bound, ark_error *error);

/* callOf, moreOf and openCalls of ts/src/host/bridge.ts. */
ark_status arkjs_call_of(const arkjs_request *request, napi_value *result);
ark_status arkjs_more_of(const arkjs_request *request, napi_value *result);
ark_status arkjs_open_calls(const arkjs_request *request, napi_value *result);

#endif
