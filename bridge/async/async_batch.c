#include "async/async_batch.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "async/executor.h"
#include "async/lanes.h"
#include "calls/batch_columns.h"
#include "env/plain.h"
#include "functions/worker_call.h"
#include "v8/alias.h"

typedef struct async_batch async_batch;

/* A job of a batch. It calls for as many rows as it gets. */
typedef struct chunk {
  arkjs_job job;
  arkjs_worker_call call;
  async_batch *of;
} chunk;

/* A pending batch. */
struct async_batch {
  arkjs_pending pending;
  arkjs_worker_batch calls; /* with the rows; owned */
  arkjs_pins *pins;         /* owned */
  ark_arena arena;          /* of the columns, their single values, and the chunks */
  napi_ref kept;            /* an array of the typed arrays, which must not be collected; the results come last */
  chunk *chunks;
  size_t count; /* of the chunks */
  size_t away;  /* chunks that workers have and that will come back */
};

/* On the worker. */

static void async_batch_run(ark_job *job, ark_worker *worker) {
  chunk *own = ark_container_of(job, chunk, job.core);
  arkjs_worker_call_enter(&own->call);
  ark_parallel_batch_work(own->of->calls.rows, worker);
  arkjs_worker_call_leave();
}

/* On the JavaScript thread. */

static void async_batch_cancel(arkjs_pending *pending) {
  ark_parallel_batch_stop(ark_container_of(pending, async_batch, pending)->calls.rows);
}

/* Frees everything except the pending call. */
static void async_batch_free(async_batch *batch) {
  arkjs_env *env = batch->pending.function->env;
  arkjs_unpin(env, batch->pins);
  if (batch->kept) napi_delete_reference(env->napi, batch->kept);
  for (size_t i = 0; i < batch->count; i++) arkjs_worker_call_clear(&batch->chunks[i].call);
  ark_parallel_batch_free(batch->calls.rows);
  ark_arena_clear(&batch->arena);
  ark_free(batch);
}

static void async_batch_end(async_batch *batch) {
  arkjs_pending pending = batch->pending;
  async_batch_free(batch);
  arkjs_pending_end(&pending);
}

/* The value to resolve with: the last of the kept arrays. */
static ark_status async_batch_find_results(const async_batch *batch, napi_value *out, ark_error *error) {
  const arkjs_function *function = batch->pending.function;
  napi_env napi = function->env->napi;
  napi_value kept;
  if (function->signature->result->kind == ARK_KIND_VOID) {
    return arkjs_host_status(function->env, napi_get_undefined(napi, out), error);
  }
  napi_status host = napi_get_reference_value(napi, batch->kept, &kept);
  if (host == napi_ok) host = napi_get_element(napi, kept, (uint32_t)function->signature->count, out);
  return arkjs_host_status(function->env, host, error);
}

static void async_batch_settle_promise(async_batch *batch) {
  napi_value reason = NULL, results;
  ark_error error;
  for (size_t i = 0; i < batch->count && !reason; i++) reason = arkjs_worker_call_reason(&batch->chunks[i].call);
  if (reason) {
    arkjs_pending_reject(&batch->pending, reason);
    return;
  }
  ark_status status = async_batch_find_results(batch, &results, &error);
  if (status) {
    arkjs_pending_reject(&batch->pending, arkjs_error_value(batch->pending.function->env, status, &error));
  } else {
    arkjs_pending_resolve(&batch->pending, results);
  }
}

static ark_status async_batch_submit(chunk *own, ark_error *error) {
  const arkjs_function *function = own->of->pending.function;
  return arkjs_executor_submit(function->env, arkjs_lane_of(function), &own->job, error);
}

/* If rows are left, the worker was needed elsewhere, and the chunk goes to the end of the queue; unless the host
 * shuts the environment down. */
static bool async_batch_go_on(chunk *own) {
  ark_parallel_batch *rows = own->of->calls.rows;
  ark_error error;
  if (!ark_parallel_batch_has_rows(rows)) return false;
  if (!arkjs_env_can_run(own->of->pending.function->env)) {
    ark_parallel_batch_stop(rows);
    return false;
  }
  ark_status status = async_batch_submit(own, &error);
  if (status) arkjs_worker_call_fail(&own->call, status, &error);
  return !status;
}

static void async_batch_settle(arkjs_job *job) {
  chunk *own = ark_container_of(job, chunk, job);
  async_batch *batch = own->of;
  if (async_batch_go_on(own) || --batch->away) return;
  if (batch->pending.deferred) async_batch_settle_promise(batch);
  async_batch_end(batch);
}

static void async_batch_discard(arkjs_job *job) {
  async_batch *batch = ark_container_of(job, chunk, job)->of;
  ark_parallel_batch_stop(batch->calls.rows);
  if (!--batch->away) async_batch_end(batch);
}

static const arkjs_job_kind chunk_kind = {async_batch_settle, async_batch_discard, NULL};

/* Starting. */

static bool async_batch_overlap(const arkjs_array *one, const arkjs_array *other) {
  uintptr_t first = (uintptr_t)one->data, second = (uintptr_t)other->data;
  return first < second + other->size && second < first + one->size;
}

