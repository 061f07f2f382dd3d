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

typedef struct ark_image ark_image;

/* The mapping that contains `address`, with a reference that the caller ends with ark_image_release; NULL if no library
 * that is open in this process contains it. */
ark_image *ark_image_at(const void *address);

/* Adds a reference to a mapping. */
void ark_image_refer(ark_image *mapping);

/* Ends a reference; the last one frees the structure. NULL is ignored. */
void ark_image_release(ark_image *mapping);

/* Whether a library is still open on the mapping. Another thread may close it at any moment. */
bool ark_image_is_open(const ark_image *mapping);

/* Keeps the code mapped, and adds a reference, until ark_image_drop. Returns false, and does neither, if no library is
 * open on the mapping. */
bool ark_image_hold(ark_image *mapping);

/* Ends a hold; the last one, after every library has been closed, unmaps the code. */
void ark_image_drop(ark_image *mapping);

#ifdef __cplusplus
}
#endif
#endif
