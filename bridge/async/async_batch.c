#include "async/async_batch.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "calls/batch_columns.h"
#include "async/executor.h"
#include "functions/worker_call.h"

typedef struct split split;

/* One worker's part of the rows: whatever it comes to. */
typedef struct share {
  arkjs_job job;
  arkjs_origin origin;
  split *of;
} share;

/* A batch in flight. */
struct split {
  arkjs_flight flight;
  arkjs_origins origins; /* with the rows; owned */
  arkjs_pins *pins;      /* owned */
  ark_arena arena;       /* of the columns, the single values among them, and the shares */
  napi_ref kept;         /* an array of the typed arrays, which must not be collected, the one of the results last */
  share *shares;
  size_t count; /* of the shares */
  size_t away;  /* of those, handed to workers and not come back for good */
};

/* The worker's part. */

static void run(ark_job *job, ark_worker *worker) {
  share *own = ark_container_of(job, share, job.core);
  arkjs_origin_enter(&own->origin);
  ark_split_work(own->of->origins.split, worker);
  arkjs_origin_leave();
}

/* The JavaScript thread's part. */

static void cancel(arkjs_flight *flight) {
  ark_split_stop(ark_container_of(flight, split, flight)->origins.split);
}

/* Gives back what it holds but for the flight. */
static void free_split(split *batch) {
  arkjs_env *env = batch->flight.function->env;
  arkjs_unpin(env, batch->pins);
  if (batch->kept) napi_delete_reference(env->napi, batch->kept);
  for (size_t i = 0; i < batch->count; i++) arkjs_origin_clear(&batch->shares[i].origin);
  ark_split_free(batch->origins.split);
  ark_arena_clear(&batch->arena);
  ark_free(batch);
}

static void end(split *batch) {
  arkjs_flight flight = batch->flight;
  free_split(batch);
  arkjs_flight_end(&flight);
}

/* What it resolves with: the last of the arrays that are kept. */
static ark_status find_results(const split *batch, napi_value *out, ark_error *error) {
  const arkjs_function *function = batch->flight.function;
  napi_env napi = function->env->napi;
  napi_value kept;
  if (function->signature->result->kind == ARK_KIND_VOID) {
    return arkjs_host_status(function->env, napi_get_undefined(napi, out), error);
  }
  napi_status host = napi_get_reference_value(napi, batch->kept, &kept);
  if (host == napi_ok) host = napi_get_element(napi, kept, (uint32_t)function->signature->count, out);
  return arkjs_host_status(function->env, host, error);
}

static void settle_promise(split *batch) {
  napi_value reason = NULL, results;
  ark_error error;
  for (size_t i = 0; i < batch->count && !reason; i++) reason = arkjs_origin_reason(&batch->shares[i].origin);
  if (reason) {
    arkjs_flight_reject(&batch->flight, reason);
    return;
  }
  ark_status status = find_results(batch, &results, &error);
  if (status) {
    arkjs_flight_reject(&batch->flight, arkjs_error_value(batch->flight.function->env, status, &error));
  } else {
    arkjs_flight_resolve(&batch->flight, results);
  }
}

static ark_status submit(share *own, ark_error *error) {
  const arkjs_function *function = own->of->flight.function;
  ark_lane *lane = function->library ? function->library->lane : NULL;
  return arkjs_engine_submit(function->env, lane, &own->job, error);
}

/* Where rows are left its worker was wanted elsewhere, and the share goes to the end of the queue; unless nobody waits for
 * the rest any more, because the host takes the environment down. */
static bool go_on(share *own) {
  ark_split *rows = own->of->origins.split;
  ark_error error;
  if (!ark_split_has_rows(rows)) return false;
  if (!arkjs_env_can_run(own->of->flight.function->env)) {
    ark_split_stop(rows);
    return false;
  }
  ark_status status = submit(own, &error);
  if (status) arkjs_origin_fail(&own->origin, status, &error);
  return !status;
}

static void settle(arkjs_job *job) {
  share *own = ark_container_of(job, share, job);
  split *batch = own->of;
  if (go_on(own) || --batch->away) return;
  if (batch->flight.deferred) settle_promise(batch);
  end(batch);
}

static void discard(arkjs_job *job) {
  split *batch = ark_container_of(job, share, job)->of;
  ark_split_stop(batch->origins.split);
  if (!--batch->away) end(batch);
}

/* Starting. */

static bool overlap(const arkjs_array *one, const arkjs_array *other) {
  uintptr_t first = (uintptr_t)one->data, second = (uintptr_t)other->data;
  return first < second + other->size && second < first + one->size;
}