/* Rows run at the same time and in any order, so results may overlap only the arguments of their own row. */
static ark_status async_batch_check_overlap(const arkjs_columns *columns) {
  size_t count = columns->function->signature->count;
  const arkjs_array *results = &columns->arrays[count];
  for (size_t i = 0; i < count && results->value; i++) {
    const arkjs_array *array = &columns->arrays[i];
    if (!array->value || !async_batch_overlap(array, results)) continue;
    if (array->data == results->data && array->size == results->size) continue;
    return arkjs_columns_fail(columns, count, ARK_INVALID_ARG_TYPE,
                              "it overlaps a column, so that results would be written over arguments of other rows");
  }
  return ARK_OK;
}

static napi_status async_batch_keep(async_batch *batch, const arkjs_columns *columns) {
  napi_env napi = columns->site.env->napi;
  napi_value values[ARK_MAX_ARGS + 1], none, arrays;
  size_t count = columns->function->signature->count + 1;
  napi_status status = napi_get_undefined(napi, &none);
  for (size_t i = 0; i < count; i++) values[i] = columns->arrays[i].value ? columns->arrays[i].value : none;
  if (status == napi_ok) status = arkjs_plain_list(columns->site.env, count, values, &arrays);
  return status == napi_ok ? napi_create_reference(napi, arrays, 1, &batch->kept) : status;
}

static ark_status async_batch_create_rows(async_batch *batch, const arkjs_columns *columns) {
  const arkjs_function *function = columns->function;
  size_t count = function->signature->count;
  for (size_t i = 0; i < count; i++) {
    if (columns->arrays[i].value) columns->columns[i].memory = columns->arrays[i].data; /* the address in the pin */
  }
  const ark_batch rows = {.signature = function->signature,
                          .plan = function->plan,
                          .function = function->code,
                          .columns = columns->columns,
                          .results = columns->arrays[count].data,
                          .rows = columns->rows};
  return ark_parallel_batch_create(&rows, &batch->calls.rows, columns->site.error);
}

/* One for each worker, but not more than rows. */
static ark_status async_batch_create_chunks(async_batch *batch, const arkjs_columns *columns) {
  const arkjs_function *function = columns->function;
  size_t workers = arkjs_executor_workers(arkjs_lane_of(function));
  size_t count = workers < columns->rows ? workers : columns->rows;
  batch->chunks = ark_arena_take(&batch->arena, count * sizeof batch->chunks[0]);
  if (!batch->chunks) return ark_fail_memory(columns->site.error);
  for (size_t i = 0; i < count; i++) {
    batch->chunks[i] =
        (chunk){{{.run = async_batch_run}, &chunk_kind}, {.function = function, .batch = &batch->calls}, batch};
  }
  batch->count = count;
  return ARK_OK;
}

/* `results` as for arkjs_columns_take. On failure `batch` has what was created so far. */
static ark_status async_batch_prepare(async_batch *batch, napi_value list, napi_value results, ark_error *error) {
  arkjs_columns columns;
  arkjs_function *function = batch->pending.function;
  ark_status status = arkjs_columns_take(&columns, function, &batch->arena, list, &results, error);
  if (!status) status = async_batch_check_overlap(&columns);
  if (!status) status = arkjs_host_status(function->env, async_batch_keep(batch, &columns), error);
  /* No program has seen a new array yet, so it needs no pin; but where C works on copies, it may be freed under the
   * workers when its JavaScript thread is terminated. */
  if (columns.are_results_new && arkjs_v8_can_alias(function->env)) {
    columns.arrays[function->signature->count].value = NULL;
  }
  if (!status) status = arkjs_pin_arrays(function, &columns.site, columns.arrays, &batch->pins);
  if (!status) status = async_batch_create_rows(batch, &columns);
  return status ? status : async_batch_create_chunks(batch, &columns);
}

/* The submitted chunks also do the rows of those that could not be submitted. If none could, the promise is rejected.
 */
static void async_batch_submit_all(async_batch *batch) {
  ark_error error;
  ark_status status = ARK_OK;
  for (size_t i = 0; i < batch->count && !status; i++) {
    status = async_batch_submit(&batch->chunks[i], &error);
    if (!status) batch->away++;
  }
  if (batch->away) return;
  arkjs_pending_reject(&batch->pending, arkjs_error_value(batch->pending.function->env, status, &error));
  async_batch_end(batch);
}

ark_status arkjs_async_batch_start(arkjs_function *function, napi_value columns, napi_value out,
                                   arkjs_cancel_group *const groups[], napi_value *promise, ark_error *error) {
  async_batch *batch = ark_alloc(1, sizeof *batch);
  if (!batch) return ark_fail_memory(error);
  batch->pending = (arkjs_pending){.function = function, .cancel = async_batch_cancel};
  ark_arena_init(&batch->arena, NULL);
  ark_status status = async_batch_prepare(batch, columns, out, error);
  if (!status) status = arkjs_pending_begin(&batch->pending, error);
  if (status) {
    async_batch_free(batch);
    return status;
  }
  status = arkjs_pending_promise(&batch->pending, groups, promise, error);
  if (status) {
    async_batch_end(batch);
  } else {
    async_batch_submit_all(batch);
  }
  return status;
}
