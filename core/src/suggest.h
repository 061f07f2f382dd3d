/* The near name in "did you mean …?".
 *
 * Thread rule: a search belongs to one thread.
 */
#ifndef ARK__SUGGEST_H
#define ARK__SUGGEST_H

#include <stddef.h>

/* Longer names are neither looked for nor suggested. */
#define ARK__SUGGEST_LENGTH 64

typedef struct ark__suggestion {
  const char *wanted;
  size_t distance;                     /* of `found`; wanted is more than this away from all others seen */
  char found[ARK__SUGGEST_LENGTH + 1]; /* empty while nothing is near */
} ark__suggestion;

/* Starts a search for names near `wanted`, which must outlive it. */
void ark__suggest_start(ark__suggestion *suggestion, const char *wanted);

/* Offers one candidate. */
void ark__suggest_offer(ark__suggestion *suggestion, const char *name);

#endif
