#include "arkffi/handles.h"
#include "arkffi/alloc.h"
#include <stdatomic.h>

enum { SLOT_BITS = 20, GENERATION_BITS = 20, TABLE_BITS = 13 };
#define SLOT_LIMIT (1u << SLOT_BITS)
#define GENERATION_LIMIT (1u << GENERATION_BITS)
#define TABLE_LIMIT (1u << TABLE_BITS)

struct ark_handle_slot {
  void *object;        /* NULL when closed */
  uint32_t generation; /* of the handle that is open, or that comes next */
  uint32_t next_free;  /* as ark_handles.free_slot */
};

static ark_handle compose(const ark_handles *handles, uint32_t slot) {
  uint64_t high = (uint64_t)handles->table << GENERATION_BITS | handles->slots[slot].generation;
  return high << SLOT_BITS | slot;
}

void ark_handles_init(ark_handles *handles) {
  /* Tables 1 to 8191: never 0, so that no handle is. After that many they repeat; a handle of another table might
   * then be taken for one of this, which is still safe, only not refused. */
  static _Atomic uint32_t tables;
  uint32_t table = atomic_fetch_add(&tables, 1) % (TABLE_LIMIT - 1) + 1;
  *handles = (ark_handles){.table = table};
}

void ark_handles_destroy(ark_handles *handles) {
  ark_free(handles->slots);
  handles->slots = NULL;
  handles->count = handles->capacity = handles->free_slot = 0;
}

static ark_status grow(ark_handles *handles, ark_error *error) {
  if (handles->count == SLOT_LIMIT) return ark_fail(error, ARK_NO_MEMORY, "%u handles are open", SLOT_LIMIT);
  uint32_t capacity = handles->capacity ? handles->capacity * 2 : 16;
  struct ark_handle_slot *slots = ark_resize(handles->slots, capacity * sizeof *slots);
  if (!slots) return ark_fail_memory(error);
  handles->slots = slots;
  handles->capacity = capacity;
  return ARK_OK;
}

ark_status ark_handles_add(ark_handles *handles, void *object, ark_handle *out, ark_error *error) {
  uint32_t slot;
  if (handles->free_slot) {
    slot = handles->free_slot - 1;
    handles->free_slot = handles->slots[slot].next_free;
  } else {
    if (handles->count == handles->capacity) {
      ark_status status = grow(handles, error);
      if (status) return status;
    }
    slot = handles->count++;
    handles->slots[slot] = (struct ark_handle_slot){0};
  }
  handles->slots[slot].object = object;
  *out = compose(handles, slot);
  return ARK_OK;
}

ark_handle_state ark_handles_get(const ark_handles *handles, ark_handle handle, void **object) {
  uint32_t slot = (uint32_t)handle & (SLOT_LIMIT - 1);
  uint32_t generation = (uint32_t)(handle >> SLOT_BITS) & (GENERATION_LIMIT - 1);
  *object = NULL;
  if (handle >> (SLOT_BITS + GENERATION_BITS) != handles->table || slot >= handles->count) return ARK_HANDLE_UNKNOWN;
  const struct ark_handle_slot *found = &handles->slots[slot];
  if (generation < found->generation) return ARK_HANDLE_CLOSED;
  if (generation > found->generation || !found->object) return ARK_HANDLE_UNKNOWN;
  *object = found->object;
  return ARK_HANDLE_OPEN;
}

void ark_handles_remove(ark_handles *handles, ark_handle handle) {
  void *object;
  if (ark_handles_get(handles, handle, &object) != ARK_HANDLE_OPEN) return;
  uint32_t slot = (uint32_t)handle & (SLOT_LIMIT - 1);
  struct ark_handle_slot *closed = &handles->slots[slot];
  closed->object = NULL;
  if (++closed->generation == GENERATION_LIMIT) return;
  closed->next_free = handles->free_slot;
  handles->free_slot = slot + 1;
}

void *ark_handles_next(const ark_handles *handles, uint32_t *cursor) {
  while (*cursor < handles->count) {
    void *object = handles->slots[(*cursor)++].object;
    if (object) return object;
  }
  return NULL;
}
