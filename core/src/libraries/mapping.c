#include "arkffi/mapping.h"
#include "arkffi/alloc.h"
#include "libraries/open_mappings.h"
#include "os/loader.h"
#include "os/process_lock.h"
#include <stdatomic.h>
#include <stdint.h>

/* Counts go up relaxed, because a thread that adds one has another already, or the process lock. They go down acq_rel,
 * so that everything that other threads did with the mapping happens before it ends. */
struct ark_mapping {
  void *module;
  const void *base;
  _Atomic uint32_t opens;      /* libraries open on it; changed under the process lock */
  _Atomic uint32_t holds;      /* those, and what ark_mapping_acquire_code gave; the last one unmaps the code */
  _Atomic uint32_t references; /* those, and ark_mapping_retain's; the last one frees the structure */
  ark_mapping *next;           /* in mapping_open_list */
};

/* Mappings with at least one open library. Protected by the process lock. */
static ark_mapping *mapping_open_list;

static uint32_t mapping_count_up(_Atomic uint32_t *count) {
  return atomic_fetch_add_explicit(count, 1, memory_order_relaxed) + 1;
}

static uint32_t mapping_count_down(_Atomic uint32_t *count) {
  return atomic_fetch_sub_explicit(count, 1, memory_order_acq_rel) - 1;
}

/* Must be called under the process lock. */
static ark_mapping *mapping_find(const void *base) {
  ark_mapping *mapping = mapping_open_list;
  while (mapping && mapping->base != base) mapping = mapping->next;
  return mapping;
}

ark_mapping *ark__mapping_open(void *module) {
  const void *base = ark__module_base(module);
  ark_mapping *created = ark_alloc(1, sizeof *created);
  ark__process_enter();
  ark_mapping *mapping = mapping_find(base ? base : module);
  if (!mapping && created) {
    mapping = created;
    mapping->module = module;
    mapping->base = base ? base : module;
    mapping->next = mapping_open_list;
    mapping_open_list = mapping;
  }
  if (mapping) {
    mapping_count_up(&mapping->opens);
    mapping_count_up(&mapping->holds);
    mapping_count_up(&mapping->references);
  }
  ark__process_leave();

  /* A mapping keeps one of the loader's handles. */
  if (mapping != created) ark_free(created);
  if (!mapping || mapping != created) ark__module_close(module);
  return mapping;
}

void ark__mapping_close(ark_mapping *mapping) {
  ark__process_enter();
  if (mapping_count_down(&mapping->opens) == 0) {
    ark_mapping **link = &mapping_open_list;
    while (*link != mapping) link = &(*link)->next;
    *link = mapping->next;
  }
  ark__process_leave();
  ark_mapping_release_code(mapping);
}

void *ark__mapping_module(const ark_mapping *mapping) {
  return mapping->module;
}

ark_mapping *ark_mapping_at(const void *address) {
  const void *base = ark__base_of(address);
  if (!base) return NULL;
  ark__process_enter();
  ark_mapping *mapping = mapping_find(base);
  if (mapping) mapping_count_up(&mapping->references);
  ark__process_leave();
  return mapping;
}

void ark_mapping_retain(ark_mapping *mapping) {
  mapping_count_up(&mapping->references);
}

void ark_mapping_release(ark_mapping *mapping) {
  if (mapping && mapping_count_down(&mapping->references) == 0) ark_free(mapping);
}

bool ark_mapping_is_open(const ark_mapping *mapping) {
  return atomic_load(&mapping->opens) > 0; /* seq_cst: what the caller does next must not move before it */
}

bool ark_mapping_acquire_code(ark_mapping *mapping) {
  if (!ark_mapping_is_open(mapping)) return false;
  /* Another thread may be closing the last library: a count that has become zero must not rise again. */
  uint32_t holds = atomic_load_explicit(&mapping->holds, memory_order_relaxed);
  do {
    if (!holds) return false;
  } while (!atomic_compare_exchange_weak_explicit(&mapping->holds, &holds, holds + 1, memory_order_relaxed,
                                                  memory_order_relaxed));
  mapping_count_up(&mapping->references);
  return true;
}

void ark_mapping_release_code(ark_mapping *mapping) {
  if (mapping_count_down(&mapping->holds) == 0) ark__module_close(mapping->module);
  ark_mapping_release(mapping);
}
