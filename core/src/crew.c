#include "arkffi/crew.h"
#include "arkffi/alloc.h"
#include "arkffi/thread.h"
#include <stdatomic.h>

/* Turns of the waiting loop between two looks at the clock. */
enum { PAUSES = 32 };

struct ark_crew {
  ark_queue *queue; /* owned */
  ark_crew_hooks hooks;
  unsigned limit;
  unsigned patient;           /* how many may wait actively at the same time */
  atomic_uint active;         /* workers hired and not gone */
  atomic_uint coming;         /* of those, not at work yet: each will look for one job at least */
  atomic_uint idle;           /* of those, waiting actively: likewise */
  atomic_uint asking;         /* workers whose time is over, and whom the owner has not seen yet */
  atomic_uint granted;        /* whom it has: they are counted active no more, and leave behind the job at hand */
  atomic_int owner_processor; /* where the owner was when it last pushed */
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
  crew->patient = ark_processor_count() > 1;
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
  /* Written when it has changed only: workers read it, and what is beside it. */
  if (atomic_load_explicit(&crew->owner_processor, memory_order_relaxed) != processor) {
    atomic_store_explicit(&crew->owner_processor, processor, memory_order_relaxed);
  }
  return status;
}

/* Counts one worker more, unless there are enough. */
static bool join(ark_crew *crew) {
  unsigned active = crew->active;
  do {
    if (active >= crew->limit) return false;
  } while (!atomic_compare_exchange_weak(&crew->active, &active, active + 1));
  return true;
}

/* The order of looks matters, here and where a worker begins, waits or leaves. The owner pushes, then looks who is
 * coming, idle and active; a worker counts itself out of them, then looks at the queue. So one of the two sees the
 * other, and no job is left lying, nor waits for a thread that is busy while another could be had. */
bool ark_crew_hire(ark_crew *crew) {
  if (crew->active >= crew->limit) return false;
  size_t waiting = ark_queue_length(crew->queue);
  if (waiting <= (size_t)crew->idle + crew->coming || crew->stopped || !join(crew)) return false;
  crew->coming++;
  return true;
}

void ark_crew_dismiss(ark_crew *crew) {
  crew->coming--;
  crew->active--;
}

/* Where the worker has the owner's processor, it would only keep it from pushing. */
static bool is_in_the_way(ark_crew *crew) {
  int owner = atomic_load_explicit(&crew->owner_processor, memory_order_relaxed);
  return owner >= 0 && owner == ark_processor();
}

/* True when there is a job again. Counts itself out of the idle before it looks for the last time. */
static bool wait_for_job(ark_crew *crew) {
  if (crew->idle++ >= crew->patient) {
    crew->idle--;
    return ark_queue_length(crew->queue) > 0;
  }
  uint64_t end = ark_clock() + ARK_CREW_PATIENCE;
  do {
    for (int i = 0; i < PAUSES && !ark_queue_length(crew->queue); i++) ark_pause();
  } while (!ark_queue_length(crew->queue) && !crew->stopped && !is_in_the_way(crew) && ark_clock() < end);
  crew->idle--;
  return ark_queue_length(crew->queue) > 0;
}

static bool take_one(atomic_uint *count) {
  unsigned there = *count;
  while (there) {
    if (atomic_compare_exchange_weak(count, &there, there - 1)) return true;
  }
  return false;
}

void ark_crew_grant(ark_crew *crew) {
  while (take_one(&crew->asking)) {
    crew->active--;
    crew->granted++;
  }
}

/* One worker's time. */
struct ark_worker {
  ark_crew *crew;
  uint64_t end; /* 0 for none */
  size_t newest_seen;
  bool has_asked, is_let_go;
};

/* Asks to leave once the time is over. */
static bool is_let_go(ark_worker *worker) {
  ark_crew *crew = worker->crew;
  if (worker->is_let_go) return true;
  if (worker->has_asked) {
    worker->is_let_go = take_one(&crew->granted);
  } else if (worker->end && ark_clock() >= worker->end) {
    worker->has_asked = true;
    crew->asking++;
    crew->hooks.ask(crew->hooks.context);
  }
  return worker->is_let_go;
}

bool ark_worker_should_leave(ark_worker *worker) {
  return worker->crew->stopped || is_let_go(worker);
}

/* Runs jobs until there are none; false when the worker was let go before. */
static bool work_off(ark_worker *worker) {
  ark_crew *crew = worker->crew;
  ark_job *job;
  while (!crew->stopped && (job = ark_queue_take(crew->queue, &worker->newest_seen))) {
    job->run(job, worker);
    crew->hooks.deliver(crew->hooks.context, job);
    if (is_let_go(worker)) return false;
  }
  return true;
}

/* Takes back what a worker has asked. False when it has been let go already: then it no longer counts. Whoever asked,
 * an ask or a grant is as good as another. */
static bool take_back(ark_worker *worker) {
  ark_crew *crew = worker->crew;
  if (!worker->has_asked) return true;
  worker->has_asked = false;
  if (take_one(&crew->asking)) return true;
  while (!take_one(&crew->granted)) ark_pause(); /* the owner is just about to grant it */
  return false;
}

void ark_crew_work(ark_crew *crew, uint64_t slice) {
  ark_worker worker = {.crew = crew, .end = slice ? ark_clock() + slice : 0};
  crew->coming--;
  do {
    do {
      if (!work_off(&worker)) return;
    } while (!crew->stopped && wait_for_job(crew));
    if (!take_back(&worker)) return;
    crew->active--;
  } while (!crew->stopped && ark_queue_length(crew->queue) && join(crew));
}

void ark_crew_trim(ark_crew *crew) {
  if (!crew->active && !crew->granted) ark_queue_trim(crew->queue);
}

void ark_crew_stop(ark_crew *crew) {
  crew->stopped = true;
}

ark_job *ark_crew_withdraw(ark_crew *crew) {
  size_t newest_seen = 0;
  return ark_queue_take(crew->queue, &newest_seen);
}
