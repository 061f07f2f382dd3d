/* A worker pool for one job queue: as many workers as the jobs need, up to a limit, and none while there are no jobs.
 *
 * A worker is a thread that calls ark_crew_work: a thread of the host's thread pool or of a lane (lane.h). The pool
 * says when one more worker is needed. A worker that has run out of jobs polls for the next one for a while, because
 * most of the cost of a call on another thread is to put that thread to sleep and wake it up.
 * Thread rule: one thread is the owner, which pushes jobs. Functions are called on the owner's thread unless they say
 * otherwise.
 */
#ifndef ARKFFI_CREW_H
#define ARKFFI_CREW_H

#include "queue.h"
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_crew ark_crew;

/* How long a worker polls for the next job, in nanoseconds. It is longer than JavaScript needs between two awaited
 * calls (1 to 10 µs) and about the cost of one sleep and wake-up (40 µs), so polling costs at most about twice what it
 * can save. No worker polls on a machine with a single processor. */
#define ARK_CREW_PATIENCE 50000

/* What the pool calls on a worker's thread. */
typedef struct ark_crew_hooks {
  void (*deliver)(void *context, ark_job *job); /* after a job has run */
  void (*ask)(void *context); /* when a worker asks to leave, see ark_crew_work; NULL if no slices are used */
  void *context;              /* the caller's; must outlive the pool */
} ark_crew_hooks;

/* Makes a pool of at most `limit` workers (1 or more). The hooks are copied. On ARK_OK the caller owns *out and frees
 * it with ark_crew_free. Fails with ARK_NO_MEMORY. */
ark_status ark_crew_create(unsigned limit, const ark_crew_hooks *hooks, ark_crew **out, ark_error *error);

/* Frees a pool in which no worker is. Jobs that are still queued stay their sender's. NULL is ignored. */
void ark_crew_free(ark_crew *crew);

/* Queues a job, which stays the caller's and must live until it is delivered. The caller then calls ark_crew_hire.
 * Fails with ARK_NO_MEMORY. */
ark_status ark_crew_push(ark_crew *crew, ark_job *job, ark_error *error);

/* Whether the queued jobs need one more worker. If true, the worker is counted and the caller must have a thread call
 * ark_crew_work, or call ark_crew_dismiss. */
bool ark_crew_hire(ark_crew *crew);

/* Takes back an ark_crew_hire whose worker could not be started. */
void ark_crew_dismiss(ark_crew *crew);

/* Called on the worker's thread: runs jobs until there are none. After `slice` nanoseconds (0 for no limit) the worker
 * asks to leave, and leaves after its current job once the owner has granted it. Until then it goes on working, because
 * the owner may be busy waiting for the jobs that are queued. */
void ark_crew_work(ark_crew *crew, uint64_t slice);

/* Called inside a job that can stop and continue later, on the worker's thread: whether it should stop now, because the
 * worker may leave or the pool is stopped. */
bool ark_worker_should_leave(ark_worker *worker);

/* Lets every worker leave that has asked to. The caller then calls ark_crew_hire, since jobs may be left. */
void ark_crew_grant(ark_crew *crew);

/* Frees memory that a long queue has needed, if no worker is inside. */
void ark_crew_trim(ark_crew *crew);

/* Makes workers leave after their current job; no other job is begun. */
void ark_crew_stop(ark_crew *crew);

/* Takes the oldest queued job, which then will not run; NULL when there is none. Called when the pool ends. */
ark_job *ark_crew_withdraw(ark_crew *crew);

#ifdef __cplusplus
}
#endif
#endif
