/* Jobs to many threads and back. */
#include "support.h"
#include "arkffi/queue.h"
#include "arkffi/thread.h"
#include <sched.h>
#include <stdatomic.h>

enum { JOBS = 20000, THREADS = 4 };

typedef struct numbered {
  ark_job job;
  size_t number;
  atomic_uint taken;
} numbered;

static numbered *create_jobs(size_t count) {
  numbered *jobs = calloc(count, sizeof *jobs);
  assert_non_null(jobs);
  for (size_t i = 0; i < count; i++) jobs[i].number = i;
  return jobs;
}

static ark_queue *create_queue(void) {
  ark_error error;
  ark_queue *queue;
  assert_ok(ark_queue_create(&queue, &error));
  return queue;
}

static void jobs_come_out_in_the_order_they_went_in(void **state) {
  (void)state;
  size_t seen = 0;
  ark_error error;
  ark_queue *queue = create_queue();
  numbered *jobs = create_jobs(JOBS);
  size_t pushed = 0, taken = 0;
  /* Three in, two out, so that it wraps around and grows many times. */
  while (taken < JOBS) {
    for (int i = 0; i < 3 && pushed < JOBS; i++) assert_ok(ark_queue_push(queue, &jobs[pushed++].job, &error));
    assert_int_equal(ark_queue_length(queue), pushed - taken);
    assert_true(ark_queue_expect(queue));
    for (int i = 0; i < 2 && taken < pushed; i++) assert_ptr_equal(ark_queue_take(queue, &seen), &jobs[taken++].job);
  }
  assert_null(ark_queue_take(queue, &seen));
  assert_int_equal(ark_queue_length(queue), 0);
  assert_false(ark_queue_expect(queue));
  ark_queue_free(queue);
  free(jobs);
}

static void a_trimmed_queue_is_as_good_as_new(void **state) {
  (void)state;
  size_t seen = 0;
  ark_error error;
  ark_queue *queue = create_queue();
  numbered *jobs = create_jobs(JOBS);
  for (int round = 0; round < 3; round++) {
    for (size_t i = 0; i < JOBS; i++) assert_ok(ark_queue_push(queue, &jobs[i].job, &error));
    for (size_t i = 0; i < JOBS; i++) assert_ptr_equal(ark_queue_take(queue, &seen), &jobs[i].job);
    ark_queue_trim(queue);
  }
  assert_ok(ark_queue_push(queue, &jobs[0].job, &error));
  ark_queue_trim(queue);
  assert_ptr_equal(ark_queue_take(queue, &seen), &jobs[0].job);
  ark_queue_free(queue);
  free(jobs);
}

typedef struct taking {
  ark_queue *queue;
  ark_finished_jobs *done;
  atomic_size_t left;
  atomic_bool disordered;
} taking;

static void take_all(void *data) {
  taking *shared = data;
  size_t last = 0, seen = 0;
  while (shared->left) {
    if (!ark_queue_expect(shared->queue)) ark_pause();
    numbered *job = (numbered *)ark_queue_take(shared->queue, &seen);
    if (!job) {
      sched_yield();
      continue;
    }
    if (job->number < last) shared->disordered = true;
    last = job->number;
    job->taken++;
    shared->left--;
    ark_finished_jobs_add(shared->done, &job->job);
  }
}

static void each_job_is_taken_by_exactly_one_thread_and_comes_back_once(void **state) {
  (void)state;
  ark_error error;
  numbered *jobs = create_jobs(JOBS);
  taking shared = {.queue = create_queue(), .left = JOBS};
  ark_thread threads[THREADS];
  size_t back = 0;
  assert_ok(ark_finished_jobs_create(&shared.done, &error));
  for (int i = 0; i < THREADS; i++) assert_true(ark_thread_start(&threads[i], take_all, &shared));
  for (size_t i = 0; i < JOBS; i++) {
    assert_ok(ark_queue_push(shared.queue, &jobs[i].job, &error));
    if (!ark_finished_jobs_expect(shared.done)) continue;
    for (ark_job *job = ark_finished_jobs_take(shared.done); job; job = job->next) back++;
  }
  for (int i = 0; i < THREADS; i++) ark_thread_join(threads[i]);
  for (ark_job *job = ark_finished_jobs_take(shared.done); job; job = job->next) back++;
  assert_int_equal(back, JOBS);
  assert_false(shared.disordered);
  for (size_t i = 0; i < JOBS; i++) assert_int_equal(jobs[i].taken, 1);
  ark_finished_jobs_free(shared.done);
  ark_queue_free(shared.queue);
  free(jobs);
}

static void what_came_back_is_told_of_once_until_it_is_taken(void **state) {
  (void)state;
  ark_error error;
  ark_finished_jobs *done;
  numbered *jobs = create_jobs(3);
  assert_ok(ark_finished_jobs_create(&done, &error));
  assert_null(ark_finished_jobs_take(done));
  assert_false(ark_finished_jobs_expect(done));
  assert_true(ark_finished_jobs_add(done, &jobs[0].job));
  assert_true(ark_finished_jobs_expect(done));
  assert_true(ark_finished_jobs_are_there(done));
  assert_false(ark_finished_jobs_add(done, &jobs[1].job));
  ark_job *first = ark_finished_jobs_take(done);
  assert_ptr_equal(first, &jobs[0].job);
  assert_ptr_equal(first->next, &jobs[1].job);
  assert_null(first->next->next);
  assert_true(ark_finished_jobs_add(done, &jobs[2].job));
  assert_ptr_equal(ark_finished_jobs_take(done), &jobs[2].job);
  ark_finished_jobs_free(done);
  free(jobs);
}

