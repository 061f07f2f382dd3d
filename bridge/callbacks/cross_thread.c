#include "callbacks/cross_thread.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "callbacks/invoke.h"
#include "callbacks/post.h"
#include "env/mailbox.h"
#include "env/report.h"
#include "functions/worker_call.h"

/* A cross-thread call, on the stack of the thread that waits. */
typedef struct cross_call {
  arkjs_message message;
  arkjs_callback *callback;
  const ark_value *args;
  ark_value *result;
  arkjs_worker_call *call; /* the call that this thread makes for the same environment; NULL for none */
} cross_call;

/* Reports to the call that led here, else to the process, once for each callback. */
static void cross_thread_report(arkjs_callback *callback, arkjs_worker_call *call, ark_status status,
                                const ark_error *error) {
  if (call) {
    arkjs_worker_call_fail(call, status, error);
  } else if (!atomic_exchange(&callback->is_reported, true)) {
    arkjs_report(callback->env, status, error);
  }
}

static ark_status cross_thread_fail(const arkjs_callback *callback, ark_error *error) {
  if (callback->is_closed) return arkjs_callback_fail_closed(callback, error);
  if (!callback->is_borrowed) {
    return ark_fail(error, ARK_WRONG_THREAD, "%s: C called the callback from another thread; create it as threadsafe",
                    callback->name);
  }
  return ark_fail(
      error, ARK_WRONG_THREAD,
      "%s: C called this function from another thread: a plain function runs on its own thread in a "
      "synchronous call; pass a JSCallback that is threadsafe, or call the C function with .async, or declare "
      "it with callbacks: 'pump'",
      callback->name);
}

/* Reports a call that is not allowed. Not inlined, because the message would take stack in every call. */
static ARK_NOINLINE void cross_thread_complain(arkjs_callback *callback, arkjs_worker_call *call) {
  ark_error error;
  ark_status status = cross_thread_fail(callback, &error);
  cross_thread_report(callback, call, status, &error);
}

/* Answers. */

/* The error for a call that was not made. Without a call that it can reject, a callback that was closed, or collected,
 * while threads called it is reported once: NULL if it has been. */
static napi_value cross_thread_error(arkjs_callback *callback, const arkjs_worker_call *call, ark_status status) {
  bool is_known = status == ARK_CALLBACK_CLOSED && !call && atomic_exchange(&callback->is_reported, true);
  return is_known ? NULL : arkjs_error_value(callback->env, status, &callback->env->error);
}

/* Wakes the thread, if it still waits. `thrown` is what the function threw, or NULL; without a call that can throw
 * it, it is raised as uncaught. */
static void cross_thread_finish(arkjs_callback *callback, arkjs_message *message, uint64_t number, napi_value thrown,
                                ark_value value) {
  arkjs_env *env = callback->env;
  if (arkjs_mailbox_claim(env, message, number)) {
    cross_call *from = ark_container_of(message, cross_call, message);
    if (!thrown) arkjs_callback_give(callback, value, from->result);
    if (thrown && from->call) {
      arkjs_worker_call_throw(from->call, thrown);
      thrown = NULL;
    }
    arkjs_mailbox_answer(env, message);
  }
  if (thrown) arkjs_raise_uncaught(env, thrown);
}

/* Promises. */

/* A thread that waits for a Promise. */
typedef struct awaited_answer {
  arkjs_awaited base;
  arkjs_callback *callback; /* holds a reference */
  arkjs_message *message;   /* of a cross_call, while its thread waits */
  uint64_t number;          /* of the message */
  uint32_t references; /* one for each of the two functions that the Promise may call, and one while it is created */
  bool is_over;
} awaited_answer;

static void cross_thread_end_awaited(awaited_answer *awaited) {
  if (!awaited->is_over) {
    *awaited->base.link = awaited->base.next;
    if (awaited->base.next) awaited->base.next->link = awaited->base.link;
  }
  awaited->is_over = true;
}

static ark_status cross_thread_fail_awaited(const arkjs_callback *callback, ark_error *error) {
  return ark_fail(error, ARK_CALLBACK_CLOSED,
                  callback->is_closed ? "%s: the callback was closed while C waited for its Promise"
                                      : "%s: C waited for a Promise that nothing can settle any more",
                  callback->name);
}

/* Nothing will settle the Promise: the callback is being closed, or the Promise has been collected. */
static void cross_thread_abandon(awaited_answer *awaited) {
  arkjs_callback *callback = awaited->callback;
  arkjs_env *env = callback->env;
  ark_error error;
  cross_thread_end_awaited(awaited);
  if (!arkjs_mailbox_claim(env, awaited->message, awaited->number)) return;
  ark_status status = cross_thread_fail_awaited(callback, &error);
  cross_thread_report(callback, ark_container_of(awaited->message, cross_call, message)->call, status, &error);
  arkjs_mailbox_answer(env, awaited->message);
}

static void cross_thread_on_close(arkjs_awaited *base) {
  cross_thread_abandon(ark_container_of(base, awaited_answer, base));
}

static void cross_thread_release(awaited_answer *awaited) {
  if (--awaited->references) return;
  if (!awaited->is_over) cross_thread_abandon(awaited);
  arkjs_callback_release(awaited->callback);
  ark_free(awaited);
}

static void cross_thread_finalize(napi_env napi, void *data, void *hint) {
  (void)napi, (void)hint;
  cross_thread_release(data);
}

static napi_value cross_thread_settled_value(napi_env napi, napi_callback_info info, awaited_answer **out) {
  napi_value value = NULL;
  size_t count = 1;
  void *data = NULL;
  napi_get_cb_info(napi, info, &count, &value, NULL, &data);
  *out = data;
  return value;
}

