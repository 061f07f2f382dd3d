/* The JavaScript thread waits actively for calls that worker threads are about to finish.
 *
 * To put a thread to sleep and to wake it up costs more than many a call. So before the event loop would sleep, the
 * JavaScript thread looks for finished jobs for a bounded time, if that has helped before, and settles them there. As
 * long as the event loop does not sleep, workers need not wake it.
 * Thread rule: the environment's JavaScript thread, except where a function says otherwise.
 */
#ifndef ARKJS_ACTIVE_WAIT_H
#define ARKJS_ACTIVE_WAIT_H

#include "arkffi/cache_line.h"
#include "arkffi/queue.h"
#include "env/event_loop.h"

typedef struct arkjs_active_wait {
  arkjs_event_loop *loop; /* NULL if the host does not allow it, and when the environment has ended */
  ark_finished_jobs *done;
  atomic_bool is_watching;     /* the JavaScript thread looks for finished jobs before its event loop sleeps */
  atomic_int worker_processor; /* where a worker last came back; -1 if unknown */
  char apart[ARK_CACHE_LINE];  /* workers read the members above */
  const arkjs_settling *settling;
  uint32_t pending;   /* jobs that have not settled */
  uint32_t promising; /* of those: submitted since a wait was in vain, so that they may end soon */
  uint32_t failures;  /* waits in vain, less those that were not */
  uint32_t to_skip;   /* how many waits are left out because of them */
  uint64_t waited;    /* nanoseconds since a job came back */
} arkjs_active_wait;

/* Initialises. `settling` settles the jobs of `done`, or some of them. */
void arkjs_active_wait_open(arkjs_active_wait *wait, arkjs_env *env, ark_finished_jobs *done,
                            const arkjs_settling *settling);

/* To be called when a job has been submitted, and when it has settled. */
void arkjs_active_wait_begin_job(arkjs_active_wait *wait);
void arkjs_active_wait_end_job(arkjs_active_wait *wait);

/* On a worker that has added the first finished job: whether the JavaScript thread must be woken. */
bool arkjs_active_wait_is_asleep(arkjs_active_wait *wait);

#endif
