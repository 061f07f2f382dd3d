#include "arkffi/arena.h"
#include "arkffi/alloc.h"
#include <stdint.h>

/* Behind the header come the bytes; the header's size keeps them aligned. */
struct ark_arena_block {
  struct ark_arena_block *next;
  void *padding;
};

void ark_arena_init(ark_arena *arena, ark_scratch *scratch) {
  arena->blocks = NULL;
  arena->lent = scratch ? scratch->bytes : NULL;
  arena->lent_end = scratch ? scratch->bytes + sizeof scratch->bytes : NULL;
}

void *ark_arena_take(ark_arena *arena, size_t size) {
  if (size > SIZE_MAX - sizeof(struct ark_arena_block) - 7) return NULL;
  size_t aligned = (size + 7) & ~(size_t)7;
  if (aligned <= (size_t)(arena->lent_end - arena->lent)) {
    void *bytes = arena->lent;
    arena->lent += aligned;
    return bytes;
  }
  struct ark_arena_block *block = ark_resize(NULL, sizeof *block + size);
  if (!block) return NULL;
  block->next = arena->blocks;
  arena->blocks = block;
  return block + 1;
}

void ark_arena_clear(ark_arena *arena) {
  while (arena->blocks) {
    struct ark_arena_block *next = arena->blocks->next;
    ark_free(arena->blocks);
    arena->blocks = next;
  }
}
