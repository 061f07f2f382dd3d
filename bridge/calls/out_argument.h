/* Out-parameters that a program passes in a call: out(type), or [inout(type), value], for a pointer.
 *
 * The place of such an object (see ts/src/base/pointer.ts) is not a buffer but a function, made for one call: its
 * `begin` gives the bytes that C gets, the function itself reads the value that C has written, and `drop` gives up what
 * C has allocated for it, when the call has failed.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_OUT_ARGUMENT_H
#define ARKJS_OUT_ARGUMENT_H

#include "functions/function.h"

/* Whether a value that arkjs_resolve has given is such a function, and the type takes one. */
bool arkjs_out_is(arkjs_env *env, const ark_type *type, napi_value value);

/* Replaces the function for argument `index`, counted from 0, by its bytes, and adds it to *outs, an array that is made
 * when *outs is NULL. The owner of *outs deletes it. Fails with ARKJS_PENDING or ARK_NO_MEMORY. */
ark_status arkjs_out_begin(const arkjs_function *function, size_t index, napi_value *value, napi_ref *outs,
                           ark_error *error);

/* Reads the values after the call. *result, which is NULL for undefined, becomes { value, out }; one that is
 * { value, errno } gets `out`. Fails with ARKJS_PENDING or ARK_NO_MEMORY. */
ark_status arkjs_out_answer(const arkjs_function *function, napi_ref outs, napi_value *result, ark_error *error);

/* Gives the values of a failed call up. `status` and *error say why it failed, and are kept, with an exception that is
 * pending. */
void arkjs_out_drop(arkjs_env *env, napi_ref outs, ark_status status, ark_error *error);

#endif
