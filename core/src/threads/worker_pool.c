#include "arkffi/worker_pool.h"
#include "arkffi/alloc.h"
#include "arkffi/cache_line.h"
#include "arkffi/thread.h"
#include <stdatomic.h>

/* Turns of a waiting worker's loop between two looks at the clock. */
enum { PAUSES = 32 };

/* Every worker in ark_worker_pool_work is counted in `active`, or in `granted` once the owner has let it go. All
 * counters are read and written seq_cst, because ark_worker_pool_hire depends on one order of them and of the queue. */
struct ark_worker_pool {
  ark_queue *queue; /* owned */
  ark_worker_pool_hooks hooks;
  unsigned limit;             /* of `active` */
  unsigned idle_limit;        /* how many workers may poll for a job at the same time */
  atomic_uint active;         /* workers that were hired and have not left */
  atomic_uint coming;         /* of those: workers that have not begun; each will look for a job at least once */
  atomic_uint asking;         /* workers whose slice is over and that the owner has not answered yet */
  atomic_uint granted;        /* workers that may leave; no longer counted in `active` */
  atomic_int owner_processor; /* where the owner last pushed */
  atomic_bool stopped;
  char apart[ARK_CACHE_LINE]; /* the members above change rarely; workers write the one below for each job */
  atomic_uint idle;           /* of the active workers: those that poll for a job; each will look at least once more */
};

ark_status ark_worker_pool_create(unsigned limit, const ark_worker_pool_hooks *hooks, ark_worker_pool **out,
                                  ark_error *error) {
  ark_worker_pool *pool = ark_alloc(1, sizeof *pool);
  if (!pool) return ark_fail_memory(error);
  ark_status status = ark_queue_create(&pool->queue, error);
  if (status) {
    ark_free(pool);
    return status;
  }
  pool->hooks = *hooks;
  pool->limit = limit;
  pool->idle_limit = ark_processor_count() > 1;
  *out = pool;
  return ARK_OK;
}

void ark_worker_pool_free(ark_worker_pool *pool) {
  if (!pool) return;
  ark_queue_free(pool->queue);
  ark_free(pool);
}

ark_status ark_worker_pool_push(ark_worker_pool *pool, ark_job *job, ark_error *error) {
  ark_status status = ark_queue_push(pool->queue, job, error);
  int processor = ark_processor();
  /* relaxed: a hint. It is written only when it has changed, because workers read its cache line. */
  if (atomic_load_explicit(&pool->owner_processor, memory_order_relaxed) != processor) {
    atomic_store_explicit(&pool->owner_processor, processor, memory_order_relaxed);
  }
  return status;
}

/* Counts one more active worker, unless `limit` is reached. */
static bool pool_join(ark_worker_pool *pool) {
  unsigned active = atomic_load(&pool->active);
  do {
    if (active >= pool->limit) return false;
  } while (!atomic_compare_exchange_weak(&pool->active, &active, active + 1));
  return true;
}

/* Workers that have not begun or that poll for a job: each takes one of the jobs that are queued at this moment, if
 * there are as many. */
static size_t pool_looking(ark_worker_pool *pool) {
  return (size_t)atomic_load(&pool->idle) + atomic_load(&pool->coming);
}

/* The order matters here and where a worker begins, polls or leaves. The owner pushes a job and then reads `coming`,
 * `idle` and `active`; a worker counts itself out of them and then looks at the queue. So at least one of the two sees
 * what the other did: no job is left without a worker, or waits for a busy one while another could be hired.
 *
 * Here the jobs are counted before the workers that look for one. The other way round, a worker that takes a job in
 * between would count for the job that is left, though it is busy with its own and may leave after it. */
bool ark_worker_pool_hire(ark_worker_pool *pool, size_t most) {
  unsigned active = atomic_load(&pool->active);
  /* With at most as many unfinished jobs as workers, one of these has no job but the one it is about to take. This is
   * asked first, and the length last: workers have just written what the others read, so that it must come from another
   * processor. */
  if (active >= pool->limit || most <= active || most <= pool_looking(pool)) return false;
  size_t length = ark_queue_length(pool->queue);
  if (length <= pool_looking(pool)) return false;
  if (atomic_load(&pool->stopped) || !pool_join(pool)) return false;
  atomic_fetch_add(&pool->coming, 1);
  return true;
}

void ark_worker_pool_cancel_hire(ark_worker_pool *pool) {
  atomic_fetch_sub(&pool->coming, 1);
  atomic_fetch_sub(&pool->active, 1);
}

/* Whether the worker polls on the owner's processor, and so only keeps the owner from pushing. */
static bool pool_is_in_the_way(ark_worker_pool *pool) {
  int owner = atomic_load_explicit(&pool->owner_processor, memory_order_relaxed); /* a hint */
  return owner >= 0 && owner == ark_processor();
}

