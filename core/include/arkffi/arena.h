/* Memory for the time of one call: taken bit by bit, given back all at once.
 *
 * The first bytes can be lent by the owner, from its stack say, so that an ordinary call allocates nothing.
 * Thread rule: an arena belongs to one thread at a time.
 */
#ifndef ARKFFI_ARENA_H
#define ARKFFI_ARENA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Something to lend: holds a few short strings. */
typedef union ark_scratch {
  void *align_pointer;
  double align_double;
  unsigned char bytes[256];
} ark_scratch;

typedef struct ark_arena {
  struct ark_arena_block *blocks; /* owned; the newest first */
  unsigned char *free, *free_end; /* what is left of the lent bytes, and later of the newest shared block */
  size_t next_size;               /* bytes of the next shared block */
} ark_arena;

/* `scratch` stays the caller's and must outlive the arena; NULL for none. */
void ark_arena_init(ark_arena *arena, ark_scratch *scratch);

/* `size` bytes, unset, aligned for any scalar; they live until ark_arena_clear. NULL when out of memory. */
void *ark_arena_take(ark_arena *arena, size_t size);

/* Gives everything back. Before it is used again the arena must be initialized. */
void ark_arena_clear(ark_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
