#include "callbacks/post.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "callbacks/invoke.h"
#include "env/mailbox.h"
#include "env/report.h"
#include "values/text.h"
#include <string.h>

typedef struct post {
  arkjs_message message;
  arkjs_callback *callback; /* holds a reference */
  bool is_counted;          /* is counted in callback->posted */
  bool is_held;             /* keeps the process alive */
  bool is_keeping;          /* keeps the function of a weak callback alive */
  bool is_counted_weak;     /* is counted in env->weak_posts */
  ark_arena arena;          /* of the text */
  ark_value args[];
} post;

/* Only the JavaScript thread can keep something alive. */
static void post_keep_function(arkjs_callback *callback) {
  napi_reference_ref(callback->env->napi, callback->function, NULL);
}

static void post_let_function_go(arkjs_callback *callback) {
  if (callback->function) napi_reference_unref(callback->env->napi, callback->function, NULL);
}

/* What keeps the function of a weak callback alive while other threads may have posted calls. */
typedef struct keeping {
  arkjs_message message;
  arkjs_callback *callback; /* holds a reference */
} keeping;

static void post_end_keeping(arkjs_env *env, arkjs_message *message) {
  (void)env;
  keeping *ended = ark_container_of(message, keeping, message);
  ended->callback->is_kept = false;
  arkjs_callback_release(ended->callback);
  ark_free(ended);
}

/* The calls that were posted before have run. */
static void post_run_keeping(arkjs_env *env, arkjs_message *message) {
  arkjs_callback *callback = ark_container_of(message, keeping, message)->callback;
  if (!callback->is_closed && callback->posted && arkjs_mailbox_send(env, message)) return;
  post_let_function_go(callback);
  post_end_keeping(env, message);
}

void arkjs_callback_keep(arkjs_callback *callback) {
  bool needs = callback->is_weak && arkjs_callback_threads(callback) == ARKJS_POSTED && !callback->is_kept;
  keeping *sent = needs && !callback->is_closed ? ark_alloc(1, sizeof *sent) : NULL;
  if (!sent) return;
  sent->message = (arkjs_message){.run = post_run_keeping, .drop = post_end_keeping};
  sent->callback = callback;
  callback->references++;
  callback->is_kept = true;
  if (arkjs_mailbox_send(callback->env, &sent->message)) {
    post_keep_function(callback);
  } else {
    post_end_keeping(callback->env, &sent->message);
  }
}

static void post_end(post *posted) {
  if (posted->is_counted_weak) posted->callback->env->weak_posts--;
  ark_arena_clear(&posted->arena);
  arkjs_callback_release(posted->callback);
  ark_free(posted);
}

/* Calls that were posted before the callback was closed are dropped. If it was collected instead, that is reported
 * once. */
static void post_run(arkjs_env *env, arkjs_message *message) {
  post *posted = ark_container_of(message, post, message);
  arkjs_callback *callback = posted->callback;
  napi_value ignored;
  ark_status status = ARK_OK;
  if (posted->is_held) arkjs_mailbox_release(env);
  if (posted->is_counted && --callback->posted) arkjs_callback_keep(callback);
  if (!callback->is_closed || (callback->is_weak && callback->is_lost)) {
    status = arkjs_callback_call(callback, posted->args, &ignored, &env->error);
  }
  if (posted->is_keeping) post_let_function_go(callback);
  bool is_known = status == ARK_CALLBACK_CLOSED && atomic_exchange(&callback->is_reported, true);
  if (status && !is_known) arkjs_raise_uncaught(env, arkjs_error_value(env, status, &env->error));
  post_end(posted);
}

static void post_drop(arkjs_env *env, arkjs_message *message) {
  (void)env;
  post_end(ark_container_of(message, post, message));
}

static void post_keep_message(arkjs_message *message) {
  post *posted = ark_container_of(message, post, message);
  if (!posted->is_counted_weak || !posted->callback->function) return;
  posted->is_counted_weak = false;
  posted->callback->env->weak_posts--;
  posted->is_keeping = true;
  post_keep_function(posted->callback);
}

void arkjs_posts_keep(arkjs_env *env) {
  if (env->weak_posts) arkjs_mailbox_visit(env, post_run, post_keep_message);
}

static ark_status post_create(arkjs_callback *callback, post **out, ark_error *error) {
  post *posted = ark_alloc(1, sizeof *posted + callback->types->signature->count * sizeof posted->args[0]);
  if (!posted) return ark_fail_memory(error);
  posted->message = (arkjs_message){.run = post_run, .drop = post_drop};
  posted->callback = callback;
  callback->references++;
  ark_arena_init(&posted->arena, NULL);
  *out = posted;
  return ARK_OK;
}

/* Posted by C. */

/* The sender's text may be gone when the call runs. */
static ark_status post_copy_text(post *posted, const ark_type *type, ark_value *value, ark_error *error) {
  size_t size;
  if (!value->pointer) return ARK_OK;
  ark_status status = arkjs_text_measure(type, value->pointer, posted->callback->name, &size, error);
  if (status) return status;
  void *copy = ark_arena_take(&posted->arena, size);
  if (!copy) return ark_fail_memory(error);
  value->pointer = memcpy(copy, value->pointer, size);
  return ARK_OK;
}

