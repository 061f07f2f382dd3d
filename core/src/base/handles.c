#include "arkffi/handles.h"
#include "arkffi/alloc.h"
#include <assert.h>
#include <stdatomic.h>

enum { INDEX_BITS = 20, GENERATION_BITS = 20, TABLE_BITS = 13 };
#define INDEX_LIMIT (1u << INDEX_BITS)
#define GENERATION_LIMIT (1u << GENERATION_BITS)
#define TABLE_LIMIT (1u << TABLE_BITS)

static_assert(INDEX_BITS + GENERATION_BITS + TABLE_BITS == 53, "a handle is a whole JavaScript number");

struct ark_handle_row {
  void *object;        /* NULL when closed */
  uint32_t generation; /* of the open handle, or of the next one */
  uint32_t next_free;  /* as ark_handles.free_index */
};

static ark_handle handles_compose(const ark_handles *handles, uint32_t index) {
  uint64_t high = (uint64_t)handles->table << GENERATION_BITS | handles->rows[index].generation;
  return high << INDEX_BITS | index;
}

void ark_handles_init(ark_handles *handles) {
  /* Tables are numbered 1 to 8191, never 0, so that no handle is 0. After that the numbers repeat: a handle of another
   * table might then be taken for one of this table, which is safe but not detected. */
  static _Atomic uint32_t tables;
  /* relaxed: only the number matters. */
  uint32_t table = atomic_fetch_add_explicit(&tables, 1, memory_order_relaxed) % (TABLE_LIMIT - 1) + 1;
  *handles = (ark_handles){.table = table};
}

void ark_handles_destroy(ark_handles *handles) {
  ark_free(handles->rows);
  handles->rows = NULL;
  handles->count = handles->capacity = handles->free_index = 0;
}

static ark_status handles_grow(ark_handles *handles, ark_error *error) {
  if (handles->count == INDEX_LIMIT) return ark_fail(error, ARK_NO_MEMORY, "%u handles are open", INDEX_LIMIT);
  uint32_t capacity = handles->capacity ? handles->capacity * 2 : 16;
  struct ark_handle_row *rows = ark_resize(handles->rows, capacity * sizeof *rows);
  if (!rows) return ark_fail_memory(error);
  handles->rows = rows;
  handles->capacity = capacity;
  return ARK_OK;
}

ark_status ark_handles_add(ark_handles *handles, void *object, ark_handle *out, ark_error *error) {
  uint32_t index;
  if (handles->free_index) {
    index = handles->free_index - 1;
    handles->free_index = handles->rows[index].next_free;
  } else {
    if (handles->count == handles->capacity) {
      ark_status status = handles_grow(handles, error);
      if (status) return status;
    }
    index = handles->count++;
    handles->rows[index] = (struct ark_handle_row){0};
  }
  handles->rows[index].object = object;
  *out = handles_compose(handles, index);
  return ARK_OK;
}

ark_handle_state ark_handles_get(const ark_handles *handles, ark_handle handle, void **object) {
  uint32_t index = (uint32_t)handle & (INDEX_LIMIT - 1);
  uint32_t generation = (uint32_t)(handle >> INDEX_BITS) & (GENERATION_LIMIT - 1);
  *object = NULL;
  if (handle >> (INDEX_BITS + GENERATION_BITS) != handles->table || index >= handles->count) return ARK_HANDLE_UNKNOWN;
  const struct ark_handle_row *found = &handles->rows[index];
  if (generation < found->generation) return ARK_HANDLE_CLOSED;
  if (generation > found->generation || !found->object) return ARK_HANDLE_UNKNOWN;
  *object = found->object;
  return ARK_HANDLE_OPEN;
}

void ark_handles_remove(ark_handles *handles, ark_handle handle) {
  void *object;
  if (ark_handles_get(handles, handle, &object) != ARK_HANDLE_OPEN) return;
  uint32_t index = (uint32_t)handle & (INDEX_LIMIT - 1);
  struct ark_handle_row *closed = &handles->rows[index];
  closed->object = NULL;
  if (++closed->generation == GENERATION_LIMIT) return;
  closed->next_free = handles->free_index;
  handles->free_index = index + 1;
}

void *ark_handles_next(const ark_handles *handles, uint32_t *cursor) {
  while (*cursor < handles->count) {
    void *object = handles->rows[(*cursor)++].object;
    if (object) return object;
  }
  return NULL;
}
