/* A synchronous call, in a straight line: arguments in, C, result out. And the way in, which async calls share.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_CALL_H
#define ARKJS_CALL_H

#include "functions/run.h"

/* The arguments of one call, converted. */
typedef struct arkjs_arguments {
  ark_value *values;               /* room for the function's, of the owner of this structure */
  ark_value result;                /* what the call's result starts as: room in the arena, where it is a struct */
  ark_arena arena;                 /* their text and structs; initialized by the owner */
  struct arkjs_callback *borrowed; /* for plain functions among them, until the call ends */
  struct arkjs_pins *pins;         /* of buffers among them, likewise */
} arkjs_arguments;

/* Converts `values`, as many as the function takes; they may be replaced by what they resolve to. On ARK_OK the
 * arguments are ended with arkjs_arguments_end. Fails with any status of a conversion, or ARK_LIBRARY_CLOSED.
 * `is_async` says that the call will run on another thread. */
ark_status arkjs_arguments_take(arkjs_function *function, napi_value *values, bool is_async, arkjs_arguments *arguments,
                                ark_error *error);
/* A second time does nothing. */
void arkjs_arguments_end(arkjs_function *function, arkjs_arguments *arguments);

/* The call itself, with arguments that are converted, inside a frame. `room` is where a result that is a struct goes,
 * as arkjs_arguments has it, else zero. The caller refers to the function: C may close it.
 * Fails as `answer` does, with ARK_LIBRARY_CLOSED, and with ARKJS_PENDING when a callback threw. */
ark_status arkjs_enter_c(arkjs_function *function, const ark_value *args, ark_value room, arkjs_answerer answer,
                         napi_value *result, ark_error *error);

/* Calls and sets *result. Fails as above, and with ARKJS_PENDING when a callback threw. */
ark_status arkjs_call(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error);

/* The same by another way of entering C than at once. */
typedef ark_status (*arkjs_c_caller)(arkjs_function *function, const ark_value *args, ark_value room,
                                     napi_value *result, ark_error *error);
ark_status arkjs_call_by(arkjs_function *function, napi_value *values, arkjs_c_caller enter, napi_value *result,
                         ark_error *error);

#endif