/* Polls for a job; true when there is one. Counts itself out of `idle` before it looks for the last time. */
static bool pool_wait_for_job(ark_worker_pool *pool) {
  if (atomic_fetch_add(&pool->idle, 1) >= pool->idle_limit) {
    atomic_fetch_sub(&pool->idle, 1);
    return ark_queue_length(pool->queue) > 0;
  }
  uint64_t end = ark_clock() + ARK_WORKER_POOL_POLL_TIME;
  do {
    for (int i = 0; i < PAUSES && !ark_queue_expect(pool->queue); i++) ark_pause();
  } while (!ark_queue_length(pool->queue) && !atomic_load(&pool->stopped) && !pool_is_in_the_way(pool) &&
           ark_clock() < end);
  atomic_fetch_sub(&pool->idle, 1);
  return ark_queue_length(pool->queue) > 0;
}

/* Counts one down, unless the count is 0. */
static bool pool_take_one(atomic_uint *count) {
  unsigned there = atomic_load(count);
  while (there) {
    if (atomic_compare_exchange_weak(count, &there, there - 1)) return true;
  }
  return false;
}

void ark_worker_pool_grant(ark_worker_pool *pool) {
  while (pool_take_one(&pool->asking)) {
    /* ark_worker_pool_trim runs on this thread too, so it never sees the state in between. */
    atomic_fetch_sub(&pool->active, 1);
    atomic_fetch_add(&pool->granted, 1);
  }
}

/* One worker during one ark_worker_pool_work. */
struct ark_worker {
  ark_worker_pool *pool;
  uint64_t end; /* of its slice, by ark_clock; 0 for none */
  size_t newest_seen;
  bool has_asked, is_let_go;
};

/* Asks to leave once the slice is over. */
static bool worker_is_let_go(ark_worker *worker) {
  ark_worker_pool *pool = worker->pool;
  if (worker->is_let_go) return true;
  if (worker->has_asked) {
    worker->is_let_go = pool_take_one(&pool->granted);
  } else if (worker->end && ark_clock() >= worker->end) {
    worker->has_asked = true;
    atomic_fetch_add(&pool->asking, 1);
    pool->hooks.ask(pool->hooks.context);
  }
  return worker->is_let_go;
}

bool ark_worker_should_leave(ark_worker *worker) {
  return atomic_load(&worker->pool->stopped) || worker_is_let_go(worker);
}

/* Runs jobs until there are none; false when the worker was let go before that. */
static bool worker_run_jobs(ark_worker *worker) {
  ark_worker_pool *pool = worker->pool;
  ark_job *job;
  while (!atomic_load(&pool->stopped) && (job = ark_queue_take(pool->queue, &worker->newest_seen))) {
    job->run(job, worker);
    pool->hooks.deliver(pool->hooks.context, job);
    if (worker_is_let_go(worker)) return false;
  }
  return true;
}

/* Withdraws the worker's request to leave. False when the owner has granted it, so that this worker no longer counts.
 * Requests are interchangeable. */
static bool worker_withdraw_request(ark_worker *worker) {
  ark_worker_pool *pool = worker->pool;
  if (!worker->has_asked) return true;
  worker->has_asked = false;
  if (pool_take_one(&pool->asking)) return true;
  while (!pool_take_one(&pool->granted)) ark_pause(); /* the owner is about to count it */
  return false;
}

void ark_worker_pool_work(ark_worker_pool *pool, uint64_t slice) {
  ark_worker worker = {.pool = pool, .end = slice ? ark_clock() + slice : 0};
  atomic_fetch_sub(&pool->coming, 1);
  do {
    do {
      if (!worker_run_jobs(&worker)) return;
    } while (!atomic_load(&pool->stopped) && pool_wait_for_job(pool));
    if (!worker_withdraw_request(&worker)) return;
    atomic_fetch_sub(&pool->active, 1);
  } while (!atomic_load(&pool->stopped) && ark_queue_length(pool->queue) && pool_join(pool));
}

/* If both counts are 0, no worker is inside ark_queue_take, since a worker counts itself out after its last take, and
 * only this thread hires. A worker that has counted itself out may still read ark_queue_length, which touches nothing
 * that is freed, and may join again: it then finds the queue empty until this thread pushes, and after that the new
 * ring. */
void ark_worker_pool_trim(ark_worker_pool *pool) {
  if (!atomic_load(&pool->active) && !atomic_load(&pool->granted)) ark_queue_trim(pool->queue);
}

void ark_worker_pool_stop(ark_worker_pool *pool) {
  atomic_store(&pool->stopped, true);
}

ark_job *ark_worker_pool_withdraw(ark_worker_pool *pool) {
  size_t newest_seen = 0;
  return ark_queue_take(pool->queue, &newest_seen);
}
