/* The call into C that a worker thread is making, which hears of what goes wrong in the callbacks that it leads to.
 *
 * Thread rule: the worker that makes the call, while it runs; what says so, the JavaScript thread while that worker waits
 * for it or has ended.
 */
#ifndef ARKJS_WORKER_CALL_H
#define ARKJS_WORKER_CALL_H

#include "arkffi/split.h"
#include "functions/function.h"

/* What the calls for the rows of one batch, made by several workers, have in common: with the first that fails the batch
 * does. */
typedef struct arkjs_worker_batch {
  ark_split *rows;        /* stopped then */
  atomic_bool has_failed; /* written once at most; read for each callback, where its order costs nothing beside that */
} arkjs_worker_batch;

typedef struct arkjs_worker_call {
  const arkjs_function *function; /* lives as long as the call */
  arkjs_worker_batch *batch;      /* likewise; NULL for a single call */
  napi_ref thrown;                /* what a callback threw, boxed; NULL for nothing */
  ark_error *message;             /* that goes with `status`; owned; NULL when there is none or memory ran out */
  ark_status status;              /* of a failure on the worker */
  bool is_pumped;                 /* its JavaScript thread waits inside arkffi until the call ends */
} arkjs_worker_call;

/* Any thread: the call that this thread is making for arkffi, or NULL. */
arkjs_worker_call *arkjs_worker_call_current(void);

/* Around the calls that this thread makes. */
void arkjs_worker_call_enter(arkjs_worker_call *call);
void arkjs_worker_call_leave(void);

/* Makes the call here and now, as arkjs_function_run does. */
int arkjs_worker_call_run(arkjs_worker_call *call, const ark_value *values, ark_value *result);

/* The call will fail with the error, unless something went wrong before. */
void arkjs_worker_call_fail(arkjs_worker_call *call, ark_status status, const ark_error *error);

/* On the JavaScript thread: likewise with what a callback threw. */
void arkjs_worker_call_throw(arkjs_worker_call *call, napi_value thrown);

/* Whether one of these has happened. Then JavaScript is not entered again. */
bool arkjs_worker_call_has_failed(const arkjs_worker_call *call);

/* On the JavaScript thread: what the call fails with, or NULL when nothing went wrong. */
napi_value arkjs_worker_call_reason(arkjs_worker_call *call);

/* On the JavaScript thread: gives back what it holds. */
void arkjs_worker_call_clear(arkjs_worker_call *call);

#endif
