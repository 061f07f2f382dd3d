/* What happens when C calls a callback's entry point.
 *
 * On the callback's own JavaScript thread the function runs at once. From any other the call goes to that thread as a
 * message (crossing.h).
 * Thread rule: the environment's JavaScript thread, but for arkjs_callback_enter.
 */
#ifndef ARKJS_ENTRY_H
#define ARKJS_ENTRY_H

#include "callback.h"

/* What C reaches, on whatever thread: an ark_closure_handler, with the callback. */
void arkjs_callback_enter(void *context, const ark_value *args, ark_value *result);

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
