/* Worker pools and lanes: which worker runs which job, in which order, and how they end. */
#include "support.h"
#include "arkffi/lane.h"
#include "arkffi/thread.h"
#include <sched.h>
#include <stdatomic.h>

enum { JOBS = 20000, THREADS = 16 };

/* What the jobs of one test share. */
typedef struct log {
  atomic_size_t begun, delivered, asks;
  atomic_bool open; /* what waiting jobs wait for */
  size_t order[JOBS];
} log;

typedef struct logged_job {
  ark_job job;
  log *log;
  size_t number;
  uintptr_t thread;
} logged_job;

static void note(ark_job *job, ark_worker *worker) {
  (void)worker;
  logged_job *noted = (logged_job *)job;
  noted->thread = ark_thread_id();
  noted->log->order[noted->log->begun++] = noted->number;
}

static void note_and_wait(ark_job *job, ark_worker *worker) {
  note(job, worker);
  while (!((logged_job *)job)->log->open) sched_yield();
}

static void note_and_wait_for_next(ark_job *job, ark_worker *worker) {
  logged_job *noted = (logged_job *)job;
  note(job, worker);
  while (noted->log->begun < noted->number + 2) sched_yield();
}

static void deliver(void *context, ark_job *job) {
  (void)job;
  ((log *)context)->delivered++;
}

static logged_job *create_jobs(log *log, size_t count, void (*run)(ark_job *job, ark_worker *worker)) {
  logged_job *jobs = calloc(count, sizeof *jobs);
  assert_non_null(jobs);
  for (size_t i = 0; i < count; i++) jobs[i] = (logged_job){{.run = run}, log, i, 0};
  return jobs;
}

static void wait_for(atomic_size_t *counter, size_t value) {
  while (*counter < value) sched_yield();
}

static ark_lane *create_lane(unsigned threads, log *log) {
  ark_error error;
  ark_lane *lane;
  assert_ok(ark_lane_create(threads, &(ark_worker_pool_hooks){deliver, NULL, log}, &lane, &error));
  return lane;
}

static void push_all(ark_lane *lane, logged_job *jobs, size_t count) {
  ark_error error;
  for (size_t i = 0; i < count; i++) assert_ok(ark_lane_push(lane, &jobs[i].job, &error));
}

static log *create_log(void) {
  log *created = calloc(1, sizeof *created);
  assert_non_null(created);
  return created;
}

static void a_lane_of_one_runs_in_order_on_one_thread(void **state) {
  (void)state;
  log *log = create_log();
  ark_lane *lane = create_lane(1, log);
  logged_job *jobs = create_jobs(log, JOBS, note);
  push_all(lane, jobs, JOBS);
  wait_for(&log->delivered, JOBS);
  for (size_t i = 0; i < JOBS; i++) {
    assert_int_equal(log->order[i], i);
    assert_int_equal(jobs[i].thread, jobs[0].thread);
  }
  assert_int_not_equal(jobs[0].thread, ark_thread_id());
  ark_lane_free(lane);
  free(jobs);
  free(log);
}

static void as_many_jobs_run_at_once_as_there_are_threads(void **state) {
  (void)state;
  log *log = create_log();
  ark_lane *lane = create_lane(THREADS, log);
  logged_job *jobs = create_jobs(log, THREADS, note_and_wait);
  push_all(lane, jobs, THREADS);
  wait_for(&log->begun, THREADS); /* would never happen if one job had to wait for another */
  log->open = true;
  wait_for(&log->delivered, THREADS);
  ark_lane_free(lane);
  free(jobs);
  free(log);
}

static void a_job_that_waits_for_the_next_one_never_waits_in_vain(void **state) {
  (void)state;
  for (size_t round = 0; round < 10; round++) {
    log *log = create_log();
    ark_lane *lane = create_lane(2, log);
    logged_job *jobs = create_jobs(log, JOBS, note);
    for (size_t i = 0; i < JOBS; i += 2) {
      jobs[i].job.run = note_and_wait_for_next;
      push_all(lane, jobs + i, 2);
      wait_for(&log->delivered, i + 2); /* would never happen if the worker that has begun the first had to run both */
    }
    ark_lane_free(lane);
    free(jobs);
    free(log);
  }
}

static void no_job_is_left_lying_however_pushes_and_rest_alternate(void **state) {
  (void)state;
  ark_error error;
  log *log = create_log();
  ark_lane *lane = create_lane(3, log);
  logged_job *jobs = create_jobs(log, JOBS, note);
  for (size_t i = 0; i < JOBS; i++) {
    assert_ok(ark_lane_push(lane, &jobs[i].job, &error));
    if (i % 7 == 0) wait_for(&log->delivered, i + 1);
  }
  wait_for(&log->delivered, JOBS);
  ark_lane_free(lane);
  free(jobs);
  free(log);
}

