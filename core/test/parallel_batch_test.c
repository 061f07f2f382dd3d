/* Parallel batches: each row is called exactly once, whichever workers come and go. */
#include "support.h"
#include "arkffi/lane.h"
#include "arkffi/parallel_batch.h"
#include "arkffi/thread.h"
#include <sched.h>
#include <stdatomic.h>

enum { ROWS = 100000, THREADS = 4 };

/* One worker's job. */
typedef struct share {
  ark_job job;
  ark_parallel_batch *parallel;
  atomic_bool is_done;
} share;

static void work(ark_job *job, ark_worker *worker) {
  ark_parallel_batch_work(((share *)job)->parallel, worker);
}

static void deliver(void *context, ark_job *job) {
  (void)context;
  ((share *)job)->is_done = true;
}

static void wait_for(const share *shared) {
  while (!shared->is_done) sched_yield();
}

static ark_parallel_batch *parallel_of(const bound *it, ark_c_function function, const ark_column *columns,
                                       void *results, size_t rows) {
  ark_error error;
  ark_parallel_batch *parallel;
  const ark_batch batch = {it->signature, it->plan, function, columns, results, rows, NULL, NULL};
  assert_ok(ark_parallel_batch_create(&batch, &parallel, &error));
  return parallel;
}

/* Runs the rows on that many threads. */
static void share_out(ark_parallel_batch *parallel, unsigned threads) {
  ark_error error;
  ark_lane *lane;
  share shares[THREADS];
  assert_ok(ark_lane_create(threads, &(ark_worker_pool_hooks){deliver, NULL, NULL}, &lane, &error));
  assert_int_equal(ark_lane_limit(lane), threads);
  for (unsigned i = 0; i < threads; i++) {
    shares[i] = (share){{.run = work}, parallel, false};
    assert_ok(ark_lane_push(lane, &shares[i].job, &error));
  }
  for (unsigned i = 0; i < threads; i++) wait_for(&shares[i]);
  ark_lane_free(lane);
}

static atomic_size_t calls;

static int32_t next_of(int32_t value) {
  calls++;
  return value + 1;
}

static void each_row_is_called_for_once_also_in_place(void **state) {
  (void)state;
  bound it = bind("i", "i");
  int32_t *rows = malloc(ROWS * sizeof *rows);
  assert_non_null(rows);
  for (unsigned threads = 1; threads <= THREADS; threads++) {
    for (size_t count = 1; count <= ROWS; count = count < 9 ? count + 1 : count * 9) {
      for (size_t i = 0; i < count; i++) rows[i] = (int32_t)i;
      calls = 0;
      ark_parallel_batch *parallel =
          parallel_of(&it, (ark_c_function)next_of, &(ark_column){rows, sizeof *rows}, rows, count);
      assert_true(ark_parallel_batch_has_rows(parallel));
      share_out(parallel, threads);
      assert_false(ark_parallel_batch_has_rows(parallel));
      assert_int_equal(calls, count);
      for (size_t i = 0; i < count; i++) assert_int_equal(rows[i], i + 1);
      ark_parallel_batch_free(parallel);
    }
  }
  free(rows);
  unbind(it);
}

/* Called for a row: stops the batch or lets the worker leave. */
static ark_parallel_batch *current_split;
static ark_worker_pool *current_crew;

static int32_t stop_split_at_zero(int32_t value) {
  if (!value) ark_parallel_batch_stop(current_split);
  return 1;
}

static void a_stop_ends_it_behind_the_row_at_hand(void **state) {
  (void)state;
  bound it = bind("i", "i");
  int32_t rows[] = {7, 7, 7, 0, 7, 7, 7, 7}, results[8] = {0};
  current_split = parallel_of(&it, (ark_c_function)stop_split_at_zero, &(ark_column){rows, sizeof rows[0]}, results, 8);
  for (int i = 0; i < 2; i++) {
    share_out(current_split, 1);
    assert_false(ark_parallel_batch_has_rows(current_split));
    assert_memory_equal(results, ((int32_t[8]){1, 1, 1}), sizeof results);
  }
  ark_parallel_batch_free(current_split);
  unbind(it);
}

static void let_go(void) {
  calls++;
  ark_worker_pool_grant(current_crew);
}

static void stop_crew(void) {
  calls++;
  ark_worker_pool_stop(current_crew);
}

static void ignore(void *context) {
  (void)context;
}

/* Has one worker after the other work on three rows on this thread, and checks the number of rows of each. */
static void assert_rows_of_workers(ark_c_function function, uint64_t slice, const size_t *expected, size_t workers) {
  ark_error error;
  bound it = bind("", "v");
  assert_ok(ark_worker_pool_create(1, &(ark_worker_pool_hooks){deliver, ignore, NULL}, &current_crew, &error));
  share only = {{.run = work}, parallel_of(&it, function, NULL, NULL, 3), false};
  for (size_t i = 0; i < workers; i++) {
    calls = 0;
    only.is_done = false;
    assert_true(ark_parallel_batch_has_rows(only.parallel));
    assert_ok(ark_worker_pool_push(current_crew, &only.job, &error));
    if (!ark_worker_pool_hire(current_crew, SIZE_MAX)) break; /* stopped */
    ark_worker_pool_work(current_crew, slice);
    assert_true(only.is_done);
    assert_int_equal(calls, expected[i]);
  }
  ark_worker_pool_free(current_crew);
  ark_parallel_batch_free(only.parallel);
  unbind(it);
}

static void a_worker_that_is_let_go_leaves_the_rest_to_the_next(void **state) {
  (void)state;
  assert_rows_of_workers(let_go, 1, (size_t[]){1, 1, 1}, 3); /* one nanosecond: over with the first row */
  assert_rows_of_workers(let_go, 0, (size_t[]){3}, 1);
  assert_rows_of_workers(stop_crew, 0, (size_t[]){1}, 2);
}

static void a_split_that_gets_no_memory_is_not_made(void **state) {
  (void)state;
  ark_error error;
  ark_parallel_batch *parallel;
  const ark_batch batch = {.rows = 1};
  allocations_start();
  allocations_fail(1);
  assert_fails(ARK_NO_MEMORY, ark_parallel_batch_create(&batch, &parallel, &error));
  assert_int_equal(allocations_alive(), 0);
  allocations_fail(0);
  assert_ok(ark_parallel_batch_create(&batch, &parallel, &error));
  ark_parallel_batch_free(parallel);
  ark_parallel_batch_free(NULL);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_row_is_called_for_once_also_in_place),
      cmocka_unit_test(a_stop_ends_it_behind_the_row_at_hand),
      cmocka_unit_test(a_worker_that_is_let_go_leaves_the_rest_to_the_next),
      cmocka_unit_test(a_split_that_gets_no_memory_is_not_made),
  };
  return cmocka_run_group_tests_name("parallel batch", tests, NULL, NULL);
}
