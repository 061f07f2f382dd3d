/* The engine of asynchronous calls: from the JavaScript thread to worker threads and back.
 *
 * Calls go through a queue to the host's thread pool, or to the threads of a library's own lane. A pool thread is lent
 * for a slice of time, so that the host's own work is not starved. What has run comes back in batches.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_EXECUTOR_H
#define ARKJS_EXECUTOR_H

#include "arkffi/lane.h"
#include "env/env.h"

/* What becomes of a job. */
typedef struct arkjs_job {
  ark_job core;
  void (*settle)(struct arkjs_job *job);  /* when it has run; takes it over */
  void (*discard)(struct arkjs_job *job); /* when it never will, or JavaScript has ended; takes it over */
} arkjs_job;

/* Hands a job to `lane`, or to the host's pool for NULL. Until it has settled the process stays alive. Fails with
 * ARK_NO_MEMORY; then the job stays the caller's. */
ark_status arkjs_executor_submit(arkjs_env *env, ark_lane *lane, arkjs_job *job, ark_error *error);

/* How many jobs at most run at the same time in `lane`, or for NULL in the pool. */
unsigned arkjs_executor_workers(const ark_lane *lane);

/* A lane for a library, whose jobs come back to this environment. It must be freed before arkjs_executor_end. */
ark_status arkjs_executor_open_lane(arkjs_env *env, unsigned threads, ark_lane **out, ark_error *error);

/* Discards what has not begun in a lane that was stopped. */
void arkjs_executor_clear_lane(ark_lane *lane);

/* From now on no job of the pool is begun. */
void arkjs_executor_stop(arkjs_env *env);

/* Discards every job that has not settled. */
void arkjs_executor_end(arkjs_env *env);

/* When nothing refers to the environment any more. NULL is ignored. */
void arkjs_executor_free(struct arkjs_executor *executor);

#endif
