#include "async/executor.h"
#include "arkffi/alloc.h"
#include "arkffi/cache_line.h"
#include "arkffi/container_of.h"
#include "async/active_wait.h"
#include "async/waves.h"
#include "callbacks/post.h"
#include "env/host.h"
#include "env/mailbox.h"
#include "env/throw.h"

/* How long a pool thread is borrowed at a time. This is the longest that a file read or a name lookup waits because
 * of short calls, and enough for 10,000 of those calls. */
#define SLICE 4000000 /* nanoseconds */

/* The maximum number of calls that settle before the event loop must turn: a few hundred microseconds. */
enum { BATCH = 1024 };

/* The maximum number of calls that share a handle scope. A scope costs more than a few handles that live longer. */
enum { SCOPE = 32 };

/* A borrowed pool thread. */
typedef struct pool_worker {
  arkjs_env *env; /* holds a reference */
  napi_async_work work;
  struct pool_worker *next; /* in executor->spares */
} pool_worker;

struct arkjs_executor {
  arkjs_env *env;
  ark_worker_pool *pool;   /* owned: on the host's pool */
  ark_finished_jobs *done; /* owned: finished jobs, also of lanes */
  arkjs_active_wait wait;  /* workers read it and the members above, the JavaScript thread writes those below */
  ark_job *unsettled, *last_unsettled;
  int budget;                          /* how many more calls may settle before the event loop turns */
  napi_ref set_immediate, settle_more; /* to continue in the next turn; NULL when the host has no setImmediate */
  bool is_turn_due;
  /* Owned. The first one is made with the executor: if memory for another one lacks, either one is here, or a thread is
   * borrowed, which runs what is queued, or comes back here and is borrowed again. So no job waits in vain. */
  pool_worker *spares;
};

static void executor_settle_batch(arkjs_env *env);
static const arkjs_settling executor_settling;
static napi_value executor_settle_more(napi_env napi, napi_callback_info info);
static void executor_grant(arkjs_env *env);
static const arkjs_turn executor_settle_turn = {executor_settle_batch}, grant_turn = {executor_grant};

/* On a worker: a job has run. */
static void executor_deliver(void *context, ark_job *job) {
  struct arkjs_executor *executor = context;
  if (!ark_finished_jobs_add(executor->done, job) || !arkjs_active_wait_is_asleep(&executor->wait)) return;
  arkjs_mailbox_wake(executor->env, &executor_settle_turn);
}

/* On a worker: its slice is over. */
static void executor_ask(void *context) {
  struct arkjs_executor *executor = context;
  arkjs_mailbox_wake(executor->env, &grant_turn);
}

static void executor_execute(napi_env napi, void *data) {
  (void)napi;
  ark_worker_pool_work(((pool_worker *)data)->env->executor->pool, SLICE);
}

static void executor_hire(arkjs_env *env);

static void executor_spare(struct arkjs_executor *executor, pool_worker *worker) {
  worker->next = executor->spares;
  executor->spares = worker;
}

static pool_worker *executor_take_spare(struct arkjs_executor *executor) {
  pool_worker *worker = executor->spares;
  if (!worker) return ark_alloc(1, sizeof *worker);
  executor->spares = worker->next;
  *worker = (pool_worker){0};
  return worker;
}

/* The host has its thread back. If there is more to do, another one is requested, after the host's own work. */
static void executor_return_thread(napi_env napi, napi_status status, void *data) {
  (void)status;
  pool_worker *returned = data;
  arkjs_env *env = returned->env;
  napi_delete_async_work(napi, returned->work);
  executor_spare(env->executor, returned);
  if (!env->has_ended && arkjs_env_can_run(env)) {
    executor_hire(env);
    ark_worker_pool_trim(env->executor->pool);
  }
  arkjs_env_release(env);
}

static bool executor_borrow_thread(arkjs_env *env) {
  napi_value name;
  pool_worker *lent = executor_take_spare(env->executor);
  if (!lent) return false;
  lent->env = env;
  arkjs_env_retain(env);
  napi_status status = napi_create_string_latin1(env->napi, "arkffi", NAPI_AUTO_LENGTH, &name);
  if (status == napi_ok)
    status = napi_create_async_work(env->napi, NULL, name, executor_execute, executor_return_thread, lent, &lent->work);
  if (status == napi_ok) status = napi_queue_async_work(env->napi, lent->work);
  if (status == napi_ok) return true;
  if (lent->work) napi_delete_async_work(env->napi, lent->work);
  arkjs_env_release(env);
  executor_spare(env->executor, lent);
  return false;
}

static void executor_hire(arkjs_env *env) {
  while (ark_worker_pool_hire(env->executor->pool, env->executor->wait.pending)) {
    if (executor_borrow_thread(env)) continue;
    ark_worker_pool_cancel_hire(env->executor->pool);
    return; /* the other workers continue, and the next one that comes back tries again */
  }
}