static void a_queue_or_a_way_back_that_gets_no_memory_is_not_made(void **state) {
  (void)state;
  ark_error error;
  ark_queue *queue;
  ark_finished_jobs *done;
  allocations_start();
  for (size_t nth = 1; nth <= 2; nth++) {
    allocations_fail(nth);
    assert_fails(ARK_NO_MEMORY, ark_queue_create(&queue, &error));
    assert_int_equal(allocations_alive(), 0);
  }
  allocations_fail(1);
  assert_fails(ARK_NO_MEMORY, ark_finished_jobs_create(&done, &error));
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void a_push_that_gets_no_memory_changes_nothing(void **state) {
  (void)state;
  size_t seen = 0;
  ark_error error;
  numbered *jobs = create_jobs(JOBS);
  allocations_start();
  ark_queue *queue = create_queue();
  size_t taken = 0, refused = 0;
  /* Each time the queue grows, the first attempt fails. */
  for (size_t i = 0; i < JOBS; i++) {
    allocations_fail(1);
    if (ark_queue_push(queue, &jobs[i].job, &error)) {
      refused++;
      assert_true(allocations_failed());
      assert_int_equal(ark_queue_length(queue), i - taken);
      if (refused % 2) assert_ptr_equal(ark_queue_take(queue, &seen), &jobs[taken++].job);
      allocations_fail(0);
      assert_ok(ark_queue_push(queue, &jobs[i].job, &error));
    }
    assert_int_equal(ark_queue_length(queue), i + 1 - taken);
  }
  assert_true(refused > 3);
  while (taken < JOBS) assert_ptr_equal(ark_queue_take(queue, &seen), &jobs[taken++].job);
  ark_queue_free(queue);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
  free(jobs);
}

static void a_trim_gives_memory_back_and_may_fail(void **state) {
  (void)state;
  size_t seen = 0;
  ark_error error;
  numbered *jobs = create_jobs(JOBS);
  allocations_start();
  ark_queue *queue = create_queue();
  size_t small = allocations_alive();
  for (size_t i = 0; i < JOBS; i++) assert_ok(ark_queue_push(queue, &jobs[i].job, &error));
  size_t large = allocations_alive();
  assert_true(large > small);
  ark_queue_trim(queue); /* does nothing while a job is in it */
  assert_int_equal(ark_queue_length(queue), JOBS);
  for (size_t i = 0; i < JOBS; i++) assert_ptr_equal(ark_queue_take(queue, &seen), &jobs[i].job);
  allocations_fail(1);
  ark_queue_trim(queue);
  assert_int_equal(allocations_alive(), large);
  assert_ok(ark_queue_push(queue, &jobs[0].job, &error));
  assert_ptr_equal(ark_queue_take(queue, &seen), &jobs[0].job);
  allocations_fail(0);
  ark_queue_trim(queue);
  assert_int_equal(allocations_alive(), small);
  ark_queue_free(queue);
  ark_queue_free(NULL);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
  free(jobs);
}

/* The finished jobs of one thread. */
typedef struct adding {
  ark_finished_jobs *done;
  numbered *jobs;
  atomic_size_t *told;
} adding;

static void add_all(void *data) {
  adding *own = data;
  for (size_t i = 0; i < JOBS; i++) {
    if (ark_finished_jobs_add(own->done, &own->jobs[i].job)) (*own->told)++;
  }
}

static void what_many_threads_add_comes_back_once_in_the_order_of_each(void **state) {
  (void)state;
  ark_error error;
  ark_finished_jobs *done;
  atomic_size_t told = 0;
  size_t back = 0, batches = 0, next[THREADS] = {0};
  ark_thread threads[THREADS];
  adding own[THREADS];
  assert_ok(ark_finished_jobs_create(&done, &error));
  for (int i = 0; i < THREADS; i++) {
    own[i] = (adding){done, create_jobs(JOBS), &told};
    assert_true(ark_thread_start(&threads[i], add_all, &own[i]));
  }
  while (back < (size_t)THREADS * JOBS) {
    ark_job *job = ark_finished_jobs_take(done);
    if (!job) sched_yield();
    batches += job != NULL;
    for (; job; job = job->next, back++) {
      int by = 0;
      while ((numbered *)job < own[by].jobs || (numbered *)job >= own[by].jobs + JOBS) by++;
      assert_int_equal(((numbered *)job)->number, next[by]++);
    }
  }
  for (int i = 0; i < THREADS; i++) ark_thread_join(threads[i]);
  /* The taker was woken each time that jobs were there, and never otherwise. */
  assert_int_equal(told, batches);
  assert_null(ark_finished_jobs_take(done));
  ark_finished_jobs_free(done);
  for (int i = 0; i < THREADS; i++) free(own[i].jobs);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(jobs_come_out_in_the_order_they_went_in),
      cmocka_unit_test(a_trimmed_queue_is_as_good_as_new),
      cmocka_unit_test(each_job_is_taken_by_exactly_one_thread_and_comes_back_once),
      cmocka_unit_test(what_came_back_is_told_of_once_until_it_is_taken),
      cmocka_unit_test(what_many_threads_add_comes_back_once_in_the_order_of_each),
      cmocka_unit_test(a_queue_or_a_way_back_that_gets_no_memory_is_not_made),
      cmocka_unit_test(a_push_that_gets_no_memory_changes_nothing),
      cmocka_unit_test(a_trim_gives_memory_back_and_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
