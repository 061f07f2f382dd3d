/* Things that must not be used again soon after they were closed.
 *
 * Thread rule: any thread; a quarantine is protected by the process lock.
 */
#ifndef ARK__QUARANTINE_H
#define ARK__QUARANTINE_H

#include <stddef.h>

/* A member of each thing that can be in quarantine. */
typedef struct ark__quarantined {
  struct ark__quarantined *next; /* the one that entered after it */
} ark__quarantined;

/* All zero when empty. */
typedef struct ark__quarantine {
  ark__quarantined *oldest, *newest;
  size_t count;
} ark__quarantine;

void ark__quarantine_enter(ark__quarantine *quarantine, ark__quarantined *entering);

/* Takes the oldest out, which the caller then owns, if more than `least` are in quarantine; else NULL. */
ark__quarantined *ark__quarantine_leave(ark__quarantine *quarantine, size_t least);

#endif
