/* Memory for the duration of one call: taken piece by piece, freed all at once.
 *
 * The owner can provide the first bytes, usually on its stack, so that most calls allocate nothing.
 * Thread rule: an arena belongs to one thread at a time.
 */
#ifndef ARKFFI_ARENA_H
#define ARKFFI_ARENA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A first block that the owner provides; it holds a few short strings. */
typedef union ark_scratch {
  void *align_pointer;
  double align_double;
  unsigned char bytes[256];
} ark_scratch;

typedef struct ark_arena {
  struct ark_arena_block *blocks; /* owned; the newest is the first */
  unsigned char *free, *free_end; /* unused bytes of the scratch or of the newest shared block */
  size_t next_size;               /* of the next shared block, in bytes */
} ark_arena;

/* Makes an empty arena. `scratch` stays the caller's and must live until ark_arena_clear; NULL for none. */
void ark_arena_init(ark_arena *arena, ark_scratch *scratch);

/* Takes `size` bytes, which are not set and are aligned to 8 bytes. They live until ark_arena_clear. NULL when out of
 * memory. */
void *ark_arena_take(ark_arena *arena, size_t size);

/* Frees everything that was taken. The arena must be initialized before it is used again. */
void ark_arena_clear(ark_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
