#include "functions/definitions.h"
#include "arkffi/alloc.h"
#include <string.h>

/* A hash set of functions by name, with open addressing. Single functions are never removed. */
struct arkjs_definitions {
  size_t count, capacity;      /* the capacity is a power of two and greater than the count */
  arkjs_function *functions[]; /* NULL for a free place */
};

/* FNV-1a, 64 bits. */
static uint64_t definition_hash(const char *name) {
  uint64_t hash = 0xcbf29ce484222325;
  for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 0x100000001b3;
  return hash;
}

/* The place of the function with that name, or the free place where it belongs. */
static arkjs_function **definition_place(struct arkjs_definitions *set, const char *name) {
  size_t mask = set->capacity - 1, i = (size_t)definition_hash(name) & mask;
  while (set->functions[i] && strcmp(set->functions[i]->name, name) != 0) i = (i + 1) & mask;
  return &set->functions[i];
}

/* Makes room for one more function. */
static ark_status definitions_grow(arkjs_library *library, ark_error *error) {
  enum { FIRST_CAPACITY = 16 };
  struct arkjs_definitions *old = library->definitions;
  if (old && old->count + 1 <= old->capacity / 4 * 3) return ARK_OK;
  size_t capacity = old ? old->capacity * 2 : FIRST_CAPACITY;
  struct arkjs_definitions *grown = ark_alloc(1, sizeof *grown + capacity * sizeof grown->functions[0]);
  if (!grown) return ark_fail_memory(error);
  grown->capacity = capacity;
  for (size_t i = 0; old && i < old->capacity; i++) {
    if (old->functions[i]) *definition_place(grown, old->functions[i]->name) = old->functions[i];
  }
  grown->count = old ? old->count : 0;
  ark_free(old);
  library->definitions = grown;
  return ARK_OK;
}

arkjs_function *arkjs_library_find(const arkjs_library *library, const char *name) {
  return library->definitions ? *definition_place(library->definitions, name) : NULL;
}

ark_status arkjs_library_define(arkjs_library *library, arkjs_function *function, ark_error *error) {
  ark_status status = definitions_grow(library, error);
  if (status) return status;
  arkjs_function **place = definition_place(library->definitions, function->name);
  if (*place) {
    arkjs_function_release(*place);
  } else {
    library->definitions->count++;
  }
  *place = function;
  return ARK_OK;
}

void arkjs_library_forget(arkjs_library *library) {
  struct arkjs_definitions *set = library->definitions;
  library->definitions = NULL;
  for (size_t i = 0; set && i < set->capacity; i++) {
    if (set->functions[i]) arkjs_function_release(set->functions[i]);
  }
  ark_free(set);
}
