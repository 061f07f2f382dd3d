/* ark_queue is the deque of Chase and Lev ("Dynamic circular work-stealing deque", SPAA 2005) with the memory orders of
 * Lê and others (PPoPP 2013), without the end at which its owner takes: so it is a queue that other threads take from.
 * ark_finished_jobs is Treiber's stack, always emptied as a whole, which rules out the ABA problem. */
#include "arkffi/queue.h"
#include "arkffi/alloc.h"
#include "arkffi/cache_line.h"
#include "cpu/prefetch.h"
#include <stdatomic.h>
#include <stdint.h>

enum { FIRST_CAPACITY = 256 }; /* slots; a power of two, as every capacity */

/* What is fetched of a job before it runs: the job, and what a call with a few numbers has beside it. */
enum { LINE = 64 /* bytes */, JOB_LINES = 2 };

/* A slot does not change from the push of its job until the job is taken. A taker that has read the slot too late fails
 * to advance `oldest`. */
typedef struct ring {
  struct ring *smaller; /* outgrown, but a taker may still read it */
  size_t capacity;
  _Atomic(ark_job *) slots[];
} ring;

/* Takers write `oldest`, the owner writes the rest, and `ring` changes hardly ever: each has a cache line of its
 * own. */
struct ark_queue {
  atomic_size_t oldest; /* counts up forever; the slot is the remainder */
  char apart[ARK_CACHE_LINE];
  _Atomic(ring *) ring;
  char further_apart[ARK_CACHE_LINE];
  atomic_size_t newest; /* one more than that of the last job pushed */
  size_t oldest_seen; /* the owner's: an earlier value of `oldest`, so that most pushes do not read what takers write */
};

static ring *queue_create_ring(size_t capacity, ring *smaller) {
  ring *created = ark_alloc(1, sizeof *created + capacity * sizeof created->slots[0]);
  if (!created) return NULL;
  created->capacity = capacity;
  created->smaller = smaller;
  return created;
}

static void queue_free_rings(ring *newest) {
  while (newest) {
    ring *smaller = newest->smaller;
    ark_free(newest);
    newest = smaller;
  }
}

static _Atomic(ark_job *) *queue_slot(ring *in, size_t index) {
  return &in->slots[index & (in->capacity - 1)];
}

ark_status ark_queue_create(ark_queue **out, ark_error *error) {
  ring *first = queue_create_ring(FIRST_CAPACITY, NULL);
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
  queue_free_rings(atomic_load_explicit(&queue->ring, memory_order_relaxed)); /* relaxed: no other thread is inside */
  ark_free(queue);
}

static ring *queue_grow(ark_queue *queue, ring *full, size_t oldest, size_t newest) {
  ring *larger = queue_create_ring(full->capacity * 2, full);
  if (!larger) return NULL;
  for (size_t i = oldest; i != newest; i++) {
    ark_job *job = atomic_load_explicit(queue_slot(full, i), memory_order_relaxed);
    atomic_store_explicit(queue_slot(larger, i), job, memory_order_relaxed);
  }
  atomic_store_explicit(&queue->ring, larger, memory_order_release);
  return larger;
}

ark_status ark_queue_push(ark_queue *queue, ark_job *job, ark_error *error) {
  size_t newest = atomic_load_explicit(&queue->newest, memory_order_relaxed);
  ring *into = atomic_load_explicit(&queue->ring, memory_order_relaxed);
  if (newest - queue->oldest_seen >= into->capacity) {
    queue->oldest_seen = atomic_load_explicit(&queue->oldest, memory_order_acquire);
    if (newest - queue->oldest_seen == into->capacity) into = queue_grow(queue, into, queue->oldest_seen, newest);
    if (!into) return ark_fail_memory(error);
  }
  atomic_store_explicit(queue_slot(into, newest), job, memory_order_relaxed);
  /* seq_cst: after the push the owner looks for idle workers, and must not miss one that has just seen an empty
   * queue. */
  atomic_store(&queue->newest, newest + 1);
  return ARK_OK;
}

