#include "arkffi/arena.h"
#include "arkffi/alloc.h"
#include <assert.h>
#include <stdint.h>

/* The header of a block; its bytes come after it. */
struct ark_arena_block {
  struct ark_arena_block *next;
  void *padding;
};

static_assert(sizeof(struct ark_arena_block) % 8 == 0, "the bytes after the header are aligned");

/* Sizes in bytes of blocks that small pieces share. Each is twice as large as the one before, so that many small pieces
 * take few allocations. The first is small, because every pending call with a string has one. */
enum { FIRST_SIZE = 64, LARGEST_SIZE = 64 * 1024 };

void ark_arena_init(ark_arena *arena, ark_scratch *scratch) {
  arena->blocks = NULL;
  arena->free = scratch ? scratch->bytes : NULL;
  arena->free_end = scratch ? scratch->bytes + sizeof scratch->bytes : NULL;
  arena->next_size = FIRST_SIZE;
}

static unsigned char *arena_add_block(ark_arena *arena, size_t size) {
  struct ark_arena_block *block = ark_resize(NULL, sizeof *block + size);
  if (!block) return NULL;
  block->next = arena->blocks;
  arena->blocks = block;
  return (unsigned char *)(block + 1);
}

void *ark_arena_take(ark_arena *arena, size_t size) {
  if (size > SIZE_MAX - sizeof(struct ark_arena_block) - 7) return NULL;
  size_t aligned = (size + 7) & ~(size_t)7;
  if (aligned > (size_t)(arena->free_end - arena->free)) {
    /* A large piece gets a block of its own, and leaves the free bytes to small ones. */
    if (aligned > arena->next_size / 4) return arena_add_block(arena, aligned);
    unsigned char *bytes = arena_add_block(arena, arena->next_size);
    if (!bytes) return NULL;
    arena->free = bytes;
    arena->free_end = bytes + arena->next_size;
    if (arena->next_size < LARGEST_SIZE) arena->next_size *= 2;
  }
  void *bytes = arena->free;
  arena->free += aligned;
  return bytes;
}

void ark_arena_clear(ark_arena *arena) {
  while (arena->blocks) {
    struct ark_arena_block *next = arena->blocks->next;
    ark_free(arena->blocks);
    arena->blocks = next;
  }
}
