/* Memory for the time of one call: taken bit by bit, given back all at once.
 *
 * The first bytes are inside the arena itself, so that an ordinary call allocates nothing.
 * Thread rule: an arena belongs to one thread at a time. It must not be moved while in use.
 */
#ifndef ARKFFI_ARENA_H
#define ARKFFI_ARENA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Holds a few short strings. */
#define ARK_ARENA_INLINE 256

typedef struct ark_arena {
  struct ark_arena_block *blocks; /* owned; the newest first */
  size_t used;                    /* bytes of `first` given out */
  union {
    void *align_pointer;
    double align_double;
    unsigned char bytes[ARK_ARENA_INLINE];
  } first;
} ark_arena;

void ark_arena_init(ark_arena *arena);

/* `size` bytes, unset, aligned for any scalar; they live until ark_arena_clear. NULL when out of memory. */
void *ark_arena_take(ark_arena *arena, size_t size);

/* Gives everything back; the arena is empty again. */
void ark_arena_clear(ark_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
