#include "arkffi/split.h"
#include "arkffi/alloc.h"
#include "arkffi/cache_line.h"
#include "arkffi/thread.h"
#include <stdatomic.h>

/* How long the rows should last that a worker takes at once: a thousand times what taking them costs, but short enough
 * to wait for when a worker is to leave, or for the last worker at the end. */
#define PORTION 50000 /* nanoseconds */

/* The most rows that a worker takes at once; even the fastest function needs longer than PORTION for them. */
enum { MOST_ROWS = 1 << 20 };

struct ark_split {
  ark_batch batch; /* all rows; read for each portion */
  char apart[ARK_CACHE_LINE];
  atomic_size_t next; /* the first row that no worker has taken; written for each portion */
  ark_flag stop;
};

ark_status ark_split_create(const ark_batch *batch, ark_split **out, ark_error *error) {
  ark_split *split = ark_alloc(1, sizeof *split);
  if (!split) return ark_fail_memory(error);
  split->batch = *batch;
  split->batch.stop = &split->stop;
  *out = split;
  return ARK_OK;
}

void ark_split_free(ark_split *split) {
  ark_free(split);
}

bool ark_split_has_rows(const ark_split *split) {
  /* relaxed: a row is taken by one worker alone, and a stop that is seen a row later does no harm. */
  size_t next = atomic_load_explicit(&split->next, memory_order_relaxed);
  return next < split->batch.rows && !atomic_load_explicit(&split->stop, memory_order_relaxed);
}

void ark_split_stop(ark_split *split) {
  atomic_store(&split->stop, true); /* seq_cst: not hot */
}

/* Takes up to `count` rows: from *from up to portion->rows. False when none are left. */
static bool batch_take_rows(ark_split *split, size_t count, ark_batch *portion, size_t *from) {
  if (!ark_split_has_rows(split)) return false;
  const size_t rows = split->batch.rows;
  /* relaxed: only the number matters; results are published with the job that computes them. */
  *from = atomic_fetch_add_explicit(&split->next, count, memory_order_relaxed);
  if (*from >= rows) return false;
  portion->rows = rows - *from < count ? rows : *from + count;
  return true;
}

void ark_split_work(ark_split *split, ark_worker *worker) {
  ark_value last;
  ark_batch portion = split->batch;
  portion.last = &last;
  size_t count = 1, from;
  while (!ark_worker_should_leave(worker) && batch_take_rows(split, count, &portion, &from)) {
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
