/* A worker pool with threads of its own. They are started when they are first needed, and sleep while there are no
 * jobs.
 *
 * With one thread, jobs run one after the other, in the order of their pushes and always on that thread.
 * Thread rule: every function is called on the owner's thread, which pushes.
 */
#ifndef ARKFFI_LANE_H
#define ARKFFI_LANE_H

#include "worker_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The greatest number of threads of a lane: more than any machine runs at once, fewer than any system refuses. */
#define ARK_LANE_LIMIT 1024

typedef struct ark_lane ark_lane;

/* Makes a lane of `threads` threads, 1 to ARK_LANE_LIMIT, and starts none of them. The hooks are copied. On ARK_OK the
 * caller owns *out and frees it with ark_lane_free. Fails with ARK_NO_MEMORY. */
ark_status ark_lane_create(unsigned threads, const ark_worker_pool_hooks *hooks, ark_lane **out, ark_error *error);

/* The number of threads that a lane was made with. */
unsigned ark_lane_limit(const ark_lane *lane);

/* Queues a job, which stays the caller's and must live until it is delivered, and wakes or starts a thread for it.
 * Fails with ARK_NO_MEMORY, also if the system cannot start the first thread. */
ark_status ark_lane_push(ark_lane *lane, ark_job *job, ark_error *error);

/* Frees memory that a long queue has needed, if no job runs. */
void ark_lane_trim(ark_lane *lane);

/* Makes the lane begin no other job. */
void ark_lane_stop(ark_lane *lane);

/* Takes the oldest queued job, which then will not run; NULL when there is none. */
ark_job *ark_lane_withdraw(ark_lane *lane);

/* Waits for the jobs that run, ends the threads and frees the lane. Jobs that are still queued stay their sender's.
 * NULL is ignored. */
void ark_lane_free(ark_lane *lane);

#ifdef __cplusplus
}
#endif
#endif
