#include "async/active_wait.h"

/* By how much other events are delayed at most. It is also how long a job is waited for. */
#define ACTIVE_WAIT_TIME 50000 /* nanoseconds */

/* How long it takes the JavaScript thread to look for other events: some hundred nanoseconds. So it looks for them this
 * seldom. */
#define ACTIVE_WAIT_LOOK 5000 /* nanoseconds */

/* Turns of the loop between two looks at the clock. */
enum { ACTIVE_WAIT_PAUSES = 16 };

/* After this many waits in vain, one of 2 to this power is made. */
enum { ACTIVE_WAIT_MOST_FAILURES = 6 };

/* The order matters here and in arkjs_active_wait_is_asleep: the JavaScript thread writes is_watching and then reads
 * the list; a worker adds to the list and then reads is_watching. All are seq_cst, so at least one of the two sees what
 * the other did. */
static void active_wait_watch(arkjs_active_wait *wait, bool is_watching) {
  if (atomic_load_explicit(&wait->is_watching, memory_order_relaxed) != is_watching) {
    atomic_store(&wait->is_watching, is_watching);
  }
}

bool arkjs_active_wait_is_asleep(arkjs_active_wait *wait) {
  int processor = ark_processor();
  /* relaxed: a hint. It is written only when it has changed, because other threads read its cache line. */
  if (atomic_load_explicit(&wait->worker_processor, memory_order_relaxed) != processor) {
    atomic_store_explicit(&wait->worker_processor, processor, memory_order_relaxed);
  }
  return !atomic_load(&wait->is_watching);
}

static void active_wait_fail(arkjs_active_wait *wait) {
  wait->promising = 0;
  wait->waited = 0;
  if (wait->failures < ACTIVE_WAIT_MOST_FAILURES) wait->failures++;
  wait->to_skip = (UINT32_C(1) << wait->failures) - 1;
}

static void active_wait_succeed(arkjs_active_wait *wait) {
  wait->waited = 0;
  wait->failures /= 2;
}

/* Whether the JavaScript thread is on the processor of a worker, and so only keeps it from working. */
static bool active_wait_is_in_the_way(arkjs_active_wait *wait) {
  int worker = atomic_load_explicit(&wait->worker_processor, memory_order_relaxed); /* a hint */
  return worker >= 0 && worker == ark_processor();
}

/* Whether to wait at all in this turn of the event loop. */
static bool active_wait_is_promising(arkjs_active_wait *wait) {
  if (!wait->promising || active_wait_is_in_the_way(wait)) return false;
  if (!wait->to_skip) return true;
  wait->to_skip--;
  wait->promising = 0;
  return false;
}

/* Waits until a job has come back, but not longer than until `end` or until the event loop has other work. */
static bool active_wait_look(arkjs_active_wait *wait, uint64_t now, uint64_t end) {
  uint64_t begin = now, next_look = begin + ACTIVE_WAIT_LOOK;
  active_wait_watch(wait, true);
  while (now < end) {
    for (int i = 0; i < ACTIVE_WAIT_PAUSES; i++) {
      if (ark_finished_jobs_expect(wait->done)) {
        active_wait_succeed(wait);
        return true;
      }
      ark_pause();
    }
    now = ark_clock();
    if (now < next_look) continue;
    if (arkjs_event_loop_has_events(wait->loop)) break;
    next_look = now + ACTIVE_WAIT_LOOK;
  }
  wait->waited += now - begin;
  if (wait->waited >= ACTIVE_WAIT_TIME) active_wait_fail(wait);
  return false;
}

/* The event loop goes on: either it does not sleep, or workers wake it. */
static void active_wait_leave(arkjs_active_wait *wait, bool stays_awake) {
  active_wait_watch(wait, stays_awake);
  if (!stays_awake && ark_finished_jobs_are_there(wait->done)) {
    stays_awake = true;
    active_wait_watch(wait, true);
  }
  arkjs_event_loop_set_awake(wait->loop, stays_awake);
  if (!wait->pending && !stays_awake) arkjs_event_loop_stop(wait->loop);
}

/* JavaScript may run in here, so that any of this may happen again in between, if C turns the event loop. */
static void active_wait_before_sleep(void *context) {
  arkjs_active_wait *wait = context;
  uint64_t now = ark_clock(), end = now + ACTIVE_WAIT_TIME;
  bool goes_on = true, has_run = false;
  arkjs_event_loop_set_awake(wait->loop, false);
  /* Not if the event loop does not sleep anyway. Two copies of arkffi would keep each other awake otherwise. */
  bool may_wait = active_wait_is_promising(wait) && !arkjs_event_loop_is_busy(wait->loop);
  while (goes_on && now < end) {
    bool has_found = ark_finished_jobs_are_there(wait->done);
    if (!has_found && may_wait && wait->promising) has_found = active_wait_look(wait, now, end);
    if (!has_found) break;
    goes_on = arkjs_event_loop_settle(wait->loop, wait->settling);
    has_run = true;
    now = ark_clock();
  }
  /* JavaScript may have run for any time: the next timer is due so much sooner. */
  if (has_run) arkjs_event_loop_update_time(wait->loop);
  active_wait_leave(wait, may_wait && wait->promising);
}

static void active_wait_end(void *context) {
  arkjs_active_wait *wait = context;
  wait->loop = NULL;
  active_wait_watch(wait, false);
}

void arkjs_active_wait_open(arkjs_active_wait *wait, arkjs_env *env, ark_finished_jobs *done,
                            const arkjs_settling *settling) {
  wait->done = done;
  wait->settling = settling;
  atomic_init(&wait->worker_processor, -1);
  if (ark_processor_count() == 1) return; /* the worker could not go on meanwhile */
  wait->loop = arkjs_event_loop_open(env, &(arkjs_event_loop_hooks){active_wait_before_sleep, active_wait_end, wait});
}

void arkjs_active_wait_begin_job(arkjs_active_wait *wait) {
  if (!wait->pending++ && wait->loop) arkjs_event_loop_start(wait->loop);
  wait->promising++;
}

void arkjs_active_wait_end_job(arkjs_active_wait *wait) {
  wait->pending--;
  if (wait->promising) wait->promising--;
}
