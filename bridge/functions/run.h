/* Runs a C function by its plan, and converts its result for JavaScript.
 *
 * Thread rule: the environment's JavaScript thread, unless a function says otherwise.
 */
#ifndef ARKJS_RUN_H
#define ARKJS_RUN_H

#include "arkffi/error_numbers.h"
#include "env/frames.h"
#include "functions/function.h"

/* Any thread: calls the C function. Returns the error numbers as the function left them, or zeros when the flags do not
 * ask for them. */
static inline ark_error_numbers arkjs_function_run(const arkjs_function *function, const ark_value *values,
                                                   ark_value *result) {
  if (!(function->flags & ARKJS_WITH_ERRNO)) {
    ark_plan_call(function->plan, function->code, values, result);
    return (ark_error_numbers){0};
  }
  ark_error_numbers_begin(function->errno_before);
  ark_plan_call(function->plan, function->code, values, result);
  return ark_error_numbers_read(function->errno_before);
}

/* Any thread: passes an owned result to the function that frees it, after it was converted or copied. */
static inline void arkjs_function_release_result(const arkjs_function *function, ark_value result) {
  if (function->release && result.pointer) ((void (*)(void *))function->release)(result.pointer);
}

/* Converts a result to what JavaScript gets. Fails as arkjs_to_js does. */
ark_status arkjs_function_answer(const arkjs_function *function, ark_value result, ark_error_numbers numbers,
                                 napi_value *out, ark_error *error);

/* Sets *result from what C returned. arkjs_function_answer is one of these. */
typedef ark_status (*arkjs_answerer)(const arkjs_function *function, ark_value value, ark_error_numbers numbers,
                                     napi_value *result, ark_error *error);

/* The part of arkjs_frame_throw for a frame that has failed. */
ark_status arkjs_frame_throw_pending(const arkjs_function *function, arkjs_frame *frame);

/* Call it when C has returned, inside the frame: throws what a callback threw, or why one was refused.
 * Fails with ARKJS_PENDING if it threw. */
static inline ark_status arkjs_frame_throw(const arkjs_function *function, arkjs_frame *frame) {
  if (frame->scope) arkjs_frame_close_scope(function->env, frame);
  return frame->has_failed ? arkjs_frame_throw_pending(function, frame) : ARK_OK;
}

#endif
