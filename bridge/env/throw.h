/* JavaScript errors from status codes. No other file creates or throws errors.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_THROW_H
#define ARKJS_THROW_H

#include "arkffi/error.h"
#include "env/env.h"

/* A status in addition to those of the core: a JavaScript exception is pending already and will be thrown. */
#define ARKJS_PENDING ((ark_status)ARK_STATUS_COUNT)

/* Converts the status of a Node-API call: ARK_OK, ARKJS_PENDING, or ARK_NO_MEMORY when the host failed without an
 * exception. */
ark_status arkjs_host_status(arkjs_env *env, napi_status status, ark_error *error);

/* Makes the exception for `status` pending. With ARKJS_PENDING one already is. */
void arkjs_throw(arkjs_env *env, ark_status status, const ark_error *error);

/* Makes `thrown`, which may be any JavaScript value, the pending exception. */
void arkjs_throw_value(arkjs_env *env, napi_value thrown);

/* Raises `thrown`, which may be any JavaScript value, as an uncaught exception. A value that the host refuses is raised
 * in a later turn of the event loop. */
void arkjs_raise_value(arkjs_env *env, napi_value thrown);

/* The exception for `status` as a value, with none pending: to reject a promise or to throw later. */
napi_value arkjs_error_value(arkjs_env *env, ark_status status, const ark_error *error);

/* The same, without the function that finishes errors. */
napi_value arkjs_unfinished_error_value(arkjs_env *env, ark_status status, const ark_error *error);

/* From now on `finish`, a JavaScript function, gets each new error before it is thrown: it removes arkffi's own
 * functions from the stack trace. `explain`, another one, is for arkjs_explain, and `rethrow` throws its argument. */
ark_status arkjs_finish_errors_by(arkjs_env *env, napi_value finish, napi_value explain, napi_value rethrow,
                                  ark_error *error);

/* Whether something that was thrown is an error with the code of `status`. If so, *out gets its message. */
bool arkjs_error_has(arkjs_env *env, napi_value thrown, ark_status status, ark_error *out);

/* Writes for a message what a value of the wrong kind is, and what to pass instead. `expected` says what was expected.
 * It may run code of the program. False if there is no such text. */
bool arkjs_explain(arkjs_env *env, const char *expected, napi_value value, char *out, size_t size);

/* A promise that is rejected with the error. */
napi_value arkjs_rejected(arkjs_env *env, ark_status status, const ark_error *error);

/* A strong reference to any value, including primitives, which Node-API references cannot hold. NULL when the host
 * fails. arkjs_unbox returns the value and deletes the reference. */
napi_ref arkjs_box(arkjs_env *env, napi_value thrown);
napi_value arkjs_unbox(arkjs_env *env, napi_ref reference);

/* Throws an error before an environment exists. */
void arkjs_throw_before(napi_env napi, ark_status status, const ark_error *error);

/* Throws when the module could not be set up and no environment exists. */
void arkjs_throw_unloadable(napi_env napi);

#endif
