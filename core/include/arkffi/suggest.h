/* Finds the most similar name, for "did you mean …?" in a message.
 *
 * Thread rule: a search belongs to one thread.
 */
#ifndef ARKFFI_SUGGEST_H
#define ARKFFI_SUGGEST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The longest name in bytes that is suggested, or that a suggestion is looked for. */
#define ARK_SUGGEST_LENGTH 64

typedef struct ark_suggestion {
  const char *wanted;
  size_t distance;                    /* edits between `found` and `wanted`; a better name has fewer */
  size_t other_sign;                  /* edits to the nearest name of a type whose sign `wanted` does not have */
  char found[ARK_SUGGEST_LENGTH + 1]; /* empty while no name is similar enough */
} ark_suggestion;

/* Begins a search for the name most similar to `wanted`, which stays the caller's and must outlive it. */
void ark_suggest_start(ark_suggestion *suggestion, const char *wanted);

/* Considers one name, which is copied into `found` if it is the most similar so far. */
void ark_suggest_offer(ark_suggestion *suggestion, const char *name);

/* Considers one name of a type, which must not be of another width, sign or kind: the numbers in both names, which are
 * widths, are the same, with or without an 'f' before them. A 'u' anywhere in `wanted` may be the sign, so that `name`
 * needs one; a name of which a word begins with 'u' is never found where `wanted` has none. */
void ark_suggest_offer_type(ark_suggestion *suggestion, const char *name);

/* The most similar name that was offered as a type; "" if there is none, or one of another sign is as similar. */
const char *ark_suggest_found_type(const ark_suggestion *suggestion);

#ifdef __cplusplus
}
#endif
#endif
