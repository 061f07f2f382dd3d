/* Who works on a queue of jobs: as many workers as it needs, up to a limit, and none while there is nothing to do.
 *
 * A worker is a thread that somebody lends: the host's pool (bridge/engine.c) or a thread of our own (lane.h). The crew
 * says when one more is wanted, and keeps one that has run out of work for a moment, actively waiting, because most
 * of what a call on another thread costs is putting that thread to sleep and waking it up again.
 * Thread rule: work on any thread; all else on the owner's, which pushes.
 */
#ifndef ARKFFI_CREW_H
#define ARKFFI_CREW_H

#include "queue.h"
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_crew ark_crew;

/* How long a worker waits actively for the next job. Longer than JavaScript needs between two awaited calls (1 to 10
 * µs), about what one sleep and wake-up costs (40 µs): so waiting never costs more than twice what it can save. On a
 * machine with a single processor nobody waits actively. */
#define ARK_CREW_PATIENCE 50000 /* nanoseconds */

/* What the crew calls on a worker's thread. */
typedef struct ark_crew_hooks {
  void (*deliver)(void *context, ark_job *job); /* a job has run */
  void (*ask)(void *context);                   /* a worker's time is over; NULL where no slices are used */
  void *context;
} ark_crew_hooks;

/* A crew of at most `limit` workers, at least 1; the hooks are copied. On ARK_OK the caller owns *out. Fails with
 * ARK_NO_MEMORY. */
ark_status ark_crew_create(unsigned limit, const ark_crew_hooks *hooks, ark_crew **out, ark_error *error);

/* No worker may be inside. Jobs that are left stay their sender's. NULL is ignored. */
void ark_crew_free(ark_crew *crew);

/* Pushes a job. Fails with ARK_NO_MEMORY. Afterwards the owner hires. */
ark_status ark_crew_push(ark_crew *crew, ark_job *job, ark_error *error);

/* Whether the jobs that wait need one worker more. Then the owner starts one, which calls ark_crew_work. */
bool ark_crew_hire(ark_crew *crew);

/* Takes back a hire whose worker could not be started. */
void ark_crew_dismiss(ark_crew *crew);

/* Works until there is nothing left to do. After `slice` nanoseconds (0 for any time) it asks to leave, and does so
 * behind the job at hand when the owner has granted it. While the owner is busy it works on: jobs that wait must not
 * wait for an owner that waits for them. */
void ark_crew_work(ark_crew *crew, uint64_t slice);

/* For a job that could stop and go on later, to ask now and then while it runs: whether it should, because the worker is
 * let go or the crew is stopped. */
bool ark_worker_should_leave(ark_worker *worker);

/* Lets every worker go that has asked. Afterwards the owner hires, since jobs may be left. */
void ark_crew_grant(ark_crew *crew);

/* Gives back what a long queue needed, when nobody is at work. */
void ark_crew_trim(ark_crew *crew);

/* From now on no job is begun; workers leave after the one at hand. */
void ark_crew_stop(ark_crew *crew);

/* The oldest job that has not begun, or NULL: for who ends the crew. */
ark_job *ark_crew_withdraw(ark_crew *crew);

#ifdef __cplusplus
}
#endif
#endif