static void a_stopped_lane_ends_what_it_began_and_begins_nothing(void **state) {
  (void)state;
  log *log = create_log();
  ark_lane *lane = create_lane(1, log);
  logged_job *jobs = create_jobs(log, 3, note_and_wait);
  push_all(lane, jobs, 3);
  wait_for(&log->begun, 1);
  ark_lane_stop(lane);
  log->open = true;
  wait_for(&log->delivered, 1);
  assert_ptr_equal(ark_lane_withdraw(lane), &jobs[1].job);
  assert_ptr_equal(ark_lane_withdraw(lane), &jobs[2].job);
  assert_null(ark_lane_withdraw(lane));
  ark_lane_free(lane);
  assert_int_equal(log->begun, 1);
  free(jobs);
  free(log);
}

static void a_lane_that_was_never_used_ends_without_a_thread(void **state) {
  (void)state;
  log *log = create_log();
  ark_lane_free(create_lane(THREADS, log));
  free(log);
  ark_lane_free(NULL);
}

/* A pool whose workers are borrowed threads, as those of a host's thread pool are. */
typedef struct lent {
  ark_worker_pool *pool;
  ark_thread thread;
} lent;

static void work_for_a_slice(void *data) {
  ark_worker_pool_work(((lent *)data)->pool, 1); /* nanosecond, so that the slice ends with the first job */
}

static void note_ask(void *context) {
  ((log *)context)->asks++;
}

static ark_worker_pool *create_pool(log *log) {
  ark_error error;
  ark_worker_pool *pool;
  assert_ok(ark_worker_pool_create(1, &(ark_worker_pool_hooks){deliver, note_ask, log}, &pool, &error));
  return pool;
}

static void push_to(ark_worker_pool *pool, logged_job *jobs, size_t count) {
  ark_error error;
  for (size_t i = 0; i < count; i++) assert_ok(ark_worker_pool_push(pool, &jobs[i].job, &error));
}

static void no_more_workers_are_hired_than_there_are_unfinished_jobs(void **state) {
  (void)state;
  ark_error error;
  log *log = create_log();
  logged_job *jobs = create_jobs(log, 2, note_and_wait);
  jobs[1].job.run = note;
  lent worker;
  assert_ok(ark_worker_pool_create(3, &(ark_worker_pool_hooks){deliver, note_ask, log}, &worker.pool, &error));
  push_to(worker.pool, jobs, 1);
  assert_true(ark_worker_pool_hire(worker.pool, 1));
  assert_false(ark_worker_pool_hire(worker.pool, 1));
  assert_true(ark_thread_start(&worker.thread, work_for_a_slice, &worker));
  wait_for(&log->begun, 1);
  assert_false(ark_worker_pool_hire(worker.pool, 1)); /* the one job is at work */
  push_to(worker.pool, jobs + 1, 1);
  assert_true(ark_worker_pool_hire(worker.pool, 2)); /* and occupies its worker */
  ark_worker_pool_work(worker.pool, 0);
  assert_int_equal(log->delivered, 1);
  log->open = true;
  ark_thread_join(worker.thread);
  assert_int_equal(log->delivered, 2);
  ark_worker_pool_free(worker.pool);
  free(jobs);
  free(log);
}

static void a_worker_leaves_behind_the_job_at_hand_when_it_is_let_go(void **state) {
  (void)state;
  log *log = create_log();
  logged_job *jobs = create_jobs(log, 3, note);
  jobs[1].job.run = note_and_wait;
  lent worker = {.pool = create_pool(log)};
  push_to(worker.pool, jobs, 3);
  assert_true(ark_worker_pool_hire(worker.pool, SIZE_MAX));
  assert_false(ark_worker_pool_hire(worker.pool, SIZE_MAX));
  assert_true(ark_thread_start(&worker.thread, work_for_a_slice, &worker));
  wait_for(&log->begun, 2);
  assert_int_equal(log->asks, 1);
  assert_false(ark_worker_pool_hire(worker.pool, SIZE_MAX)); /* it has asked to leave but is still counted */
  ark_worker_pool_grant(worker.pool);
  log->open = true;
  ark_thread_join(worker.thread);
  assert_int_equal(log->begun, 2);
  assert_true(ark_worker_pool_hire(worker.pool, SIZE_MAX)); /* for the third */
  ark_worker_pool_work(worker.pool, 0);
  assert_int_equal(log->delivered, 3);
  ark_worker_pool_free(worker.pool);
  free(jobs);
  free(log);
}

