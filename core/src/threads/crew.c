#include "arkffi/crew.h"
#include "arkffi/alloc.h"
#include "arkffi/thread.h"
#include <stdatomic.h>

/* Turns of a waiting worker's loop between two looks at the clock. */
enum { PAUSES = 32 };

/* Every worker in ark_crew_work is counted in `active`, or in `granted` once the owner has let it go. All counters are
 * read and written seq_cst, because ark_crew_hire depends on one order of them and of the queue. */
struct ark_crew {
  ark_queue *queue; /* owned */
  ark_crew_hooks hooks;
  unsigned limit;             /* of `active` */
  unsigned idle_limit;        /* how many workers may poll for a job at the same time */
  atomic_uint active;         /* workers that were hired and have not left */
  atomic_uint coming;         /* of those: workers that have not begun; each will look for a job at least once */
  atomic_uint idle;           /* of those: workers that poll for a job; each will look at least once more */
  atomic_uint asking;         /* workers whose slice is over and that the owner has not answered yet */
  atomic_uint granted;        /* workers that may leave; no longer counted in `active` */
  atomic_int owner_processor; /* where the owner last pushed */
  atomic_bool stopped;
};

ark_status ark_crew_create(unsigned limit, const ark_crew_hooks *hooks, ark_crew **out, ark_error *error) {
  ark_crew *crew = ark_alloc(1, sizeof *crew);
  if (!crew) return ark_fail_memory(error);
  ark_status status = ark_queue_create(&crew->queue, error);
  if (status) {
    ark_free(crew);
    return status;
  }
  crew->hooks = *hooks;
  crew->limit = limit;
  crew->idle_limit = ark_processor_count() > 1;
  *out = crew;
  return ARK_OK;
}

void ark_crew_free(ark_crew *crew) {
  if (!crew) return;
  ark_queue_free(crew->queue);
  ark_free(crew);
}

ark_status ark_crew_push(ark_crew *crew, ark_job *job, ark_error *error) {
  ark_status status = ark_queue_push(crew->queue, job, error);
  int processor = ark_processor();
  /* relaxed: a hint. It is written only when it has changed, because workers read its cache line. */
  if (atomic_load_explicit(&crew->owner_processor, memory_order_relaxed) != processor) {
    atomic_store_explicit(&crew->owner_processor, processor, memory_order_relaxed);
  }
  return status;
}

/* Counts one more active worker, unless `limit` is reached. */
static bool pool_join(ark_crew *crew) {
  unsigned active = atomic_load(&crew->active);
  do {
    if (active >= crew->limit) return false;
  } while (!atomic_compare_exchange_weak(&crew->active, &active, active + 1));
  return true;
}

/* The order matters here and where a worker begins, polls or leaves. The owner pushes a job and then reads `coming`,
 * `idle` and `active`; a worker counts itself out of them and then looks at the queue. So at least one of the two sees
 * what the other did: no job is left without a worker, or waits for a busy one while another could be hired. */
bool ark_crew_hire(ark_crew *crew) {
  if (atomic_load(&crew->active) >= crew->limit) return false;
  size_t waiting = ark_queue_length(crew->queue);
  size_t looking = (size_t)atomic_load(&crew->idle) + atomic_load(&crew->coming);
  if (waiting <= looking || atomic_load(&crew->stopped) || !pool_join(crew)) return false;
  atomic_fetch_add(&crew->coming, 1);
  return true;
}

void ark_crew_dismiss(ark_crew *crew) {
  atomic_fetch_sub(&crew->coming, 1);
  atomic_fetch_sub(&crew->active, 1);
}

/* Whether the worker polls on the owner's processor, and so only keeps the owner from pushing. */
static bool pool_is_in_the_way(ark_crew *crew) {
  int owner = atomic_load_explicit(&crew->owner_processor, memory_order_relaxed); /* a hint */
  return owner >= 0 && owner == ark_processor();
}

