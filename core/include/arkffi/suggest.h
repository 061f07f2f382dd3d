/* Finds the most similar name, for "did you mean …?" in a message.
 *
 * Thread rule: a search belongs to one thread.
 */
#ifndef ARKFFI_SUGGEST_H
#define ARKFFI_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The longest name in bytes that is suggested, or that a suggestion is looked for. */
#define ARK_SUGGEST_LENGTH 64

typedef struct ark_suggestion {
  const char *wanted;
  size_t distance;                    /* edits between `found` and `wanted`; a better name has fewer */
  char found[ARK_SUGGEST_LENGTH + 1]; /* empty while no name is similar enough */
} ark_suggestion;

/* Begins a search for the name most similar to `wanted`, which stays the caller's and must outlive it. */
void ark_suggest_start(ark_suggestion *suggestion, const char *wanted);

/* Considers one name, which is copied into `found` if it is the most similar so far. */
void ark_suggest_offer(ark_suggestion *suggestion, const char *name);

/* Whether a name may be a misspelling of another one for a type: the numbers in both, which are widths, are the same,
 * and both or neither begin with 'u', which is the sign. */
bool ark_suggest_is_same_width(const char *wanted, const char *name);

#ifdef __cplusplus
}
#endif
#endif
