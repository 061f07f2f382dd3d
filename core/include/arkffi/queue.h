/* Jobs on their way from one thread to many, and back from many to one. Neither way has a lock or a limit.
 *
 * A job is a member of a larger structure of its sender, which stays the owner. Nothing is allocated per job.
 * Thread rule: as each function says.
 */
#ifndef ARKFFI_QUEUE_H
#define ARKFFI_QUEUE_H

#include "error.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The worker that runs a job, see worker_pool.h. */
typedef struct ark_worker ark_worker;

typedef struct ark_job {
  struct ark_job *next; /* among finished jobs */
  void (*run)(struct ark_job *job, ark_worker *worker);
} ark_job;

/* Jobs to run, first in, first out. One thread, the owner, pushes; any thread takes. */
typedef struct ark_queue ark_queue;

/* Makes an empty queue, whose owner is the calling thread. On ARK_OK the caller owns *out and frees it with
 * ark_queue_free. Fails with ARK_NO_MEMORY. */
ark_status ark_queue_create(ark_queue **out, ark_error *error);

/* Frees a queue that no other thread uses any more. Jobs that are left stay their sender's. NULL is ignored. */
void ark_queue_free(ark_queue *queue);

/* Owner's thread. Adds a job at the end. Fails with ARK_NO_MEMORY; then the job is not in the queue. */
ark_status ark_queue_push(ark_queue *queue, ark_job *job, ark_error *error);

/* Any thread. Takes the oldest job, which the caller then runs; NULL when there is none. *newest_seen belongs to the
 * caller and is 0 before its first call: it keeps what the caller has seen of the queue, so that it need not read what
 * the owner writes for every job. */
ark_job *ark_queue_take(ark_queue *queue, size_t *newest_seen);

/* Any thread. The number of queued jobs, which may have changed by the time it returns. */
size_t ark_queue_length(const ark_queue *queue);

/* As ark_queue_take: whether there is a job. It is for a thread that asks again and again, and fetches what the thread
 * needs to take the job. */
bool ark_queue_expect(const ark_queue *queue);

/* Owner's thread, while no other thread is inside ark_queue_take. Frees memory that a long queue has needed. */
void ark_queue_trim(ark_queue *queue);

/* Finished jobs on their way back: any thread adds, one thread takes all of them. */
typedef struct ark_finished_jobs ark_finished_jobs;

/* On ARK_OK the caller owns *out and frees it with ark_finished_jobs_free. Fails with ARK_NO_MEMORY. */
ark_status ark_finished_jobs_create(ark_finished_jobs **out, ark_error *error);

/* NULL is ignored. Jobs that are left stay their sender's. */
void ark_finished_jobs_free(ark_finished_jobs *jobs);

/* Any thread. Adds a job. True if there was none before: then the caller wakes the taking thread, which otherwise has
 * been woken already. */
bool ark_finished_jobs_add(ark_finished_jobs *jobs, ark_job *job);

/* The taking thread. Whether there are jobs. */
bool ark_finished_jobs_are_there(const ark_finished_jobs *jobs);

/* The same, for a thread that asks again and again and then takes them. It asks with a write that changes nothing, so
 * that the cache line comes only once from the processor that has added a job, rather than to be read and then to be
 * written. */
bool ark_finished_jobs_expect(ark_finished_jobs *jobs);

/* The taking thread. Takes all jobs, linked by `next`, in the order in which they were added; NULL when there are
 * none. */
ark_job *ark_finished_jobs_take(ark_finished_jobs *jobs);

#ifdef __cplusplus
}
#endif
#endif
