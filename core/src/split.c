#include "arkffi/split.h"
#include "arkffi/alloc.h"
#include "arkffi/thread.h"
#include <stdatomic.h>

/* For how long a worker takes rows at a time: a thousand times what taking them costs, and no longer than anybody minds
 * waiting for a worker that is to leave, or for the last one at the end. */
#define PORTION 50000 /* nanoseconds */

/* No function is so fast that more take less time. */
enum { MOST_ROWS = 1 << 20 };

struct ark_split {
  ark_batch batch; /* all of it */
  char apart[64];  /* a cache line: what is above is read for each portion, what is below is written */
  atomic_size_t next;
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
  return split->next < split->batch.rows && !split->stop;
}

void ark_split_stop(ark_split *split) {
  split->stop = true;
}

/* Sets the rows of `portion`, whose first one is *from. */
static bool take_rows(ark_split *split, size_t count, ark_batch *portion, size_t *from) {
  if (!ark_split_has_rows(split)) return false;
  const size_t rows = split->batch.rows;
  *from = atomic_fetch_add(&split->next, count);
  if (*from >= rows) return false;
  portion->rows = rows - *from < count ? rows : *from + count;
  return true;
}

void ark_split_work(ark_split *split, ark_worker *worker) {
  ark_value last;
  ark_batch portion = split->batch;
  portion.last = &last;
  size_t count = 1, from;
  while (!ark_worker_should_leave(worker) && take_rows(split, count, &portion, &from)) {
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
