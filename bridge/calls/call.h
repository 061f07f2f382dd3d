/* Synchronous calls: convert the arguments, call C, convert the result. Asynchronous calls share the first step.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_CALL_H
#define ARKJS_CALL_H

#include "calls/guard.h"
#include "calls/out_argument.h"
#include "functions/run.h"

/* What few calls need. It is made in the arena when it is first needed, because a great many asynchronous calls may be
 * pending. */
typedef struct arkjs_extras {
  struct arkjs_kept *kept; /* in the arena: what arguments lie in */
  arkjs_call_guard *guard; /* in the arena: of buffers in a synchronous call; NULL for none */
  napi_ref outs;           /* of the out-parameters among the arguments; NULL for none */
} arkjs_extras;

/* The converted arguments of one call. */
typedef struct arkjs_arguments {
  ark_value *values;               /* room for all arguments, owned by the owner of this structure */
  ark_value result;                /* the initial value of the result: room in the arena if it is a struct */
  ark_arena arena;                 /* of their text and structs; initialized by the owner */
  struct arkjs_callback *borrowed; /* callbacks for plain functions, until the call ends */
  struct arkjs_pins *pins;         /* of buffers, until the call ends */
  arkjs_extras *extras;            /* in the arena, until the call ends; NULL for none */
} arkjs_arguments;

/* Converts `values`, as many as the function takes; they may be replaced by what they resolve to. `is_async` says
 * that the call runs on another thread. On ARK_OK the caller ends the arguments with arkjs_arguments_end. Fails as
 * the conversions do, or with ARK_LIBRARY_CLOSED. */
ark_status arkjs_arguments_take(arkjs_function *function, napi_value *values, bool is_async, arkjs_arguments *arguments,
                                ark_error *error);

/* The out-parameters among the arguments; NULL for none. */
static inline napi_ref arkjs_arguments_outs(const arkjs_arguments *arguments) {
  return arguments->extras ? arguments->extras->outs : NULL;
}

/* Frees what the arguments hold. A second call does nothing. */
void arkjs_arguments_end(arkjs_function *function, arkjs_arguments *arguments);

/* After C has returned: adds what it has written for out-parameters to *result, or gives that up if `status` says that
 * the call has failed. Returns `status`, or why it fails itself: see arkjs_out_answer. */
ark_status arkjs_arguments_finish(const arkjs_function *function, const arkjs_arguments *arguments, ark_status status,
                                  napi_value *result, ark_error *error);

/* Calls C in a frame, with converted arguments, and sets *result by `answer`. The caller holds a reference to the
 * function, which C may close. Fails as `answer` does, with ARK_LIBRARY_CLOSED, and with ARKJS_PENDING when a callback
 * threw. */
ark_status arkjs_enter_c(arkjs_function *function, arkjs_arguments *arguments, arkjs_answerer answer,
                         napi_value *result, ark_error *error);

/* Converts the arguments, calls C, and sets *result. Fails as arkjs_arguments_take and arkjs_enter_c do. */
ark_status arkjs_call(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error);

/* The same with another function that enters C. */
typedef ark_status (*arkjs_c_caller)(arkjs_function *function, arkjs_arguments *arguments, napi_value *result,
                                     ark_error *error);
ark_status arkjs_call_by(arkjs_function *function, napi_value *values, arkjs_c_caller enter, napi_value *result,
                         ark_error *error);

#endif
