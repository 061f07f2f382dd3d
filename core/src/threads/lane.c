#include "arkffi/lane.h"
#include "arkffi/alloc.h"
#include "arkffi/thread.h"

struct ark_lane {
  ark_worker_pool *pool; /* owned */
  ark_lock lock;         /* protects everything below */
  ark_condition wanted;
  unsigned hires;    /* workers that were hired but are not at work yet */
  unsigned sleeping; /* threads that wait to become one */
  bool is_ending;
  unsigned limit, started;
  ark_thread threads[]; /* room for `limit`; the first `started` run */
};

static void lane_run_thread(void *data) {
  ark_lane *lane = data;
  ark_lock_enter(&lane->lock);
  for (;;) {
    lane->sleeping++;
    while (!lane->hires && !lane->is_ending) ark_condition_wait(&lane->wanted, &lane->lock);
    lane->sleeping--;
    if (!lane->hires) break;
    lane->hires--;
    ark_lock_leave(&lane->lock);
    ark_worker_pool_work(lane->pool, 0);
    ark_lock_enter(&lane->lock);
  }
  ark_lock_leave(&lane->lock);
}

ark_status ark_lane_create(unsigned threads, const ark_worker_pool_hooks *hooks, ark_lane **out, ark_error *error) {
  ark_lane *lane = ark_alloc(1, sizeof *lane + threads * sizeof lane->threads[0]);
  if (!lane) return ark_fail_memory(error);
  ark_status status = ark_worker_pool_create(threads, hooks, &lane->pool, error);
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

/* Wakes or starts a thread for a worker that was hired. If no thread sleeps and none can be started, one that runs
 * becomes the worker when it would go to sleep. */
static void lane_wake_thread(ark_lane *lane) {
  ark_lock_enter(&lane->lock);
  if (lane->sleeping <= lane->hires && lane->started < lane->limit &&
      ark_thread_start(&lane->threads[lane->started], lane_run_thread, lane)) {
    lane->started++;
  }
  lane->hires++;
  ark_condition_signal(&lane->wanted);
  ark_lock_leave(&lane->lock);
}

ark_status ark_lane_push(ark_lane *lane, ark_job *job, ark_error *error) {
  /* The first thread is started before the first job: a job that no thread can run must not be accepted. */
  if (!lane->started) {
    if (!ark_thread_start(&lane->threads[0], lane_run_thread, lane)) {
      return ark_fail(error, ARK_NO_MEMORY, "the system gave no thread");
    }
    lane->started = 1;
  }
  ark_status status = ark_worker_pool_push(lane->pool, job, error);
  if (!status && ark_worker_pool_hire(lane->pool, SIZE_MAX)) lane_wake_thread(lane);
  return status;
}

void ark_lane_trim(ark_lane *lane) {
  ark_worker_pool_trim(lane->pool);
}

void ark_lane_stop(ark_lane *lane) {
  ark_worker_pool_stop(lane->pool);
}

ark_job *ark_lane_withdraw(ark_lane *lane) {
  return ark_worker_pool_withdraw(lane->pool);
}

void ark_lane_free(ark_lane *lane) {
  if (!lane) return;
  ark_worker_pool_stop(lane->pool);
  ark_lock_enter(&lane->lock);
  lane->is_ending = true;
  for (unsigned i = 0; i < lane->started; i++) ark_condition_signal(&lane->wanted);
  ark_lock_leave(&lane->lock);
  for (unsigned i = 0; i < lane->started; i++) ark_thread_join(lane->threads[i]);
  ark_condition_destroy(&lane->wanted);
  ark_lock_destroy(&lane->lock);
  ark_worker_pool_free(lane->pool);
  ark_free(lane);
}
