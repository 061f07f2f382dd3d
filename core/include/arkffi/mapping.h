/* What the loader has mapped: one structure for each shared object that is open, however often it was opened.
 *
 * Two things are counted. References keep the structure, so that its owner can ask later whether a library is still
 * open on it. Holds also keep the code mapped.
 * Thread rule: mappings are shared by all threads; every function may be called on any thread.
 */
#ifndef ARKFFI_MAPPING_H
#define ARKFFI_MAPPING_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_mapping ark_mapping;

/* The mapping that contains `address`, with a reference that the caller ends with ark_mapping_release; NULL if no
 * library that is open in this process contains it. */
ark_mapping *ark_mapping_at(const void *address);

/* Adds a reference to a mapping. */
void ark_mapping_retain(ark_mapping *mapping);

/* Ends a reference; the last one frees the structure. NULL is ignored. */
void ark_mapping_release(ark_mapping *mapping);

/* Whether a library is still open on the mapping. Another thread may close it at any moment. */
bool ark_mapping_is_open(const ark_mapping *mapping);

/* Keeps the code mapped, and adds a reference, until ark_mapping_release_code. Returns false, and does neither, if no
 * library is open on the mapping. */
bool ark_mapping_acquire_code(ark_mapping *mapping);

/* Ends a hold; the last one, after every library has been closed, unmaps the code. */
void ark_mapping_release_code(ark_mapping *mapping);

#ifdef __cplusplus
}
#endif
#endif
