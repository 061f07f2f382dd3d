#include "arkffi/lane.h"
#include "arkffi/alloc.h"
#include "arkffi/thread.h"

struct ark_lane {
  ark_crew *crew; /* owned */
  ark_lock lock;  /* over all below */
  ark_condition wanted;
  unsigned calls;    /* hires that no sleeping thread has taken up yet */
  unsigned sleeping; /* threads that wait for one */
  bool is_ending;
  unsigned limit, started;
  ark_thread threads[]; /* `started` of at most `limit` */
};

static void live(void *data) {
  ark_lane *lane = data;
  ark_lock_enter(&lane->lock);
  for (;;) {
    lane->sleeping++;
    while (!lane->calls && !lane->is_ending) ark_condition_wait(&lane->wanted, &lane->lock);
    lane->sleeping--;
    if (!lane->calls) break;
    lane->calls--;
    ark_lock_leave(&lane->lock);
    ark_crew_work(lane->crew, 0);
    ark_lock_enter(&lane->lock);
  }
  ark_lock_leave(&lane->lock);
}

ark_status ark_lane_create(unsigned threads, const ark_crew_hooks *hooks, ark_lane **out, ark_error *error) {
  ark_lane *lane = ark_alloc(1, sizeof *lane + threads * sizeof lane->threads[0]);
  if (!lane) return ark_fail_memory(error);
  ark_status status = ark_crew_create(threads, hooks, &lane->crew, error);
  if (status) {
    ark_free(lane);
    return status;
  }
  lane->limit = threads;
  ark_lock_init(&lane->lock);
  ark_condition_init(&lane->wanted);
  *out = lane;
  return ARK_OK;
}

unsigned ark_lane_limit(const ark_lane *lane) {
  return lane->limit;
}

/* For a hire: wakes a thread, or starts one. Where none is asleep and none can be started, one that is there finds the
 * call when it would go to sleep. */
static void call_thread(ark_lane *lane) {
  ark_lock_enter(&lane->lock);
  if (lane->sleeping <= lane->calls && lane->started < lane->limit &&
      ark_thread_start(&lane->threads[lane->started], live, lane)) {
    lane->started++;
  }
  lane->calls++;
  ark_condition_signal(&lane->wanted);
  ark_lock_leave(&lane->lock);
}

ark_status ark_lane_push(ark_lane *lane, ark_job *job, ark_error *error) {
  /* The first thread before the first job: a job that nobody can run must not be taken. */
  if (!lane->started) {
    if (!ark_thread_start(&lane->threads[0], live, lane)) {
      return ark_fail(error, ARK_NO_MEMORY, "the system gave no thread");
    }
    lane->started = 1;
  }
  ark_status status = ark_crew_push(lane->crew, job, error);
  if (!status && ark_crew_hire(lane->crew)) call_thread(lane);
  return status;
}

void ark_lane_trim(ark_lane *lane) {
  ark_crew_trim(lane->crew);
}

void ark_lane_stop(ark_lane *lane) {
  ark_crew_stop(lane->crew);
}

ark_job *ark_lane_withdraw(ark_lane *lane) {
  return ark_crew_withdraw(lane->crew);
}

void ark_lane_free(ark_lane *lane) {
  if (!lane) return;
  ark_crew_stop(lane->crew);
  ark_lock_enter(&lane->lock);
  lane->is_ending = true;
  for (unsigned i = 0; i < lane->started; i++) ark_condition_signal(&lane->wanted);
  ark_lock_leave(&lane->lock);
  for (unsigned i = 0; i < lane->started; i++) ark_thread_join(lane->threads[i]);
  ark_condition_destroy(&lane->wanted);
  ark_lock_destroy(&lane->lock);
  ark_crew_free(lane->crew);
  ark_free(lane);
}