static void executor_grant(arkjs_env *env) {
  ark_worker_pool_grant(env->executor->pool);
  if (arkjs_env_can_run(env)) executor_hire(env);
}

unsigned arkjs_executor_workers(const ark_lane *lane) {
  return lane ? ark_lane_limit(lane) : arkjs_host_pool_size();
}

/* Without setImmediate, the two references stay NULL. */
static void executor_take_set_immediate(arkjs_env *env, struct arkjs_executor *executor) {
  napi_env napi = env->napi;
  napi_value more;
  executor->set_immediate = arkjs_host_set_immediate(napi);
  if (!executor->set_immediate) return;
  if (napi_create_function(napi, "arkffi", NAPI_AUTO_LENGTH, executor_settle_more, env, &more) == napi_ok &&
      napi_create_reference(napi, more, 1, &executor->settle_more) == napi_ok) {
    return;
  }
  napi_delete_reference(napi, executor->set_immediate);
  executor->set_immediate = NULL;
}

/* Async hooks of the program, and a getter instead of setImmediate, may submit jobs while the executor is created. */
static ark_status executor_create(arkjs_env *env, ark_error *error) {
  ark_status status = arkjs_host_status(env, arkjs_mailbox_open(env), error);
  if (status || env->executor) return status;
  struct arkjs_executor *executor = ark_alloc(1, sizeof *executor);
  if (!executor) return ark_fail_memory(error);
  executor->env = env;
  executor->spares = ark_alloc(1, sizeof *executor->spares);
  if (!executor->spares) status = ark_fail_memory(error);
  if (!status) status = ark_finished_jobs_create(&executor->done, error);
  if (!status) {
    status = ark_worker_pool_create(arkjs_host_pool_size(),
                                    &(ark_worker_pool_hooks){executor_deliver, executor_ask, executor}, &executor->pool,
                                    error);
  }
  if (status) {
    ark_finished_jobs_free(executor->done);
    ark_free(executor->spares);
    ark_free(executor);
    return status;
  }
  executor->budget = BATCH;
  env->executor = executor;
  executor_take_set_immediate(env, executor);
  arkjs_active_wait_open(&executor->wait, env, executor->done, &executor_settling);
  return ARK_OK;
}

ark_status arkjs_executor_submit(arkjs_env *env, ark_lane *lane, arkjs_job *job, ark_error *error) {
  ark_status status = env->executor ? ARK_OK : executor_create(env, error);
  if (!status) {
    status =
        lane ? ark_lane_push(lane, &job->core, error) : ark_worker_pool_push(env->executor->pool, &job->core, error);
  }
  if (status) return status;
  arkjs_mailbox_retain(env);
  arkjs_active_wait_begin_job(&env->executor->wait);
  if (!lane) executor_hire(env);
  return ARK_OK;
}

ark_status arkjs_executor_open_lane(arkjs_env *env, unsigned threads, ark_lane **out, ark_error *error) {
  ark_status status = env->executor ? ARK_OK : executor_create(env, error);
  return status ? status
                : ark_lane_create(threads, &(ark_worker_pool_hooks){executor_deliver, NULL, env->executor}, out, error);
}

/* Appends the finished jobs to those that have not settled. */
static void executor_collect(struct arkjs_executor *executor) {
  ark_job *first = ark_finished_jobs_take(executor->done);
  if (!first) return;
  if (executor->unsettled) {
    executor->last_unsettled->next = first;
  } else {
    executor->unsettled = first;
  }
  while (first->next) first = first->next;
  executor->last_unsettled = first;
}

static ark_job *executor_next_unsettled(struct arkjs_executor *executor) {
  ark_job *job = executor->unsettled;
  if (job) executor->unsettled = job->next;
  return job;
}

static void executor_settle_some(arkjs_env *env) {
  struct arkjs_executor *executor = env->executor;
  executor_collect(executor);
  arkjs_posts_keep(env);
  while (executor->budget && executor->unsettled) {
    napi_handle_scope scope;
    bool is_scoped = napi_open_handle_scope(env->napi, &scope) == napi_ok;
    for (int i = 0; i < SCOPE && executor->budget && executor->unsettled; i++, executor->budget--) {
      arkjs_job *job = ark_container_of(executor_next_unsettled(executor), arkjs_job, core);
      job->kind->settle(job);
      arkjs_active_wait_end_job(&executor->wait);
      arkjs_mailbox_release(env);
    }
    if (is_scoped) napi_close_handle_scope(env->napi, scope);
  }
  arkjs_waves_flush(env);
}

/* Schedules settle_more for the next turn of the event loop. Otherwise a program that starts calls as fast as they
 * finish would do nothing else, because hosts run thousands of wake-ups in one turn. */
