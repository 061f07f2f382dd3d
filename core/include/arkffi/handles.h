/* Tables of objects, which are named by numbers on a side that must never see a pointer.
 *
 * A handle has 53 bits, so it is a whole JavaScript number: 20 bits of index, 20 of generation, 13 of table. No handle
 * is 0 and none is used twice: an index whose generations are used up is not used again. A table recognizes a handle of
 * its own that was closed, and one that it never gave out or that is another table's.
 * Thread rule: a table belongs to one thread at a time. Different threads may initialize tables at once.
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
  struct ark_handle_row *rows; /* owned */
  uint32_t count, capacity;    /* of rows */
  uint32_t free_index;         /* 1 + the first index that can be used again; 0 for none */
  uint32_t table;              /* the number of this table, part of its handles */
} ark_handles;

typedef enum ark_handle_state { ARK_HANDLE_UNKNOWN, ARK_HANDLE_OPEN, ARK_HANDLE_CLOSED } ark_handle_state;

/* Makes an empty table; must be called before any other use. Cannot fail, and allocates nothing. */
void ark_handles_init(ark_handles *handles);

/* Frees the table, not the objects. */
void ark_handles_destroy(ark_handles *handles);

/* Sets *out to a new handle of `object`, which stays the caller's and must not be NULL. Fails with ARK_NO_MEMORY, also
 * if 2^20 handles are open. */
ark_status ark_handles_add(ark_handles *handles, void *object, ark_handle *out, ark_error *error);

/* The state of a handle. Sets *object to its object if it is open, else to NULL. */
ark_handle_state ark_handles_get(const ark_handles *handles, ark_handle handle, void **object);

/* Closes a handle. Does nothing unless it is open. */
void ark_handles_remove(ark_handles *handles, ark_handle handle);

/* The next object with an open handle, from the index *cursor on, which moves past it; NULL when there are no more.
 * Start with a cursor of 0. Objects may be removed between two calls. */
void *ark_handles_next(const ark_handles *handles, uint32_t *cursor);

#ifdef __cplusplus
}
#endif
#endif
