/* Threads of its own for a crew: started when they are first needed, asleep while there is nothing to do.
 *
 * With one thread, jobs run one after the other in the order of their pushes, always on that thread.
 * Thread rule: the owner's, which pushes.
 */
#ifndef ARKFFI_LANE_H
#define ARKFFI_LANE_H

#include "crew.h"

#ifdef __cplusplus
extern "C" {
#endif

/* More threads than any machine runs at once, fewer than any system refuses. */
#define ARK_LANE_LIMIT 1024

typedef struct ark_lane ark_lane;

/* A lane of `threads` threads, 1 to ARK_LANE_LIMIT; none is started yet. On ARK_OK the caller owns *out. */
ark_status ark_lane_create(unsigned threads, const ark_crew_hooks *hooks, ark_lane **out, ark_error *error);

/* How many threads it has at most. */
unsigned ark_lane_limit(const ark_lane *lane);

/* Pushes a job and sees to a thread for it. Fails with ARK_NO_MEMORY, also when the system gives not even one. */
ark_status ark_lane_push(ark_lane *lane, ark_job *job, ark_error *error);

/* Gives back what a long queue needed, when nobody is at work. */
void ark_lane_trim(ark_lane *lane);

/* From now on no job is begun. */
void ark_lane_stop(ark_lane *lane);

/* The oldest job that has not begun, or NULL. */
ark_job *ark_lane_withdraw(ark_lane *lane);

/* Waits for the jobs at hand, ends the threads and frees the lane. Queued jobs stay their sender's. NULL is ignored. */
void ark_lane_free(ark_lane *lane);

#ifdef __cplusplus
}
#endif
#endif
