#include "parser/names.h"
#include "arkffi/alloc.h"
#include "arkffi/arena.h"
#include <string.h>

enum { FIRST_SIZE = 1024 };

/* FNV-1a with 64 bits: http://www.isthe.com/chongo/tech/comp/fnv */
static uint64_t name_hash_of(const char *text, size_t length) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
  return hash ^ hash >> 32;
}

/* The slot of a spelling, or the empty slot where it belongs. */
static cdef_name **names_slot_of(const cdef_names *names, const char *text, size_t length, uint64_t hash) {
  for (size_t i = hash & (names->size - 1);; i = (i + 1) & (names->size - 1)) {
    cdef_name *name = names->slots[i];
    if (!name) return &names->slots[i];
    if (name->hash == hash && name->length == length && memcmp(name->text, text, length) == 0) return &names->slots[i];
  }
}

static bool names_grow(cdef_names *names) {
  cdef_names larger = {.size = names->size ? names->size * 2 : FIRST_SIZE, .count = names->count};
  larger.slots = ark_alloc(larger.size, sizeof *larger.slots);
  if (!larger.slots) return false;
  for (size_t i = 0; i < names->size; i++) {
    cdef_name *name = names->slots[i];
    if (name) *names_slot_of(&larger, name->text, name->length, name->hash) = name;
  }
  ark_free(names->slots);
  *names = larger;
  return true;
}

cdef_name *cdef_name_of(cdef_names *names, ark_arena *arena, const char *text, size_t length) {
  if (names->count >= names->size / 2 && !names_grow(names)) return NULL;
  uint64_t hash = name_hash_of(text, length);
  cdef_name **slot = names_slot_of(names, text, length, hash);
  if (*slot) return *slot;
  cdef_name *name = ark_arena_take(arena, sizeof *name);
  if (!name) return NULL;
  *name = (cdef_name){.text = text, .length = length, .hash = hash};
  names->count++;
  *slot = name;
  return name;
}

void cdef_names_free(cdef_names *names) {
  ark_free(names->slots);
}