static void cross_thread_fulfil_with(awaited_answer *awaited, napi_value value, ark_arena *arena) {
  arkjs_callback *callback = awaited->callback;
  arkjs_env *env = callback->env;
  ark_value result = {0};
  ark_status status = arkjs_callback_answer(callback, value, arena, &result, &env->error);
  if (awaited->is_over) return; /* the getter of an object closed the callback */
  napi_value thrown = status ? arkjs_error_value(env, status, &env->error) : NULL;
  cross_thread_end_awaited(awaited);
  cross_thread_finish(callback, awaited->message, awaited->number, thrown, result);
}

static napi_value cross_thread_fulfil(napi_env napi, napi_callback_info info) {
  awaited_answer *awaited;
  napi_value value = cross_thread_settled_value(napi, info, &awaited);
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  if (!awaited->is_over) cross_thread_fulfil_with(awaited, value, &arena);
  ark_arena_clear(&arena);
  return NULL;
}

static napi_value cross_thread_reject(napi_env napi, napi_callback_info info) {
  awaited_answer *awaited;
  napi_value reason = cross_thread_settled_value(napi, info, &awaited);
  cross_thread_end_awaited(awaited);
  cross_thread_finish(awaited->callback, awaited->message, awaited->number, reason, (ark_value){0});
  return NULL;
}

static napi_status cross_thread_create_reaction(awaited_answer *awaited, napi_callback react, napi_value *out) {
  napi_env napi = awaited->callback->env->napi;
  napi_status host = napi_create_function(napi, "arkffi", NAPI_AUTO_LENGTH, react, awaited, out);
  if (host == napi_ok) host = napi_add_finalizer(napi, *out, awaited, cross_thread_finalize, NULL, NULL);
  if (host == napi_ok) awaited->references++;
  return host;
}

/* Registers both functions with the Promise, by the original `then`. */
static napi_status cross_thread_listen(awaited_answer *awaited, napi_value promise) {
  arkjs_env *env = awaited->callback->env;
  napi_value then, reactions[2], ignored;
  napi_status host = napi_get_reference_value(env->napi, env->intrinsics.promise_then, &then);
  if (host == napi_ok) host = cross_thread_create_reaction(awaited, cross_thread_fulfil, &reactions[0]);
  if (host == napi_ok) host = cross_thread_create_reaction(awaited, cross_thread_reject, &reactions[1]);
  return host == napi_ok ? napi_call_function(env->napi, promise, then, 2, reactions, &ignored) : host;
}

/* On ARK_OK the thread goes on when the Promise settles, the callback closes, or the environment ends. */
static ark_status cross_thread_await_answer(arkjs_callback *callback, arkjs_message *message, uint64_t number,
                                            napi_value promise) {
  arkjs_env *env = callback->env;
  awaited_answer *awaited = ark_alloc(1, sizeof *awaited);
  if (!awaited) return ark_fail_memory(&env->error);
  *awaited = (awaited_answer){{cross_thread_on_close, NULL, NULL}, callback, message, number, 1, true};
  callback->references++;
  ark_status status = arkjs_host_status(env, cross_thread_listen(awaited, promise), &env->error);
  if (!status && callback->is_closed) status = cross_thread_fail_awaited(callback, &env->error);
  if (!status && arkjs_mailbox_defer(env, message, number)) {
    awaited->is_over = false;
    awaited->base.link = &callback->awaited;
    awaited->base.next = callback->awaited;
    if (callback->awaited) callback->awaited->link = &awaited->base.next;
    callback->awaited = &awaited->base;
  }
  cross_thread_release(awaited);
  return status;
}

/* Calls. */

static void cross_thread_run_call(arkjs_env *env, arkjs_message *message) {
  const cross_call *from = ark_container_of(message, cross_call, message);
  arkjs_callback *callback = from->callback;
  const arkjs_worker_call *call = from->call;
  bool may_wait = !call || !call->is_pumped;
  uint64_t number = message->number;
  ark_value result = {0};
  ark_scratch scratch;
  ark_arena arena;
  napi_value answer;
  ark_arena_init(&arena, &scratch);
  callback->references++;
  /* From here on the thread may be gone, because process.exit() in the function wakes it. */
  ark_status status = arkjs_callback_call(callback, from->args, &answer, &env->error);
  bool is_awaited = !status && may_wait && arkjs_is_promise(env, answer);
  if (is_awaited) {
    status = cross_thread_await_answer(callback, message, number, answer);
  } else if (!status) {
    status = arkjs_callback_answer(callback, answer, &arena, &result, &env->error);
  }
  if (status || !is_awaited) {
    napi_value thrown = status ? cross_thread_error(callback, call, status) : NULL;
    cross_thread_finish(callback, message, number, thrown, result);
  }
  ark_arena_clear(&arena);
  arkjs_callback_release(callback);
}

void arkjs_cross_thread_call(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_worker_call *call = arkjs_worker_call_current();
  if (call && arkjs_worker_call_has_failed(call)) return;
  bool is_own = call && call->function->env == callback->env;
  if (callback->is_closed || (arkjs_callback_threads(callback) == ARKJS_OWN_THREAD && !(is_own && call->is_pumped))) {
    cross_thread_complain(callback, call);
  } else if (arkjs_callback_threads(callback) == ARKJS_POSTED) {
    arkjs_callback_post(callback, args);
  } else {
    /* What the function throws can reject a promise of the same environment, but of no other. */
    cross_call here = {
        {.run = cross_thread_run_call, .asks = callback->name}, callback, args, result, is_own ? call : NULL};
    /* The callback may be closed, and its entry point be another's, while this thread waits. */
    callback->references++;
    arkjs_mailbox_ask(callback->env, &here.message);
    arkjs_callback_release(callback);
  }
}
