#include "async/executor.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "env/host.h"
#include "env/mailbox.h"
#include "env/throw.h"

/* For how long a pool thread is borrowed at a time: the longest that a file read or a name look-up waits because of
 * short calls; still 10,000 of those calls. */
#define SLICE 4000000 /* nanoseconds */

/* So many calls settle before the event loop must have turned: a few hundred microseconds. */
enum { BATCH = 1024 };

/* So many of them share one scope of handles: a scope costs more than a few handles that live a little longer. */
enum { SCOPE = 32 };

struct arkjs_engine {
  arkjs_env *env;
  ark_crew *crew;               /* owned: on the host's pool */
  ark_done *done;               /* owned: what has run, also in lanes */
  char apart[ARKJS_CACHE_LINE]; /* workers read what is above, while JavaScript's thread writes what is below */
  ark_job *unsettled, *last_unsettled;
  int budget;                          /* how many may still settle before the event loop has turned */
  napi_ref set_immediate, settle_more; /* that the turn is over; the first NULL where the host has none */
  bool is_turn_due;
};

/* A pool thread, borrowed. */
typedef struct hand {
  arkjs_env *env; /* referred to */
  napi_async_work work;
} hand;

static void settle_batch(arkjs_env *env);
static napi_value settle_more(napi_env napi, napi_callback_info info);
static void grant(arkjs_env *env);
static const arkjs_turn settle_turn = {settle_batch}, grant_turn = {grant};

/* On a worker's thread: a job has run. */
static void deliver(void *context, ark_job *job) {
  struct arkjs_engine *engine = context;
  if (ark_done_add(engine->done, job)) arkjs_mailbox_wake(engine->env, &settle_turn);
}

/* On a worker's thread: its slice is over. */
static void ask(void *context) {
  struct arkjs_engine *engine = context;
  arkjs_mailbox_wake(engine->env, &grant_turn);
}

static void execute(napi_env napi, void *data) {
  (void)napi;
  ark_crew_work(((hand *)data)->env->engine->crew, SLICE);
}

static void staff(arkjs_env *env);

/* The thread is the host's again. If there is more to do it is asked for once more, behind whoever else waits for it.
 *  */
static void give_back(napi_env napi, napi_status status, void *data) {
  (void)status;
  hand *returned = data;
  arkjs_env *env = returned->env;
  napi_delete_async_work(napi, returned->work);
  ark_free(returned);
  if (!env->has_ended && arkjs_env_can_run(env)) {
    staff(env);
    ark_crew_trim(env->engine->crew);
  }
  arkjs_env_release(env);
}

static bool borrow(arkjs_env *env) {
  napi_value name;
  hand *lent = ark_alloc(1, sizeof *lent);
  if (!lent) return false;
  lent->env = env;
  arkjs_env_refer(env);
  napi_status status = napi_create_string_utf8(env->napi, "arkffi", NAPI_AUTO_LENGTH, &name);
  if (status == napi_ok) status = napi_create_async_work(env->napi, NULL, name, execute, give_back, lent, &lent->work);
  if (status == napi_ok) status = napi_queue_async_work(env->napi, lent->work);
  if (status == napi_ok) return true;
  if (lent->work) napi_delete_async_work(env->napi, lent->work);
  arkjs_env_release(env);
  ark_free(lent);
  return false;
}

static void staff(arkjs_env *env) {
  while (ark_crew_hire(env->engine->crew)) {
    if (borrow(env)) continue;
    ark_crew_dismiss(env->engine->crew);
    return; /* the workers there are go on; the next call tries again */
  }
}

static void grant(arkjs_env *env) {
  ark_crew_grant(env->engine->crew);
  if (arkjs_env_can_run(env)) staff(env);
}

unsigned arkjs_engine_workers(const ark_lane *lane) {
  return lane ? ark_lane_limit(lane) : arkjs_host_pool_size();
}

/* Without setImmediate both references stay NULL. */
static void take_set_immediate(arkjs_env *env, struct arkjs_engine *engine) {
  napi_env napi = env->napi;
  napi_value more;
  engine->set_immediate = arkjs_host_set_immediate(napi);
  if (!engine->set_immediate) return;
  if (napi_create_function(napi, "arkffi", NAPI_AUTO_LENGTH, settle_more, env, &more) == napi_ok &&
      napi_create_reference(napi, more, 1, &engine->settle_more) == napi_ok) {
    return;
  }
  napi_delete_reference(napi, engine->set_immediate);
  engine->set_immediate = NULL;
}

static ark_status create(arkjs_env *env, ark_error *error) {
  struct arkjs_engine *engine = ark_alloc(1, sizeof *engine);
  if (!engine) return ark_fail_memory(error);
  engine->env = env;
  ark_status status = arkjs_host_status(env, arkjs_mailbox_open(env), error);
  if (!status) status = ark_done_create(&engine->done, error);
  if (!status) {
    status = ark_crew_create(arkjs_host_pool_size(), &(ark_crew_hooks){deliver, ask, engine}, &engine->crew, error);
  }
  if (status) {
    ark_done_free(engine->done);
    ark_free(engine);
    return status;
  }
  take_set_immediate(env, engine);
  engine->budget = BATCH;
  env->engine = engine;
  return ARK_OK;
}

