/* A worker pool for one job queue: as many workers as the jobs need, up to a limit, and none while there are no jobs.
 *
 * A worker is a thread that calls ark_worker_pool_work: a thread of the host's thread pool or of a lane (lane.h). The
 * pool says when one more worker is needed. A worker that has run out of jobs polls for the next one for a while,
 * because most of the cost of a call on another thread is to put that thread to sleep and wake it up. Thread rule: one
 * thread is the owner, which pushes jobs. Functions are called on the owner's thread unless they say otherwise.
 */
#ifndef ARKFFI_WORKER_POOL_H
#define ARKFFI_WORKER_POOL_H

#include "queue.h"
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_worker_pool ark_worker_pool;

/* How long a worker polls for the next job, in nanoseconds. It is longer than JavaScript needs between two awaited
 * calls (1 to 10 µs) and about the cost of one sleep and wake-up (40 µs), so polling costs at most about twice what it
 * can save. No worker polls on a machine with a single processor. */
#define ARK_WORKER_POOL_POLL_TIME 50000

/* What the pool calls on a worker's thread. */
typedef struct ark_worker_pool_hooks {
  void (*deliver)(void *context, ark_job *job); /* after a job has run */
  void (*ask)(void *context); /* when a worker asks to leave, see ark_worker_pool_work; NULL if no slices are used */
  void *context;              /* the caller's; must outlive the pool */
} ark_worker_pool_hooks;

/* Makes a pool of at most `limit` workers (1 or more). The hooks are copied. On ARK_OK the caller owns *out and frees
 * it with ark_worker_pool_free. Fails with ARK_NO_MEMORY. */
ark_status ark_worker_pool_create(unsigned limit, const ark_worker_pool_hooks *hooks, ark_worker_pool **out,
                                  ark_error *error);

/* Frees a pool in which no worker is. Jobs that are still queued stay their sender's. NULL is ignored. */
void ark_worker_pool_free(ark_worker_pool *pool);

/* Queues a job, which stays the caller's and must live until it is delivered. The caller then calls
 * ark_worker_pool_hire. Fails with ARK_NO_MEMORY. */
ark_status ark_worker_pool_push(ark_worker_pool *pool, ark_job *job, ark_error *error);

/* Whether the queued jobs need one more worker. There are at most `most` jobs, queued or at work. If true, the worker
 * is counted and the caller must have a thread call ark_worker_pool_work, or call ark_worker_pool_cancel_hire. A caller
 * that does not know how many there are at most passes SIZE_MAX. */
bool ark_worker_pool_hire(ark_worker_pool *pool, size_t most);

/* Takes back an ark_worker_pool_hire whose worker could not be started. */
void ark_worker_pool_cancel_hire(ark_worker_pool *pool);

/* Called on the worker's thread: runs jobs until there are none. After `slice` nanoseconds (0 for no limit) the worker
 * asks to leave, and leaves after its current job once the owner has granted it. Until then it goes on working, because
 * the owner may be busy waiting for the jobs that are queued. */
void ark_worker_pool_work(ark_worker_pool *pool, uint64_t slice);

/* Called inside a job that can stop and continue later, on the worker's thread: whether it should stop now, because the
 * worker may leave or the pool is stopped. */
bool ark_worker_should_leave(ark_worker *worker);

/* Lets every worker leave that has asked to. The caller then calls ark_worker_pool_hire, since jobs may be left. */
void ark_worker_pool_grant(ark_worker_pool *pool);

/* Frees memory that a long queue has needed, if no worker is inside. */
void ark_worker_pool_trim(ark_worker_pool *pool);

/* Makes workers leave after their current job; no other job is begun. */
void ark_worker_pool_stop(ark_worker_pool *pool);

/* Takes the oldest queued job, which then will not run; NULL when there is none. Called when the pool ends. */
ark_job *ark_worker_pool_withdraw(ark_worker_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
