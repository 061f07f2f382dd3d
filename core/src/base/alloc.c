#include "arkffi/alloc.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const ark_allocator alloc_system = {realloc, free};
static ark_allocator alloc_current = {realloc, free};

void ark_set_allocator(const ark_allocator *allocator) {
  alloc_current = allocator ? *allocator : alloc_system;
}

void *ark_alloc(size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) return NULL;
  size_t bytes = count * size;
  if (!bytes) bytes = 1;
  void *block = alloc_current.resize(NULL, bytes);
  return block ? memset(block, 0, bytes) : NULL;
}

void *ark_resize(void *block, size_t size) {
  return alloc_current.resize(block, size ? size : 1);
}

void ark_free(void *block) {
  if (block) alloc_current.release(block);
}

char *ark_copy_text(const char *text, size_t length) {
  if (length == SIZE_MAX) return NULL;
  char *copy = alloc_current.resize(NULL, length + 1);
  if (!copy) return NULL;
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}
