/* The way there is the deque of Chase and Lev ("Dynamic circular work-stealing deque", SPAA 2005) with the orderings of
 * Lê and others (PPoPP 2013), less what its owner could take back: so it is a queue that only others take from. The way
 * back is Treiber's stack, emptied as a whole, which rules out the ABA problem. */
#include "arkffi/queue.h"
#include "arkffi/alloc.h"
#include <stdatomic.h>
#include <stdint.h>

enum { FIRST_CAPACITY = 256 }; /* slots; a power of two, as every capacity */

/* What stands in each slot is fixed from the push until it is taken; a taker that read too late fails at `oldest`. */
typedef struct ring {
  struct ring *smaller; /* outgrown, but a taker may still be reading it */
  size_t capacity;
  _Atomic(ark_job *) slots[];
} ring;

/* Takers write `oldest`, the owner the rest, `ring` hardly ever: a cache line apart each (64 bytes on all we know), or
 * one slows the other. */
struct ark_queue {
  atomic_size_t oldest; /* counts up for ever; the slot is the remainder */
  char apart[64];
  _Atomic(ring *) ring;
  char further_apart[64];
  atomic_size_t newest; /* one behind the last pushed */
  size_t oldest_seen;   /* the owner's: `oldest` as it was once, so that not every push looks at what takers write */
};

static ring *create_ring(size_t capacity, ring *smaller) {
  ring *created = ark_alloc(1, sizeof *created + capacity * sizeof created->slots[0]);
  if (!created) return NULL;
  created->capacity = capacity;
  created->smaller = smaller;
  return created;
}

static void free_rings(ring *newest) {
  while (newest) {
    ring *smaller = newest->smaller;
    ark_free(newest);
    newest = smaller;
  }
}

static _Atomic(ark_job *) *slot_of(ring *in, size_t index) {
  return &in->slots[index & (in->capacity - 1)];
}

ark_status ark_queue_create(ark_queue **out, ark_error *error) {
  ring *first = create_ring(FIRST_CAPACITY, NULL);
  ark_queue *queue = first ? ark_alloc(1, sizeof *queue) : NULL;
  if (!queue) {
    ark_free(first);
    return ark_fail_memory(error);
  }
  atomic_init(&queue->ring, first);
  *out = queue;
  return ARK_OK;
}

void ark_queue_free(ark_queue *queue) {
  if (!queue) return;
  free_rings(queue->ring);
  ark_free(queue);
}

static ring *grow(ark_queue *queue, ring *full, size_t oldest, size_t newest) {
  ring *larger = create_ring(full->capacity * 2, full);
  if (!larger) return NULL;
  for (size_t i = oldest; i != newest; i++) {
    ark_job *job = atomic_load_explicit(slot_of(full, i), memory_order_relaxed);
    atomic_store_explicit(slot_of(larger, i), job, memory_order_relaxed);
  }
  atomic_store_explicit(&queue->ring, larger, memory_order_release);
  return larger;
}

ark_status ark_queue_push(ark_queue *queue, ark_job *job, ark_error *error) {
  size_t newest = atomic_load_explicit(&queue->newest, memory_order_relaxed);
  ring *into = atomic_load_explicit(&queue->ring, memory_order_relaxed);
  if (newest - queue->oldest_seen >= into->capacity) {
    queue->oldest_seen = atomic_load_explicit(&queue->oldest, memory_order_acquire);
    if (newest - queue->oldest_seen == into->capacity) into = grow(queue, into, queue->oldest_seen, newest);
    if (!into) return ark_fail_memory(error);
  }
  atomic_store_explicit(slot_of(into, newest), job, memory_order_relaxed);
  /* Sequentially consistent, so that whoever then asks for idle workers cannot miss one that has just seen none. */
  atomic_store(&queue->newest, newest + 1);
  return ARK_OK;
}

ark_job *ark_queue_take(ark_queue *queue, size_t *newest_seen) {
  size_t oldest = atomic_load(&queue->oldest);
  for (;;) {
    if ((ptrdiff_t)(*newest_seen - oldest) <= 0) *newest_seen = atomic_load(&queue->newest);
    if ((ptrdiff_t)(*newest_seen - oldest) <= 0) return NULL;
    ring *from = atomic_load_explicit(&queue->ring, memory_order_acquire);
    ark_job *job = atomic_load_explicit(slot_of(from, oldest), memory_order_relaxed);
    if (atomic_compare_exchange_weak(&queue->oldest, &oldest, oldest + 1)) return job;
  }
}

size_t ark_queue_length(const ark_queue *queue) {
  size_t oldest = atomic_load(&queue->oldest), newest = atomic_load(&queue->newest);
  return (ptrdiff_t)(newest - oldest) > 0 ? newest - oldest : 0;
}

void ark_queue_trim(ark_queue *queue) {
  ring *current = queue->ring;
  if (current->capacity == FIRST_CAPACITY || ark_queue_length(queue)) return;
  ring *first = create_ring(FIRST_CAPACITY, NULL);
  if (!first) return;
  queue->ring = first;
  free_rings(current);
}

struct ark_done {
  _Atomic(ark_job *) newest;
};

ark_status ark_done_create(ark_done **out, ark_error *error) {
  *out = ark_alloc(1, sizeof **out);
  return *out ? ARK_OK : ark_fail_memory(error);
}

void ark_done_free(ark_done *done) {
  ark_free(done);
}

bool ark_done_add(ark_done *done, ark_job *job) {
  ark_job *newest = atomic_load_explicit(&done->newest, memory_order_relaxed);
  do {
    job->next = newest;
  } while (
      !atomic_compare_exchange_weak_explicit(&done->newest, &newest, job, memory_order_release, memory_order_relaxed));
  return !newest;
}

ark_job *ark_done_take(ark_done *done) {
  ark_job *newest = atomic_exchange_explicit(&done->newest, NULL, memory_order_acquire), *oldest = NULL;
  while (newest) {
    ark_job *next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  return oldest;
}
