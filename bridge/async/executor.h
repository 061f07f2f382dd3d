/* The executor of asynchronous calls: passes jobs from the JavaScript thread to worker threads and back.
 *
 * Jobs go through a queue to the host's thread pool, or to the threads of a library's own lane. A pool thread is
 * borrowed for a slice of time, so that the host's own work is not starved. Finished jobs come back in batches.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_EXECUTOR_H
#define ARKJS_EXECUTOR_H

#include "arkffi/lane.h"
#include "env/env.h"

typedef struct arkjs_job arkjs_job;

/* What becomes of jobs of a kind. Static. */
typedef struct arkjs_job_kind {
  void (*settle)(arkjs_job *job);  /* called after it has run; takes ownership */
  void (*discard)(arkjs_job *job); /* called when it will not run, or JavaScript has ended; takes ownership */
  /* Called before settle, at first, if it is not NULL: settles without running JavaScript, as a part of a wave, and
   * then takes ownership; false if that cannot be done. */
  bool (*settle_silently)(arkjs_job *job);
} arkjs_job_kind;

/* A job, a member of a larger structure. */
struct arkjs_job {
  ark_job core;
  const arkjs_job_kind *kind;
};

/* Passes a job to `lane`, or to the host's pool for NULL. Until it has settled the process stays alive. Fails with
 * ARK_NO_MEMORY; then the caller keeps the job. */
ark_status arkjs_executor_submit(arkjs_env *env, ark_lane *lane, arkjs_job *job, ark_error *error);

/* The maximum number of jobs that run at the same time in `lane`, or in the pool for NULL. */
unsigned arkjs_executor_workers(const ark_lane *lane);

/* Creates a lane whose jobs come back to this environment. The caller must free it before arkjs_executor_end. Fails
 * with ARK_NO_MEMORY. */
ark_status arkjs_executor_open_lane(arkjs_env *env, unsigned threads, ark_lane **out, ark_error *error);

/* Discards the jobs of a stopped lane that have not started. */
void arkjs_executor_clear_lane(ark_lane *lane);

/* Stops the pool: no further job starts. */
void arkjs_executor_stop(arkjs_env *env);

/* Discards every job that has not settled. */
void arkjs_executor_end(arkjs_env *env);

/* Call it when the last reference to the environment was released. NULL is ignored. */
void arkjs_executor_free(struct arkjs_executor *executor);

#endif