/* Polls for a job; true when there is one. Counts itself out of `idle` before it looks for the last time. */
static bool pool_wait_for_job(ark_crew *crew) {
  if (atomic_fetch_add(&crew->idle, 1) >= crew->idle_limit) {
    atomic_fetch_sub(&crew->idle, 1);
    return ark_queue_length(crew->queue) > 0;
  }
  uint64_t end = ark_clock() + ARK_CREW_PATIENCE;
  do {
    for (int i = 0; i < PAUSES && !ark_queue_length(crew->queue); i++) ark_pause();
  } while (!ark_queue_length(crew->queue) && !atomic_load(&crew->stopped) && !pool_is_in_the_way(crew) &&
           ark_clock() < end);
  atomic_fetch_sub(&crew->idle, 1);
  return ark_queue_length(crew->queue) > 0;
}

/* Counts one down, unless the count is 0. */
static bool pool_take_one(atomic_uint *count) {
  unsigned there = atomic_load(count);
  while (there) {
    if (atomic_compare_exchange_weak(count, &there, there - 1)) return true;
  }
  return false;
}

void ark_crew_grant(ark_crew *crew) {
  while (pool_take_one(&crew->asking)) {
    /* ark_crew_trim runs on this thread too, so it never sees the state in between. */
    atomic_fetch_sub(&crew->active, 1);
    atomic_fetch_add(&crew->granted, 1);
  }
}

/* One worker during one ark_crew_work. */
struct ark_worker {
  ark_crew *crew;
  uint64_t end; /* of its slice, by ark_clock; 0 for none */
  size_t newest_seen;
  bool has_asked, is_let_go;
};

/* Asks to leave once the slice is over. */
static bool worker_is_let_go(ark_worker *worker) {
  ark_crew *crew = worker->crew;
  if (worker->is_let_go) return true;
  if (worker->has_asked) {
    worker->is_let_go = pool_take_one(&crew->granted);
  } else if (worker->end && ark_clock() >= worker->end) {
    worker->has_asked = true;
    atomic_fetch_add(&crew->asking, 1);
    crew->hooks.ask(crew->hooks.context);
  }
  return worker->is_let_go;
}

bool ark_worker_should_leave(ark_worker *worker) {
  return atomic_load(&worker->crew->stopped) || worker_is_let_go(worker);
}

/* Runs jobs until there are none; false when the worker was let go before that. */
static bool worker_run_jobs(ark_worker *worker) {
  ark_crew *crew = worker->crew;
  ark_job *job;
  while (!atomic_load(&crew->stopped) && (job = ark_queue_take(crew->queue, &worker->newest_seen))) {
    job->run(job, worker);
    crew->hooks.deliver(crew->hooks.context, job);
    if (worker_is_let_go(worker)) return false;
  }
  return true;
}

/* Withdraws the worker's request to leave. False when the owner has granted it, so that this worker no longer counts.
 * Requests are interchangeable. */
static bool worker_withdraw_request(ark_worker *worker) {
  ark_crew *crew = worker->crew;
  if (!worker->has_asked) return true;
  worker->has_asked = false;
  if (pool_take_one(&crew->asking)) return true;
  while (!pool_take_one(&crew->granted)) ark_pause(); /* the owner is about to count it */
  return false;
}

void ark_crew_work(ark_crew *crew, uint64_t slice) {
  ark_worker worker = {.crew = crew, .end = slice ? ark_clock() + slice : 0};
  atomic_fetch_sub(&crew->coming, 1);
  do {
    do {
      if (!worker_run_jobs(&worker)) return;
    } while (!atomic_load(&crew->stopped) && pool_wait_for_job(crew));
    if (!worker_withdraw_request(&worker)) return;
    atomic_fetch_sub(&crew->active, 1);
  } while (!atomic_load(&crew->stopped) && ark_queue_length(crew->queue) && pool_join(crew));
}

/* If both counts are 0, no worker is inside ark_queue_take, since a worker counts itself out after its last take, and
 * only this thread hires. A worker that has counted itself out may still read ark_queue_length, which touches nothing
 * that is freed, and may join again: it then finds the queue empty until this thread pushes, and after that the new
 * ring. */
void ark_crew_trim(ark_crew *crew) {
  if (!atomic_load(&crew->active) && !atomic_load(&crew->granted)) ark_queue_trim(crew->queue);
}

void ark_crew_stop(ark_crew *crew) {
  atomic_store(&crew->stopped, true);
}

ark_job *ark_crew_withdraw(ark_crew *crew) {
  size_t newest_seen = 0;
  return ark_queue_take(crew->queue, &newest_seen);
}