ark_status arkjs_engine_submit(arkjs_env *env, ark_lane *lane, arkjs_job *job, ark_error *error) {
  ark_status status = env->engine ? ARK_OK : create(env, error);
  if (!status) {
    status = lane ? ark_lane_push(lane, &job->core, error) : ark_crew_push(env->engine->crew, &job->core, error);
  }
  if (status) return status;
  arkjs_mailbox_hold(env);
  if (!lane) staff(env);
  return ARK_OK;
}

ark_status arkjs_engine_open_lane(arkjs_env *env, unsigned threads, ark_lane **out, ark_error *error) {
  ark_status status = env->engine ? ARK_OK : create(env, error);
  return status ? status : ark_lane_create(threads, &(ark_crew_hooks){deliver, NULL, env->engine}, out, error);
}

/* Moves what has come back behind what has not been settled yet. */
static void collect(struct arkjs_engine *engine) {
  ark_job *first = ark_done_take(engine->done);
  if (!first) return;
  if (engine->unsettled) {
    engine->last_unsettled->next = first;
  } else {
    engine->unsettled = first;
  }
  while (first->next) first = first->next;
  engine->last_unsettled = first;
}

static ark_job *next_unsettled(struct arkjs_engine *engine) {
  ark_job *job = engine->unsettled;
  if (job) engine->unsettled = job->next;
  return job;
}

static void settle_some(arkjs_env *env) {
  struct arkjs_engine *engine = env->engine;
  collect(engine);
  while (engine->budget && engine->unsettled) {
    napi_handle_scope scope;
    bool is_scoped = napi_open_handle_scope(env->napi, &scope) == napi_ok;
    for (int i = 0; i < SCOPE && engine->budget && engine->unsettled; i++, engine->budget--) {
      arkjs_job *job = ark_container_of(next_unsettled(engine), arkjs_job, core);
      job->settle(job);
      arkjs_mailbox_let_go(env);
    }
    if (is_scoped) napi_close_handle_scope(env->napi, scope);
  }
}

/* Has settle_more called when the event loop has turned once. Without that, a program whose calls come back as fast as it
 * makes them would see nothing else: hosts run wake-ups by the thousand in one turn. */
static bool wait_for_turn(arkjs_env *env) {
  struct arkjs_engine *engine = env->engine;
  napi_value set_immediate, settle_more, global, ignored;
  if (!engine->set_immediate) return false;
  napi_status status = napi_get_reference_value(env->napi, engine->set_immediate, &set_immediate);
  if (status == napi_ok) status = napi_get_reference_value(env->napi, engine->settle_more, &settle_more);
  if (status == napi_ok) status = napi_get_global(env->napi, &global);
  if (status == napi_ok) status = napi_call_function(env->napi, global, set_immediate, 1, &settle_more, &ignored);
  return status == napi_ok;
}

static void settle_batch(arkjs_env *env) {
  struct arkjs_engine *engine = env->engine;
  if (engine->is_turn_due) return;
  settle_some(env);
  if (!arkjs_env_can_run(env)) return;
  if (!engine->budget) {
    engine->is_turn_due = wait_for_turn(env);
    if (!engine->is_turn_due) {
      engine->budget = BATCH;
      arkjs_mailbox_wake(env, &settle_turn);
    }
  }
  staff(env);
}

static napi_value settle_more(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_env *env = data;
  env->engine->is_turn_due = false;
  env->engine->budget = BATCH;
  settle_batch(env);
  return NULL;
}

static void discard_all(ark_job *(*next)(void *from), void *from) {
  for (ark_job *core; (core = next(from));) {
    arkjs_job *job = ark_container_of(core, arkjs_job, core);
    job->discard(job);
  }
}

static ark_job *next_in_lane(void *lane) {
  return ark_lane_withdraw(lane);
}

static ark_job *next_in_crew(void *crew) {
  return ark_crew_withdraw(crew);
}

static ark_job *next_of_engine(void *engine) {
  return next_unsettled(engine);
}

void arkjs_engine_clear_lane(ark_lane *lane) {
  discard_all(next_in_lane, lane);
}

void arkjs_engine_stop(arkjs_env *env) {
  if (env->engine) ark_crew_stop(env->engine->crew);
}

void arkjs_engine_end(arkjs_env *env) {
  struct arkjs_engine *engine = env->engine;
  if (!engine) return;
  arkjs_engine_stop(env);
  if (engine->settle_more) napi_delete_reference(env->napi, engine->settle_more);
  if (engine->set_immediate) napi_delete_reference(env->napi, engine->set_immediate);
  engine->settle_more = engine->set_immediate = NULL;
  discard_all(next_in_crew, engine->crew);
  collect(engine);
  discard_all(next_of_engine, engine);
}

void arkjs_engine_free(struct arkjs_engine *engine) {
  if (!engine) return;
  ark_crew_free(engine->crew);
  ark_done_free(engine->done);
  ark_free(engine);
}