ark_job *ark_queue_take(ark_queue *queue, size_t *newest_seen) {
  size_t oldest = atomic_load(&queue->oldest); /* seq_cst: before `newest`, as in the paper */
  for (;;) {
    if ((ptrdiff_t)(*newest_seen - oldest) <= 0) *newest_seen = atomic_load(&queue->newest);
    if ((ptrdiff_t)(*newest_seen - oldest) <= 0) return NULL;
    ring *from = atomic_load_explicit(&queue->ring, memory_order_acquire);
    ark_job *job = atomic_load_explicit(queue_slot(from, oldest), memory_order_relaxed);
    for (size_t i = 0; i < JOB_LINES; i++) ark__prefetch_to_write((const char *)job + i * LINE);
    if (atomic_compare_exchange_weak(&queue->oldest, &oldest, oldest + 1)) return job;
  }
}

bool ark_queue_expect(const ark_queue *queue) {
  size_t oldest = atomic_load(&queue->oldest);
  /* The slot comes together with `newest` rather than after it. */
  ark__prefetch(queue_slot(atomic_load_explicit(&queue->ring, memory_order_acquire), oldest));
  return (ptrdiff_t)(atomic_load(&queue->newest) - oldest) > 0; /* seq_cst, as in ark_queue_length */
}

size_t ark_queue_length(const ark_queue *queue) {
  /* seq_cst: the other half of the pattern in ark_queue_push. */
  size_t oldest = atomic_load(&queue->oldest), newest = atomic_load(&queue->newest);
  return (ptrdiff_t)(newest - oldest) > 0 ? newest - oldest : 0;
}

void ark_queue_trim(ark_queue *queue) {
  /* relaxed: no other thread is inside, and the caller has synchronized with those that were. */
  ring *current = atomic_load_explicit(&queue->ring, memory_order_relaxed);
  if (current->capacity == FIRST_CAPACITY || ark_queue_length(queue)) return;
  ring *first = queue_create_ring(FIRST_CAPACITY, NULL);
  if (!first) return;
  atomic_store_explicit(&queue->ring, first, memory_order_release);
  queue_free_rings(current);
}

struct ark_finished_jobs {
  _Atomic(ark_job *) newest;
};

ark_status ark_finished_jobs_create(ark_finished_jobs **out, ark_error *error) {
  *out = ark_alloc(1, sizeof **out);
  return *out ? ARK_OK : ark_fail_memory(error);
}

void ark_finished_jobs_free(ark_finished_jobs *jobs) {
  ark_free(jobs);
}

/* What the worker wrote while running the job happens before the taker reads it. seq_cst: after this the worker looks
 * whether the taker sleeps, and must not miss one that has just seen an empty list. */
bool ark_finished_jobs_add(ark_finished_jobs *jobs, ark_job *job) {
  /* Not read before: most often it is NULL, and reading would fetch the cache line once more. */
  ark_job *newest = NULL;
  do {
    job->next = newest;
  } while (
      !atomic_compare_exchange_weak_explicit(&jobs->newest, &newest, job, memory_order_seq_cst, memory_order_relaxed));
  return !newest;
}

bool ark_finished_jobs_are_there(const ark_finished_jobs *jobs) {
  return atomic_load(&jobs->newest) != NULL; /* seq_cst: the other half of the pattern in ark_finished_jobs_add */
}

bool ark_finished_jobs_expect(ark_finished_jobs *jobs) {
  ark_job *none = NULL;
  return !atomic_compare_exchange_strong(&jobs->newest, &none, NULL);
}

ark_job *ark_finished_jobs_take(ark_finished_jobs *jobs) {
  /* acquire: pairs with ark_finished_jobs_add. */
  ark_job *newest = atomic_exchange_explicit(&jobs->newest, NULL, memory_order_acquire), *oldest = NULL;
  while (newest) {
    ark_job *next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  return oldest;
}