static void a_worker_works_on_while_nobody_lets_it_go(void **state) {
  (void)state;
  log *log = create_log();
  logged_job *jobs = create_jobs(log, 6, note);
  lent worker = {.pool = create_pool(log)};
  for (size_t done = 0; done < 6; done += 3) {
    push_to(worker.pool, jobs + done, 3);
    assert_true(ark_worker_pool_hire(worker.pool, SIZE_MAX));
    assert_true(ark_thread_start(&worker.thread, work_for_a_slice, &worker));
    ark_thread_join(worker.thread);
    assert_int_equal(log->delivered, done + 3);
    ark_worker_pool_grant(worker.pool); /* too late: it has left by itself and must not be counted out twice */
    assert_false(ark_worker_pool_hire(worker.pool, SIZE_MAX));
  }
  ark_worker_pool_free(worker.pool);
  free(jobs);
  free(log);
}

static void no_job_is_left_lying_however_slices_and_grants_fall(void **state) {
  (void)state;
  ark_error error;
  log *log = create_log();
  logged_job *jobs = create_jobs(log, JOBS, note);
  lent worker = {.pool = create_pool(log)};
  bool has_worker = false;
  for (size_t i = 0; i < JOBS; i++) {
    assert_ok(ark_worker_pool_push(worker.pool, &jobs[i].job, &error));
    if (i % 3 == 0) ark_worker_pool_grant(worker.pool);
    if (ark_worker_pool_hire(worker.pool, SIZE_MAX)) {
      /* The limit is one, so the worker before has left or is about to. */
      if (has_worker) ark_thread_join(worker.thread);
      has_worker = ark_thread_start(&worker.thread, work_for_a_slice, &worker);
      assert_true(has_worker);
    }
    if (i % 7 == 0) wait_for(&log->delivered, i + 1);
  }
  wait_for(&log->delivered, JOBS);
  ark_thread_join(worker.thread);
  ark_worker_pool_free(worker.pool);
  free(jobs);
  free(log);
}

static void a_hire_that_came_to_nothing_can_be_repeated(void **state) {
  (void)state;
  log *log = create_log();
  logged_job *jobs = create_jobs(log, 1, note);
  ark_worker_pool *pool = create_pool(log);
  push_to(pool, jobs, 1);
  assert_true(ark_worker_pool_hire(pool, SIZE_MAX));
  ark_worker_pool_cancel_hire(pool);
  assert_true(ark_worker_pool_hire(pool, SIZE_MAX));
  ark_worker_pool_work(pool, 0);
  assert_int_equal(log->delivered, 1);
  ark_worker_pool_free(pool);
  free(jobs);
  free(log);
}

static void a_crew_or_lane_that_gets_no_memory_is_not_made(void **state) {
  (void)state;
  ark_error error;
  ark_worker_pool *pool;
  ark_lane *lane;
  ark_worker_pool_hooks hooks = {deliver, NULL, NULL};
  allocations_start();
  for (size_t nth = 1; nth <= 4; nth++) {
    allocations_fail(nth);
    if (nth <= 3) assert_fails(ARK_NO_MEMORY, ark_worker_pool_create(1, &hooks, &pool, &error));
    allocations_fail(nth);
    assert_fails(ARK_NO_MEMORY, ark_lane_create(2, &hooks, &lane, &error));
    assert_int_equal(allocations_alive(), 0);
  }
  allocations_stop();
}

static void a_job_that_no_thread_can_be_had_for_is_not_taken(void **state) {
  (void)state;
  ark_error error;
  log *log = create_log();
  logged_job *jobs = create_jobs(log, 2, note);
  allocations_start();
  ark_lane *lane = create_lane(2, log);
  allocations_fail(1);
  assert_fails(ARK_NO_MEMORY, ark_lane_push(lane, &jobs[0].job, &error));
  assert_null(ark_lane_withdraw(lane));
  allocations_fail(0);
  push_all(lane, jobs, 2);
  wait_for(&log->delivered, 2);
  ark_lane_free(lane);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
  free(jobs);
  free(log);
}

