/* Jobs on their way: from one thread to many, and back from many to one. Neither way has a lock or a limit.
 *
 * A job is part of a larger structure of its sender's, which stays the owner. Nothing here allocates for each job.
 */
#ifndef ARKFFI_QUEUE_H
#define ARKFFI_QUEUE_H

#include "error.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Who runs a job, as the job sees it: see crew.h. */
typedef struct ark_worker ark_worker;

typedef struct ark_job {
  struct ark_job *next; /* on the way back */
  void (*run)(struct ark_job *job, ark_worker *worker);
} ark_job;

/* There: first in, first out. One thread, the owner, pushes; any thread takes. */
typedef struct ark_queue ark_queue;

/* On ARK_OK the caller owns *out. Fails with ARK_NO_MEMORY. */
ark_status ark_queue_create(ark_queue **out, ark_error *error);

/* No other thread may be inside. Jobs that are left stay their sender's. NULL is ignored. */
void ark_queue_free(ark_queue *queue);

/* The owner's thread. Fails with ARK_NO_MEMORY; then the job is not in the queue. */
ark_status ark_queue_push(ark_queue *queue, ark_job *job, ark_error *error);

/* Any thread: the oldest job, which is then the caller's to run; NULL when there is none. *newest_seen is the caller's
 * own, 0 before the first time: what it has seen, so that it need not disturb the owner for every job. */
ark_job *ark_queue_take(ark_queue *queue, size_t *newest_seen);

/* Any thread: how many jobs waited a moment ago. */
size_t ark_queue_length(const ark_queue *queue);

/* The owner's thread, while no other is inside: gives back what a long queue needed. */
void ark_queue_trim(ark_queue *queue);

/* Back: any thread adds, one thread takes all there are. */
typedef struct ark_done ark_done;

ark_status ark_done_create(ark_done **out, ark_error *error);
void ark_done_free(ark_done *done);

/* Any thread. True when nothing was there before: then the taker must be told, and else it has been. */
bool ark_done_add(ark_done *done, ark_job *job);

/* The taker's thread: all jobs, linked by `next`, in the order they were added; NULL when there are none. */
ark_job *ark_done_take(ark_done *done);

#ifdef __cplusplus
}
#endif
#endif
