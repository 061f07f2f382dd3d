/* From the core's status to a JavaScript error: the only place that makes or throws one.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_THROW_H
#define ARKJS_THROW_H

#include "arkffi/error.h"
#include "env/env.h"

/* A status beside the core's: a JavaScript exception is already pending, and is the one to be thrown. */
#define ARKJS_PENDING ((ark_status)ARK_STATUS_COUNT)

/* What the status of a Node-API call means for ours: ARK_OK, ARKJS_PENDING, or ARK_NO_MEMORY for a host that refuses.
 *  */
ark_status arkjs_host_status(arkjs_env *env, napi_status status, ark_error *error);

/* Leaves the exception of `status` pending; with ARKJS_PENDING it already is. */
void arkjs_throw(arkjs_env *env, ark_status status, const ark_error *error);

/* Leaves `thrown`, any JavaScript value, pending. */
void arkjs_throw_value(arkjs_env *env, napi_value thrown);

/* The same exception as a value, with nothing pending: for promises and for what is thrown later. */
napi_value arkjs_error_value(arkjs_env *env, ark_status status, const ark_error *error);

/* A promise that is rejected with the error. */
napi_value arkjs_rejected(arkjs_env *env, ark_status status, const ark_error *error);

/* A reference to any value, be it one that references cannot hold. NULL when the host refuses.
 * arkjs_unbox gives the value and ends the reference. */
napi_ref arkjs_box(arkjs_env *env, napi_value thrown);
napi_value arkjs_unbox(arkjs_env *env, napi_ref reference);

/* When there is not even an environment: the module could not be set up. */
void arkjs_throw_unloadable(napi_env napi);

#endif
