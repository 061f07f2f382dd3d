/* A callback's JavaScript function is called, and its answer becomes what C gets.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_INVOKE_H
#define ARKJS_INVOKE_H

#include "callbacks/callback.h"

/* Most callbacks have few arguments. Those get by with little stack, because calls nest. */
enum { ARKJS_FEW_ARGS = 8 };

/* What a call needs of the handle scope that it is made in. */
typedef struct arkjs_callee {
  napi_value function, receiver;
} arkjs_callee;

/* Calls `to` with the arguments of the callback, inside a handle scope of the caller's, and sets *answer. Fails as
 * arkjs_to_js does, or with ARKJS_PENDING when the function throws. */
ark_status arkjs_callback_invoke(const arkjs_callback *callback, const arkjs_callee *to, const ark_value *args,
                                 napi_value *answer, ark_error *error);

/* Runs the function, inside a handle scope of the caller's, and sets *answer. Fails with ARK_CALLBACK_CLOSED, as
 * arkjs_to_js does, or with ARKJS_PENDING when the function throws. */
ark_status arkjs_callback_call(arkjs_callback *callback, const ark_value *args, napi_value *answer, ark_error *error);

/* What C gets for an answer, or for what a Promise that was the answer came to. Text is kept until the callback next
 * answers, or is freed; a struct is in the arena, which may be NULL where the result is neither. Fails as arkjs_to_c
 * does; a Promise is no value. */
ark_status arkjs_callback_answer(arkjs_callback *callback, napi_value answer, ark_arena *arena, ark_value *out,
                                 ark_error *error);

/* Gives C the value where it waits for it. */
void arkjs_callback_give(const arkjs_callback *callback, ark_value value, ark_value *result);

#endif
