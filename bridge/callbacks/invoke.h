/* Calls of a callback's JavaScript function, and the conversion of what it returns.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_INVOKE_H
#define ARKJS_INVOKE_H

#include "callbacks/callback.h"

/* Most callbacks have few arguments. These calls use little stack, because calls nest. */
enum { ARKJS_FEW_ARGS = 8 };

/* The handles that a call needs in its handle scope. */
typedef struct arkjs_callee {
  napi_value function, receiver;
} arkjs_callee;

/* Gives a handle of the callback's function. Fails with ARK_CALLBACK_CLOSED if that has been collected. */
ark_status arkjs_callback_find_function(const arkjs_callback *callback, napi_value *out, ark_error *error);

/* Calls `to` with the arguments of the callback and sets *answer. The caller opens a handle scope. Fails as
 * arkjs_to_js does, or with ARKJS_PENDING when the function throws. */
ark_status arkjs_callback_invoke(const arkjs_callback *callback, const arkjs_callee *to, const ark_value *args,
                                 napi_value *answer, ark_error *error);

/* Calls the callback's function and sets *answer. The caller opens a handle scope. Fails with ARK_CALLBACK_CLOSED, as
 * arkjs_to_js does, or with ARKJS_PENDING when the function throws. */
ark_status arkjs_callback_call(arkjs_callback *callback, const ark_value *args, napi_value *answer, ark_error *error);

/* Converts what the function returned, or what its Promise resolved to. Text is valid until the callback returns
 * again or is freed. A struct is in the arena, which may be NULL for other results. Fails as arkjs_to_c does; a
 * Promise is not a valid value. */
ark_status arkjs_callback_answer(arkjs_callback *callback, napi_value answer, ark_arena *arena, ark_value *out,
                                 ark_error *error);

/* Stores the value where C expects the result. */
void arkjs_callback_give(const arkjs_callback *callback, ark_value value, ark_value *result);

#endif
