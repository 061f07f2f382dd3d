/* Numbers that name objects, given to a side that must never see a pointer.
 *
 * A handle is 53 bits, so it is a whole JavaScript number: 20 bits of slot, 20 of generation, 13 of table.
 * None is zero and none is used twice: a slot whose generations are used up is not used again. A handle that was
 * closed is told from one that was never given out, or that another table gave out.
 * Thread rule: a table belongs to one thread at a time. The number that tells tables apart is process-wide.
 */
#ifndef ARKFFI_HANDLES_H
#define ARKFFI_HANDLES_H

#include "error.h"
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint64_t ark_handle;

typedef struct ark_handles {
  struct ark_handle_slot *slots; /* owned */
  uint32_t count, capacity;
  uint32_t free_slot; /* index + 1 of the first reusable slot, 0 for none */
  uint32_t table;
} ark_handles;

typedef enum ark_handle_state { ARK_HANDLE_UNKNOWN, ARK_HANDLE_OPEN, ARK_HANDLE_CLOSED } ark_handle_state;

/* Must be called before any other use. Cannot fail; allocates nothing. */
void ark_handles_init(ark_handles *handles);

/* Frees the table, not the objects. */
void ark_handles_destroy(ark_handles *handles);

/* Names `object`, which stays the caller's and must not be NULL. Fails with ARK_NO_MEMORY. */
ark_status ark_handles_add(ark_handles *handles, void *object, ark_handle *out, ark_error *error);

/* What the handle is now; *object is set when it is open, else NULL. */
ark_handle_state ark_handles_get(const ark_handles *handles, ark_handle handle, void **object);

/* From now on the handle is closed. Does nothing unless it is open. */
void ark_handles_remove(ark_handles *handles, ark_handle handle);

/* The open object with the lowest slot at or behind *cursor, which moves past it; NULL when there is none.
 * Start with a cursor of 0. Objects may be removed between two calls. */
void *ark_handles_next(const ark_handles *handles, uint32_t *cursor);

#ifdef __cplusplus
}
#endif
#endif
