/* The near name in "did you mean …?".
 *
 * Thread rule: a search belongs to one thread.
 */
#ifndef ARKFFI_SUGGEST_H
#define ARKFFI_SUGGEST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longer names are neither looked for nor suggested. */
#define ARK_SUGGEST_LENGTH 64

typedef struct ark_suggestion {
  const char *wanted;
  size_t distance;                    /* of `found`; wanted is more than this away from all others seen */
  char found[ARK_SUGGEST_LENGTH + 1]; /* empty while nothing is near */
} ark_suggestion;

/* Starts a search for names near `wanted`, which must outlive it. */
void ark_suggest_start(ark_suggestion *suggestion, const char *wanted);

/* Offers one candidate. */
void ark_suggest_offer(ark_suggestion *suggestion, const char *name);

#ifdef __cplusplus
}
#endif
#endif
