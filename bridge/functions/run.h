/* Entering C by a function's plan, and what JavaScript gets of it.
 *
 * Thread rule: the environment's JavaScript thread, where nothing else is said.
 */
#ifndef ARKJS_RUN_H
#define ARKJS_RUN_H

#include "env/frames.h"
#include "functions/function.h"
#include <errno.h>

/* Any thread: enters C. Gives errno as the function left it (0 when it did not touch it), where the style asks for it. */
static inline int arkjs_function_run(const arkjs_function *function, const ark_value *values, ark_value *result) {
  if (!(function->flags & ARKJS_WITH_ERRNO)) {
    ark_plan_call(function->plan, function->code, values, result);
    return 0;
  }
  errno = 0;
  ark_plan_call(function->plan, function->code, values, result);
  return errno;
}

/* Any thread: gives a result that the function hands over back to C, once it has been converted or copied. */
static inline void arkjs_function_release_result(const arkjs_function *function, ark_value result) {
  if (function->release && result.pointer) ((void (*)(void *))function->release)(result.pointer);
}

/* What JavaScript gets for a result. Fails as arkjs_to_js does. */
ark_status arkjs_function_answer(const arkjs_function *function, ark_value result, int error_number, napi_value *out,
                                 ark_error *error);

/* Makes *result of what C gave, like arkjs_function_answer. */
typedef ark_status (*arkjs_answerer)(const arkjs_function *function, ark_value value, int error_number,
                                     napi_value *result, ark_error *error);

/* arkjs_frame_throw, where a callback threw. */
ark_status arkjs_frame_throw_pending(const arkjs_function *function, arkjs_frame *frame);

/* After C, in the frame of its call: throws what a callback threw. Fails with ARKJS_PENDING, where one did. */
static inline ark_status arkjs_frame_throw(const arkjs_function *function, arkjs_frame *frame) {
  if (frame->scope) arkjs_frame_close_scope(function->env, frame);
  return frame->thrown ? arkjs_frame_throw_pending(function, frame) : ARK_OK;
}

#endif
