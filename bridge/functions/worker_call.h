/* The call into C that a worker thread makes. It collects what goes wrong in the callbacks that it leads to.
 *
 * Thread rule: the worker that makes the call, while it runs. Where a function says so, the JavaScript thread, while
 * the worker waits for it or has finished.
 */
#ifndef ARKJS_WORKER_CALL_H
#define ARKJS_WORKER_CALL_H

#include "arkffi/error_numbers.h"
#include "arkffi/parallel_batch.h"
#include "functions/function.h"

/* What the calls for the rows of one batch share, on several workers. The first call that fails makes the batch fail.
 */
typedef struct arkjs_worker_batch {
  ark_parallel_batch *rows; /* stopped at that failure */
  /* Sequentially consistent: written at most once, and read only for callbacks, whose cost hides it. */
  atomic_bool has_failed;
} arkjs_worker_batch;

typedef struct arkjs_worker_call {
  const arkjs_function *function; /* outlives the call */
  arkjs_worker_batch *batch;      /* outlives the call; NULL for a single call */
  napi_ref thrown;                /* what a callback threw, boxed; NULL for none */
  ark_error *message;             /* the message of `status`; owned; NULL when there is none or memory ran out */
  ark_status status;              /* of a failure on the worker */
  bool is_pumped;                 /* the JavaScript thread waits inside arkffi until the call ends */
} arkjs_worker_call;

/* Any thread: the call that this thread makes for arkffi, or NULL. */
arkjs_worker_call *arkjs_worker_call_current(void);

/* To be called around the calls that this thread makes. */
void arkjs_worker_call_enter(arkjs_worker_call *call);
void arkjs_worker_call_leave(void);

/* Makes the call on this thread, as arkjs_function_run does. */
ark_error_numbers arkjs_worker_call_run(arkjs_worker_call *call, const ark_value *values, ark_value *result);

/* Makes the call fail with the error, unless it has failed already. */
void arkjs_worker_call_fail(arkjs_worker_call *call, ark_status status, const ark_error *error);

/* The JavaScript thread: makes the call fail with what a callback threw, unless it has failed already. */
void arkjs_worker_call_throw(arkjs_worker_call *call, napi_value thrown);

/* Whether the call has failed. JavaScript must not be entered again for it. */
bool arkjs_worker_call_has_failed(const arkjs_worker_call *call);

/* The JavaScript thread: what the call fails with, or NULL when it succeeded. */
napi_value arkjs_worker_call_reason(arkjs_worker_call *call);

/* The JavaScript thread: frees what the call owns, but not the structure. */
void arkjs_worker_call_clear(arkjs_worker_call *call);

#endif