static bool executor_wait_for_turn(arkjs_env *env) {
  struct arkjs_executor *executor = env->executor;
  napi_value set_immediate, settle_more, global, ignored;
  if (!executor->set_immediate) return false;
  napi_status status = napi_get_reference_value(env->napi, executor->set_immediate, &set_immediate);
  if (status == napi_ok) status = napi_get_reference_value(env->napi, executor->settle_more, &settle_more);
  if (status == napi_ok) status = napi_get_global(env->napi, &global);
  if (status == napi_ok) status = napi_call_function(env->napi, global, set_immediate, 1, &settle_more, &ignored);
  return status == napi_ok;
}

static void executor_settle_batch(arkjs_env *env) {
  struct arkjs_executor *executor = env->executor;
  if (executor->is_turn_due) return;
  executor_settle_some(env);
  if (!executor->wait.pending || !arkjs_env_can_run(env)) return;
  if (!executor->budget) {
    executor->is_turn_due = executor_wait_for_turn(env);
    if (!executor->is_turn_due) {
      executor->budget = BATCH;
      arkjs_mailbox_wake(env, &executor_settle_turn);
    }
  }
  executor_hire(env);
}

/* False if a job has to be settled in another way. */
static bool executor_settle_silently(struct arkjs_executor *executor) {
  executor_collect(executor);
  for (ark_job *core; executor->budget && (core = executor_next_unsettled(executor)); executor->budget--) {
    arkjs_job *job = ark_container_of(core, arkjs_job, core);
    if (!job->kind->settle_silently || !job->kind->settle_silently(job)) {
      executor->unsettled = core;
      return false;
    }
    arkjs_active_wait_end_job(&executor->wait);
    arkjs_mailbox_release(executor->env);
  }
  return !executor->unsettled;
}

/* In each turn of the event loop, so that the budget is that of a new one. Most often a single function has to be
 * called then, which the host can do at once. */
static napi_value executor_begin_before_sleep(arkjs_env *env) {
  struct arkjs_executor *executor = env->executor;
  if (executor->is_turn_due) return NULL;
  executor->budget = BATCH;
  arkjs_posts_keep(env);
  if (!executor_settle_silently(executor)) return NULL;
  if (executor->wait.pending && arkjs_env_can_run(env)) executor_hire(env);
  return arkjs_waves_begin(env);
}

static bool executor_goes_on(arkjs_env *env) {
  arkjs_waves_have_settled(env);
  return !env->executor->is_turn_due;
}

static bool executor_settle_before_sleep(arkjs_env *env) {
  struct arkjs_executor *executor = env->executor;
  if (!executor->is_turn_due) executor_settle_batch(env);
  return !executor->is_turn_due;
}

static const arkjs_settling executor_settling = {executor_begin_before_sleep, executor_goes_on,
                                                 executor_settle_before_sleep};

static napi_value executor_settle_more(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_env *env = data;
  env->executor->is_turn_due = false;
  env->executor->budget = BATCH;
  executor_settle_batch(env);
  return NULL;
}

static void executor_discard_all(ark_job *(*next)(void *from), void *from) {
  for (ark_job *core; (core = next(from));) {
    arkjs_job *job = ark_container_of(core, arkjs_job, core);
    job->kind->discard(job);
  }
}

static ark_job *executor_next_in_lane(void *lane) {
  return ark_lane_withdraw(lane);
}

static ark_job *executor_next_in_pool(void *pool) {
  return ark_worker_pool_withdraw(pool);
}

static ark_job *executor_next_settled(void *executor) {
  return executor_next_unsettled(executor);
}

void arkjs_executor_clear_lane(ark_lane *lane) {
  executor_discard_all(executor_next_in_lane, lane);
}

void arkjs_executor_stop(arkjs_env *env) {
  if (env->executor) ark_worker_pool_stop(env->executor->pool);
}

void arkjs_executor_end(arkjs_env *env) {
  struct arkjs_executor *executor = env->executor;
  if (!executor) return;
  arkjs_executor_stop(env);
  if (executor->settle_more) napi_delete_reference(env->napi, executor->settle_more);
  if (executor->set_immediate) napi_delete_reference(env->napi, executor->set_immediate);
  executor->settle_more = executor->set_immediate = NULL;
  executor_discard_all(executor_next_in_pool, executor->pool);
  executor_collect(executor);
  executor_discard_all(executor_next_settled, executor);
}

void arkjs_executor_free(struct arkjs_executor *executor) {
  if (!executor) return;
  ark_worker_pool_free(executor->pool);
  ark_finished_jobs_free(executor->done);
  while (executor->spares) {
    pool_worker *spare = executor->spares;
    executor->spares = spare->next;
    ark_free(spare);
  }
  ark_free(executor);
}
