#include "arkffi/arena.h"
#include "arkffi/alloc.h"
#include <stdint.h>

/* Behind the header come the bytes; the header's size keeps them aligned. */
struct ark_arena_block {
  struct ark_arena_block *next;
  void *padding;
};

static size_t aligned(size_t size) {
  return (size + 7) & ~(size_t)7;
}

void ark_arena_init(ark_arena *arena) {
  arena->blocks = NULL;
  arena->used = 0;
}

void *ark_arena_take(ark_arena *arena, size_t size) {
  if (size > SIZE_MAX - sizeof(struct ark_arena_block) - 7) return NULL;
  if (size <= ARK_ARENA_INLINE - arena->used) {
    void *bytes = arena->first.bytes + arena->used;
    arena->used += aligned(size);
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
  arena->used = 0;
}