static ark_status post_copy_struct(post *posted, const ark_type *type, ark_value *value, ark_error *error) {
  void *copy = arkjs_take_room(&posted->arena, type);
  if (!copy) return ark_fail_memory(error);
  value->pointer = memcpy(copy, value->pointer, type->size);
  return ARK_OK;
}

static ark_status post_copy_arguments(post *posted, const ark_value *args, ark_error *error) {
  const ark_signature *signature = posted->callback->types->signature;
  ark_status status = ARK_OK;
  for (size_t i = 0; i < signature->count && !status; i++) {
    posted->args[i] = args[i];
    const ark_type *type = signature->parameters[i].type;
    if (type->kind == ARK_KIND_STRING) status = post_copy_text(posted, type, &posted->args[i], error);
    if (type->kind == ARK_KIND_AGGREGATE) status = post_copy_struct(posted, type, &posted->args[i], error);
  }
  return status;
}

static ARK_NOINLINE ark_status post_send_copy(arkjs_callback *callback, const ark_value *args) {
  post *posted = NULL;
  ark_error error;
  bool is_own = ark_thread_id() == callback->env->thread;
  ark_status status = post_create(callback, &posted, &error);
  if (!status) {
    status = post_copy_arguments(posted, args, &error);
    posted->is_counted = true;
    /* No other thread can keep the process alive. */
    posted->is_held = is_own;
    posted->is_keeping = is_own && callback->is_weak;
    posted->is_counted_weak = !is_own && callback->is_weak;
    if (posted->is_keeping) post_keep_function(callback);
    if (posted->is_counted_weak) callback->env->weak_posts++;
    if (!status && arkjs_mailbox_send(callback->env, &posted->message)) {
      if (is_own) arkjs_mailbox_retain(callback->env);
      return ARK_OK;
    }
    if (posted->is_keeping) post_let_function_go(callback);
    post_end(posted);
  }
  callback->posted--;
  if (status) arkjs_report(callback->env, status, &error);
  return status;
}

/* The report of an overflow. It is sent after the calls that wait, when the number of lost calls is known. */
typedef struct overflow {
  arkjs_message message;
  arkjs_callback *callback; /* holds a reference */
} overflow;

static void post_end_overflow(arkjs_env *env, arkjs_message *message) {
  (void)env;
  overflow *ended = ark_container_of(message, overflow, message);
  arkjs_callback_release(ended->callback);
  ark_free(ended);
}

static void post_run_overflow(arkjs_env *env, arkjs_message *message) {
  arkjs_callback *callback = ark_container_of(message, overflow, message)->callback;
  unsigned lost = atomic_exchange(&callback->lost, 0);
  ark_status status = ark_fail(&env->error, ARK_QUEUE_FULL, "%s: %u calls were lost, because %d others waited to run",
                               callback->name, lost, ARKJS_POST_LIMIT);
  arkjs_raise_uncaught(env, arkjs_error_value(env, status, &env->error));
  post_end_overflow(env, message);
}

static ARK_NOINLINE void post_lose(arkjs_callback *callback) {
  callback->posted--;
  if (callback->lost++) return; /* a report is on its way */
  overflow *sent = ark_alloc(1, sizeof *sent);
  if (!sent) return;
  sent->message = (arkjs_message){.run = post_run_overflow, .drop = post_end_overflow, .is_report = true};
  sent->callback = callback;
  callback->references++;
  if (!arkjs_mailbox_send(callback->env, &sent->message)) post_end_overflow(callback->env, &sent->message);
}

void arkjs_callback_post(arkjs_callback *callback, const ark_value *args) {
  if (++callback->posted > ARKJS_POST_LIMIT) {
    post_lose(callback);
  } else {
    post_send_copy(callback, args);
  }
}

/* Posted by JavaScript. */

static ark_status post_take_value(post *posted, const arkjs_site *site, napi_value value) {
  arkjs_site own = *site;
  own.arena = &posted->arena;
  const ark_type *type = posted->callback->types->signature->parameters[0].type;
  /* The text at an address might have gone when the function runs. */
  napi_valuetype got = napi_undefined;
  if (type->kind == ARK_KIND_STRING) napi_typeof(site->env->napi, value, &got);
  if (type->kind == ARK_KIND_STRING && got != napi_string && got != napi_null) {
    return arkjs_fail_type(site, "string or null", value);
  }
  ark_status status = arkjs_resolve(site, type, &value);
  return status ? status : arkjs_to_c(&own, type, value, &posted->args[0]);
}

ark_status arkjs_callback_post_value(arkjs_callback *callback, const arkjs_site *site, napi_value value) {
  arkjs_env *env = callback->env;
  post *posted = NULL;
  ark_status status = post_create(callback, &posted, site->error);
  if (status) return status;
  posted->is_held = true;
  status = post_take_value(posted, site, value);
  if (!status && callback->is_closed) {
    status = ark_fail(site->error, ARK_CALLBACK_CLOSED, "%s: the callback has been closed", site->function);
  }
  if (!status && !arkjs_mailbox_send(env, &posted->message)) {
    status = ark_fail(site->error, ARK_CALLBACK_CLOSED, "%s: the process is ending", site->function);
  }
  if (status) {
    post_end(posted);
  } else {
    posted->is_keeping = callback->is_weak;
    if (posted->is_keeping) post_keep_function(callback);
    arkjs_mailbox_retain(env);
  }
  return status;
}
