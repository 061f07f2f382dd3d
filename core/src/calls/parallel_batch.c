#include "arkffi/parallel_batch.h"
#include "arkffi/alloc.h"
#include "arkffi/cache_line.h"
#include "arkffi/thread.h"
#include <stdatomic.h>

/* How long the rows should last that a worker takes at once: a thousand times what taking them costs, but short enough
 * to wait for when a worker is to leave, or for the last worker at the end. */
#define PORTION 50000 /* nanoseconds */

/* The most rows that a worker takes at once; even the fastest function needs longer than PORTION for them. */
enum { MOST_ROWS = 1 << 20 };

struct ark_parallel_batch {
  ark_batch batch; /* all rows; read for each portion */
  char apart[ARK_CACHE_LINE];
  atomic_size_t next; /* the first row that no worker has taken; written for each portion */
  ark_flag stop;
};

ark_status ark_parallel_batch_create(const ark_batch *batch, ark_parallel_batch **out, ark_error *error) {
  ark_parallel_batch *parallel = ark_alloc(1, sizeof *parallel);
  if (!parallel) return ark_fail_memory(error);
  parallel->batch = *batch;
  parallel->batch.stop = &parallel->stop;
  *out = parallel;
  return ARK_OK;
}

void ark_parallel_batch_free(ark_parallel_batch *parallel) {
  ark_free(parallel);
}

bool ark_parallel_batch_has_rows(const ark_parallel_batch *parallel) {
  /* relaxed: a row is taken by one worker alone, and a stop that is seen a row later does no harm. */
  size_t next = atomic_load_explicit(&parallel->next, memory_order_relaxed);
  return next < parallel->batch.rows && !atomic_load_explicit(&parallel->stop, memory_order_relaxed);
}

void ark_parallel_batch_stop(ark_parallel_batch *parallel) {
  atomic_store(&parallel->stop, true); /* seq_cst: not hot */
}

/* Takes up to `count` rows: from *from up to portion->rows. False when none are left. */
static bool batch_take_rows(ark_parallel_batch *parallel, size_t count, ark_batch *portion, size_t *from) {
  if (!ark_parallel_batch_has_rows(parallel)) return false;
  const size_t rows = parallel->batch.rows;
  /* relaxed: only the number matters; results are published with the job that computes them. */
  *from = atomic_fetch_add_explicit(&parallel->next, count, memory_order_relaxed);
  if (*from >= rows) return false;
  portion->rows = rows - *from < count ? rows : *from + count;
  return true;
}

void ark_parallel_batch_work(ark_parallel_batch *parallel, ark_worker *worker) {
  ark_value last;
  ark_batch portion = parallel->batch;
  portion.last = &last;
  size_t count = 1, from;
  while (!ark_worker_should_leave(worker) && batch_take_rows(parallel, count, &portion, &from)) {
    uint64_t begin = ark_clock();
    ark_batch_run(&portion, from);
    uint64_t taken = ark_clock() - begin;
    if (taken < PORTION / 2 && count < MOST_ROWS) {
      count *= 2;
    } else if (taken / 2 > PORTION && count > 1) {
      count /= 2;
    }
  }
}