static void a_job_that_the_queue_has_no_room_for_is_not_taken(void **state) {
  (void)state;
  ark_error error;
  log *log = create_log();
  logged_job *jobs = create_jobs(log, JOBS, note);
  jobs[0].job.run = note_and_wait;
  allocations_start();
  ark_lane *lane = create_lane(1, log);
  push_all(lane, jobs, 1);
  wait_for(&log->begun, 1);
  size_t pushed = 1;
  ark_status status = ARK_OK;
  while (!status && pushed < JOBS) {
    allocations_fail(1);
    status = ark_lane_push(lane, &jobs[pushed].job, &error);
    pushed += !status;
  }
  assert_int_equal(status, ARK_NO_MEMORY);
  allocations_fail(0);
  push_all(lane, jobs + pushed, 1);
  log->open = true;
  wait_for(&log->delivered, pushed + 1);
  for (size_t i = 0; i <= pushed; i++) assert_int_equal(log->order[i], i);
  ark_lane_free(lane);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
  free(jobs);
  free(log);
}

/* Threads that run do the work of those that cannot be started. */
static void a_job_is_run_though_no_second_thread_can_be_had(void **state) {
  (void)state;
  ark_error error;
  allocations_start();
  for (int round = 0; round < 200; round++) {
    log *log = create_log();
    logged_job *jobs = create_jobs(log, 3, note);
    ark_lane *lane = create_lane(4, log);
    allocations_fail(2); /* the first allocation starts the first thread */
    assert_ok(ark_lane_push(lane, &jobs[0].job, &error));
    allocations_fail(1);
    assert_ok(ark_lane_push(lane, &jobs[1].job, &error));
    allocations_fail(1);
    assert_ok(ark_lane_push(lane, &jobs[2].job, &error));
    while (log->delivered < 3) sched_yield(); /* never ends if a job has no thread */
    ark_lane_free(lane);
    allocations_fail(0);
    free(jobs);
    free(log);
  }
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void never_more_jobs_run_at_once_than_there_are_threads(void **state) {
  (void)state;
  log *log = create_log();
  logged_job *jobs = create_jobs(log, 3 * THREADS, note_and_wait);
  ark_lane *lane = create_lane(THREADS, log);
  push_all(lane, jobs, 3 * THREADS);
  wait_for(&log->begun, THREADS);
  for (int i = 0; i < 1000; i++) sched_yield();
  assert_int_equal(log->begun, THREADS);
  log->open = true;
  wait_for(&log->delivered, 3 * THREADS);
  size_t different = 0;
  for (size_t i = 0; i < 3 * THREADS; i++) {
    bool is_new = true;
    for (size_t k = 0; k < i; k++) is_new = is_new && jobs[k].thread != jobs[i].thread;
    different += is_new;
  }
  assert_int_equal(different, THREADS);
  ark_lane_free(lane);
  free(jobs);
  free(log);
}

static void a_lane_that_ends_in_the_middle_leaves_the_rest_to_its_owner(void **state) {
  (void)state;
  for (size_t round = 0; round < 100; round++) {
    log *log = create_log();
    logged_job *jobs = create_jobs(log, 1000, note);
    ark_lane *lane = create_lane(3, log);
    push_all(lane, jobs, 1000);
    wait_for(&log->delivered, round);
    ark_lane_stop(lane);
    size_t left = 0;
    while (ark_lane_withdraw(lane)) left++;
    ark_lane_free(lane);
    assert_int_equal(log->begun, log->delivered);
    assert_int_equal(log->delivered + left, 1000);
    free(jobs);
    free(log);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_lane_of_one_runs_in_order_on_one_thread),
      cmocka_unit_test(as_many_jobs_run_at_once_as_there_are_threads),
      cmocka_unit_test(a_job_that_waits_for_the_next_one_never_waits_in_vain),
      cmocka_unit_test(no_job_is_left_lying_however_pushes_and_rest_alternate),
      cmocka_unit_test(a_stopped_lane_ends_what_it_began_and_begins_nothing),
      cmocka_unit_test(a_lane_that_was_never_used_ends_without_a_thread),
      cmocka_unit_test(no_more_workers_are_hired_than_there_are_unfinished_jobs),
      cmocka_unit_test(a_worker_leaves_behind_the_job_at_hand_when_it_is_let_go),
      cmocka_unit_test(a_worker_works_on_while_nobody_lets_it_go),
      cmocka_unit_test(no_job_is_left_lying_however_slices_and_grants_fall),
      cmocka_unit_test(a_hire_that_came_to_nothing_can_be_repeated),
      cmocka_unit_test(never_more_jobs_run_at_once_than_there_are_threads),
      cmocka_unit_test(a_lane_that_ends_in_the_middle_leaves_the_rest_to_its_owner),
      cmocka_unit_test(a_crew_or_lane_that_gets_no_memory_is_not_made),
      cmocka_unit_test(a_job_that_no_thread_can_be_had_for_is_not_taken),
      cmocka_unit_test(a_job_that_the_queue_has_no_room_for_is_not_taken),
      cmocka_unit_test(a_job_is_run_though_no_second_thread_can_be_had),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