/* Rows run in no order and at the same time, so that a result may stand in the place of its own row's arguments alone. */
static ark_status check_overlap(const arkjs_columns *columns) {
  size_t count = columns->function->signature->count;
  const arkjs_array *results = &columns->arrays[count];
  for (size_t i = 0; i < count && results->value; i++) {
    const arkjs_array *array = &columns->arrays[i];
    if (!array->value || !overlap(array, results)) continue;
    if (array->data == results->data && array->size == results->size) continue;
    return arkjs_columns_fail(columns, count, ARK_INVALID_ARG_TYPE,
                              "it overlaps a column, so that results would be written over arguments of other rows");
  }
  return ARK_OK;
}

static napi_status keep(split *batch, const arkjs_columns *columns) {
  napi_env napi = columns->site.env->napi;
  napi_value arrays;
  napi_status status = napi_create_array(napi, &arrays);
  for (uint32_t i = 0; i <= columns->function->signature->count && status == napi_ok; i++) {
    if (columns->arrays[i].value) status = napi_set_element(napi, arrays, i, columns->arrays[i].value);
  }
  return status == napi_ok ? napi_create_reference(napi, arrays, 1, &batch->kept) : status;
}

static ark_status create_rows(split *batch, const arkjs_columns *columns) {
  const arkjs_function *function = columns->function;
  size_t count = function->signature->count;
  for (size_t i = 0; i < count; i++) {
    if (columns->arrays[i].value) columns->columns[i].memory = columns->arrays[i].data; /* where it is pinned */
  }
  const ark_batch rows = {.signature = function->signature,
                          .plan = function->plan,
                          .entry = function->entry,
                          .columns = columns->columns,
                          .results = columns->arrays[count].data,
                          .rows = columns->rows};
  return ark_split_create(&rows, &batch->origins.split, columns->site.error);
}

/* As many as there are workers, and no more than rows. */
static ark_status create_shares(split *batch, const arkjs_columns *columns) {
  const arkjs_function *function = columns->function;
  size_t workers = arkjs_engine_workers(function->library ? function->library->lane : NULL);
  size_t count = workers < columns->rows ? workers : columns->rows;
  batch->shares = ark_arena_take(&batch->arena, count * sizeof batch->shares[0]);
  if (!batch->shares) return ark_fail_memory(columns->site.error);
  for (size_t i = 0; i < count; i++) {
    batch->shares[i] =
        (share){{{.run = run}, settle, discard}, {.function = function, .batch = &batch->origins}, batch};
  }
  batch->count = count;
  return ARK_OK;
}

/* `results` as arkjs_columns_take has it. On failure what there is already is in `batch`. */
static ark_status prepare(split *batch, napi_value list, napi_value results, ark_error *error) {
  arkjs_columns columns;
  arkjs_function *function = batch->flight.function;
  ark_status status = arkjs_columns_take(&columns, function, &batch->arena, list, &results, error);
  if (!status) status = check_overlap(&columns);
  if (!status) status = arkjs_host_status(function->env, keep(batch, &columns), error);
  if (columns.are_results_new) columns.arrays[function->signature->count].value = NULL; /* needs no pin */
  if (!status) status = arkjs_pin_arrays(function, &columns.site, columns.arrays, &batch->pins);
  if (!status) status = create_rows(batch, &columns);
  return status ? status : create_shares(batch, &columns);
}

/* The shares that are taken do the rows of those that are not. Where none is, the promise that there is rejects. */
static void submit_all(split *batch) {
  ark_error error;
  ark_status status = ARK_OK;
  for (size_t i = 0; i < batch->count && !status; i++) {
    status = submit(&batch->shares[i], &error);
    if (!status) batch->away++;
  }
  if (batch->away) return;
  arkjs_flight_reject(&batch->flight, arkjs_error_value(batch->flight.function->env, status, &error));
  end(batch);
}

ark_status arkjs_split_start(arkjs_function *function, napi_value columns, napi_value out, napi_value *promise,
                             ark_handle *handle, ark_error *error) {
  split *batch = ark_alloc(1, sizeof *batch);
  if (!batch) return ark_fail_memory(error);
  batch->flight = (arkjs_flight){.function = function, .cancel = cancel};
  ark_arena_init(&batch->arena, NULL);
  ark_status status = prepare(batch, columns, out, error);
  if (!status) status = arkjs_flight_begin(&batch->flight, error);
  if (status) {
    free_split(batch);
    return status;
  }
  status = arkjs_flight_promise(&batch->flight, promise, handle, error);
  if (status) {
    end(batch);
  } else {
    submit_all(batch);
  }
  return status;
}
