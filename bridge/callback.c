#include "callback.h"
#include "arkffi/alloc.h"
#include "arkffi/closure.h"
#include "async.h"
#include "call.h"
#include "mailbox.h"
#include <stdio.h>
#include <string.h>

struct arkjs_callback {
  arkjs_env *env;           /* referred to */
  ark_closure *closure;     /* owned */
  ark_signature *signature; /* owned */
  arkjs_function *invoker;  /* owned: the entry point as a function, for invokeCallback; NULL until the first */
  napi_ref function;        /* what C calls; NULL when closed, or when it is `plain` */
  napi_value plain;         /* a function that lives for one synchronous call, in its handle scope */
  char *name;               /* of the function, for messages; owned */
  char *text;               /* the last string given to C; owned */
  arkjs_callback *next;     /* in a list of borrowed or idle ones */
  ark_handle handle;
  uint32_t parameter;          /* which argument it was borrowed for */
  _Atomic uint32_t references; /* the closure's, and one for each post */
  atomic_bool is_closed;       /* read by any thread */
  atomic_bool is_reported;     /* set by the first thread that called it wrongly */
  bool is_threadsafe;          /* constant while open */
  arkjs_style style;
};

static void release(arkjs_callback *callback) {
  if (--callback->references) return;
  ark_signature_free(callback->signature);
  arkjs_env_release(callback->env);
  ark_free(callback->name);
  ark_free(callback->text);
  ark_free(callback);
}

/* Any thread: the entry point is gone for good. */
static void freed(void *context) {
  release(context);
}

/* Being called. */

static ark_status fail_closed(const arkjs_callback *callback, ark_error *error) {
  return ark_fail(error, ARK_CALLBACK_CLOSED, "%s: C called the callback after it was closed", callback->name);
}

static ark_status fail_thread(const arkjs_callback *callback, ark_error *error) {
  return ark_fail(error, ARK_WRONG_THREAD, "%s: C called the callback from another thread; create it as threadsafe",
                  callback->name);
}

/* Text that a callback returns must outlive it: it is C's until the callback next returns, or is closed. */
static ark_status keep_text(arkjs_callback *callback, ark_value *result, ark_error *error) {
  if (!result->pointer) return ARK_OK;
  bool is_wide = callback->signature->result->id == ARK_TYPE_STRING16;
  size_t size = 1;
  if (is_wide) {
    const char16_t *text = result->pointer;
    while (text[size - 1]) size++;
    size *= sizeof *text;
  } else {
    size = strlen(result->text) + 1;
  }
  char *copy = ark_alloc(size, 1);
  if (!copy) return ark_fail_memory(error);
  ark_free(callback->text);
  callback->text = memcpy(copy, result->pointer, size);
  result->pointer = copy;
  return ARK_OK;
}

static ark_status result_to_c(const arkjs_site *call, arkjs_callback *callback, napi_value answer, ark_value *result) {
  const ark_type *type = callback->signature->result;
  arkjs_site site = *call;
  site.argument = 0;
  ark_value value;
  ark_status status = arkjs_resolve(site.env, type, &answer, site.error);
  if (!status) status = arkjs_to_c(&site, type, answer, &value);
  if (status) return status;
  if (type->kind != ARK_KIND_AGGREGATE) {
    *result = value;
  } else if (result->pointer) {
    memcpy(result->pointer, value.pointer, type->size);
  }
  return type->kind == ARK_KIND_STRING ? keep_text(callback, result, site.error) : ARK_OK;
}

static ark_status enter_javascript(arkjs_callback *callback, const ark_value *args, ark_value *result, ark_arena *arena,
                                   ark_error *error) {
  arkjs_env *env = callback->env;
  const ark_signature *signature = callback->signature;
  arkjs_site site = {env, arena, callback->name, 0, error};
  napi_value *values = ark_arena_take(arena, signature->count * sizeof *values);
  napi_value function = callback->plain, receiver, answer;
  if (!values) return ark_fail_memory(error);
  for (size_t i = 0; i < signature->count; i++) {
    site.argument = i + 1;
    ark_status status = arkjs_to_js(&site, signature->parameters[i].type, args[i], callback->style, &values[i]);
    if (status) return status;
  }
  napi_status host = function ? napi_ok : napi_get_reference_value(env->napi, callback->function, &function);
  if (host == napi_ok) host = napi_get_undefined(env->napi, &receiver);
  if (host == napi_ok) host = napi_call_function(env->napi, receiver, function, signature->count, values, &answer);
  ark_status status = arkjs_host_status(env, host, error);
  return status ? status : result_to_c(&site, callback, answer, result);
}

/* Runs the callback here and now. What goes wrong becomes *thrown, and C gets zero: a struct starts as zeros, and is set
 * only when all is well. Nobody waits for one whose pointer is NULL. */
static void run(arkjs_callback *callback, const ark_value *args, ark_value *result, napi_value *thrown) {
  ark_error *error = &callback->env->error;
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  ark_status status =
      callback->is_closed ? fail_closed(callback, error) : enter_javascript(callback, args, result, &arena, error);
  *thrown = status ? arkjs_error_value(callback->env, status, error) : NULL;
  if (status && callback->signature->result->kind != ARK_KIND_AGGREGATE) result->bits = 0;
  ark_arena_clear(&arena);
}

static void enter_on_own_thread(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_env *env = callback->env;
  arkjs_frame *frame = env->frame;
  napi_handle_scope scope;
  napi_value thrown;
  if (env->has_ended || (frame && frame->thrown) || napi_open_handle_scope(env->napi, &scope) != napi_ok) return;
  run(callback, args, result, &thrown);
  if (thrown && frame) {
    frame->thrown = arkjs_box(env, thrown);
  } else if (thrown) {
    arkjs_raise_uncaught(env, thrown);
  }
  napi_close_handle_scope(env->napi, scope);
}

/* A call from another thread, which waits. On that thread's stack. */
typedef struct crossing {
  arkjs_message message;
  arkjs_callback *callback;
  const ark_value *args;
  ark_value *result;
  arkjs_task *task; /* of this environment, that the thread is running; or NULL */
} crossing;

/* NULL when out of memory: then C keeps its zeros. */
static void *zeroed_room(ark_arena *arena, const ark_type *type) {
  void *room = arkjs_take_room(arena, type);
  return room ? memset(room, 0, type->size) : NULL;
}

static void run_crossing(arkjs_env *env, arkjs_message *message) {
  crossing *from = (crossing *)message;
  const ark_type *type = from->callback->signature->result;
  napi_value thrown;
  ark_value result = {0};
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  /* Not the thread's own room: it may have stopped waiting, unless the message can be claimed. */
  if (type->kind == ARK_KIND_AGGREGATE) result.pointer = zeroed_room(&arena, type);
  run(from->callback, from->args, &result, &thrown);
  if (arkjs_mailbox_claim(env, message)) {
    if (type->kind != ARK_KIND_AGGREGATE) {
      *from->result = result;
    } else if (result.pointer) {
      memcpy(from->result->pointer, result.pointer, type->size);
    }
    if (thrown && from->task) {
      arkjs_task_throw(from->task, thrown);
      thrown = NULL;
    }
    arkjs_mailbox_answer(env, message);
  }
  ark_arena_clear(&arena);
  if (thrown) arkjs_raise_uncaught(env, thrown);
}

/* Something to be raised as uncaught, from a thread that has no JavaScript. */
typedef struct report {
  arkjs_message message;
  ark_status status;
  ark_error error;
} report;

static void run_report(arkjs_env *env, arkjs_message *message) {
  report *told = (report *)message;
  arkjs_raise_uncaught(env, arkjs_error_value(env, told->status, &told->error));
  ark_free(told);
}

static void drop_report(arkjs_env *env, arkjs_message *message) {
  (void)env;
  ark_free(message);
}

/* Tells of a call that could not be made: the async call that made it, else the process, once for each callback. Not
 * inlined: the report would take room on the stack of every call. */
static ARK_NOINLINE void complain(arkjs_callback *callback, arkjs_task *task) {
  report told, *kept;
  told.message = (arkjs_message){.run = run_report, .drop = drop_report};
  told.status = callback->is_closed ? fail_closed(callback, &told.error) : fail_thread(callback, &told.error);
  if (task) {
    arkjs_task_fail(task, told.status, &told.error);
  } else if (!atomic_exchange(&callback->is_reported, true) && (kept = ark_alloc(1, sizeof *kept))) {
    *kept = told;
    if (!arkjs_mailbox_send(callback->env, &kept->message)) ark_free(kept);
  }
}

static void enter_from_elsewhere(arkjs_callback *callback, const ark_value *args, ark_value *result) {
  arkjs_task *task = arkjs_task_running();
  if (task && arkjs_task_has_failed(task)) return;
  if (callback->is_closed || !callback->is_threadsafe) {
    complain(callback, task);
    return;
  }
  /* What is thrown here can only reject a promise of this same environment. */
  if (task && arkjs_task_env(task) != callback->env) task = NULL;
  crossing here = {{.run = run_crossing}, callback, args, result, task};
  arkjs_mailbox_ask(callback->env, &here.message);
}

/* What C reaches through the entry point, on whatever thread. */
static void enter(void *context, const ark_value *args, ark_value *result) {
  arkjs_callback *callback = context;
  if (ark_thread_id() == callback->env->thread) {
    enter_on_own_thread(callback, args, result);
  } else {
    enter_from_elsewhere(callback, args, result);
  }
}

/* Life. */

/* A callback that is closed until it is given a function. Takes over the signature in every case. */
static ark_status create(arkjs_env *env, const char *name, ark_signature *signature, arkjs_callback **out,
                         ark_error *error) {
  arkjs_callback *callback = ark_alloc(1, sizeof *callback);
  if (!callback) {
    ark_signature_free(signature);
    return ark_fail_memory(error);
  }
  callback->env = env;
  arkjs_env_refer(env);
  callback->signature = signature;
  callback->references = 1;
  callback->is_closed = true;
  callback->name = ark_copy_text(name, strlen(name));
  ark_status status = callback->name ? ARK_OK : ark_fail_memory(error);
  if (!status) status = arkjs_host_status(env, arkjs_env_expect_threads(env), error);
  if (!status) status = ark_closure_create(signature, enter, callback, freed, &callback->closure, error);
  if (status) {
    release(callback);
    return status;
  }
  *out = callback;
  return ARK_OK;
}

/* Lets go of the function. The entry point stays, and is dead. */
static void close_entry(arkjs_callback *callback) {
  callback->is_closed = true;
  callback->plain = NULL;
  if (callback->function) napi_delete_reference(callback->env->napi, callback->function);
  callback->function = NULL;
}

static void end(arkjs_callback *callback) {
  ark_handles_remove(&callback->env->callbacks, callback->handle);
  close_entry(callback);
  if (callback->invoker) arkjs_function_release(callback->invoker);
  callback->invoker = NULL;
  ark_closure_retire(callback->closure);
}

void arkjs_callbacks_end(arkjs_env *env) {
  uint32_t cursor = 0;
  for (arkjs_callback *callback; (callback = ark_handles_next(&env->callbacks, &cursor));) end(callback);
}

/* For plain functions among arguments. */

static arkjs_callback *take_idle(arkjs_function *function, size_t index) {
  for (arkjs_callback **link = &function->idle; *link; link = &(*link)->next) {
    arkjs_callback *callback = *link;
    if (callback->parameter != index) continue;
    *link = callback->next;
    return callback;
  }
  return NULL;
}

static ark_status create_for_parameter(arkjs_function *function, size_t index, arkjs_callback **out, ark_error *error) {
  ark_signature *signature;
  ark_status status = ark_signature_copy(function->signature->parameters[index].callback, &signature, error);
  if (!status) status = create(function->env, function->name, signature, out, error);
  if (status) return status;
  (*out)->parameter = (uint32_t)index;
  (*out)->style = function->style;
  return ARK_OK;
}

ark_status arkjs_callback_borrow(arkjs_function *function, size_t index, napi_value plain, bool is_async,
                                 arkjs_callback **borrowed, ark_value *value, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_callback *callback = take_idle(function, index);
  ark_status status = callback ? ARK_OK : create_for_parameter(function, index, &callback, error);
  if (status) return status;
  callback->next = *borrowed;
  *borrowed = callback;
  if (is_async) {
    status = arkjs_host_status(env, napi_create_reference(env->napi, plain, 1, &callback->function), error);
  } else {
    callback->plain = plain;
  }
  callback->is_threadsafe = is_async;
  callback->is_reported = false;
  callback->is_closed = status != ARK_OK;
  value->bits = (uintptr_t)ark_closure_entry(callback->closure);
  return status;
}

void arkjs_callbacks_give_back(arkjs_function *function, arkjs_callback *borrowed) {
  while (borrowed) {
    arkjs_callback *callback = borrowed;
    borrowed = callback->next;
    close_entry(callback);
    callback->next = function->idle;
    function->idle = callback;
  }
}

void arkjs_callbacks_retire(arkjs_callback *idle) {
  while (idle) {
    arkjs_callback *callback = idle;
    idle = callback->next;
    ark_closure_retire(callback->closure);
  }
}

/* The module's functions. */

static ark_status callback_argument(const arkjs_request *request, bool may_be_closed, arkjs_callback **out) {
  arkjs_site site = arkjs_argument(request, 0);
  double number;
  void *callback = NULL;
  if (napi_get_value_double(request->env->napi, request->values[0], &number) != napi_ok) {
    return arkjs_fail_type(&site, "number (the handle of a callback)", request->values[0]);
  }
  ark_handle handle = number >= 1 && number < 0x1p53 ? (ark_handle)number : 0;
  ark_handle_state state = ARK_HANDLE_UNKNOWN;
  if ((double)handle == number) state = ark_handles_get(&request->env->callbacks, handle, &callback);
  *out = callback;
  if (state == ARK_HANDLE_UNKNOWN) {
    return arkjs_fail_at(&site, ARK_INVALID_HANDLE, "not the handle of a callback that this thread has created");
  }
  if (state == ARK_HANDLE_CLOSED && !may_be_closed) {
    return ark_fail(request->error, ARK_CALLBACK_CLOSED, "%s: the callback has been closed", request->function);
  }
  return ARK_OK;
}

/* "callback 'compare'", from the function's own name where it has one. */
static ark_status name_of(const arkjs_request *request, napi_value function, char *out, size_t size) {
  napi_value name;
  char text[64];
  size_t length = 0;
  napi_status host = napi_get_named_property(request->env->napi, function, "name", &name);
  if (host != napi_ok) return arkjs_host_status(request->env, host, request->error);
  host = napi_get_value_string_utf8(request->env->napi, name, text, sizeof text, &length);
  if (host == napi_ok && length) {
    snprintf(out, size, "callback '%s'", text);
  } else {
    snprintf(out, size, "callback");
  }
  return ARK_OK;
}

static ark_status parse_types(const arkjs_request *request, ark_signature **out) {
  const char *args, *result;
  ark_status status = arkjs_text_argument(request, 1, &args);
  if (!status) status = arkjs_text_argument(request, 2, &result);
  if (!status) status = ark_signature_parse(args, result, out, request->error);
  if (status != ARK_BAD_SIGNATURE) return status;
  ark_error reason = *request->error;
  return ark_fail(request->error, status, "%s: %s", request->function, reason.message);
}

static ark_status create_from(const arkjs_request *request, arkjs_style style, napi_value *result) {
  arkjs_env *env = request->env;
  arkjs_site site = arkjs_argument(request, 0);
  napi_valuetype type = napi_undefined;
  arkjs_callback *callback;
  ark_signature *signature;
  bool is_threadsafe;
  char name[80];
  napi_typeof(env->napi, request->values[0], &type);
  if (type != napi_function) return arkjs_fail_type(&site, "function", request->values[0]);
  ark_status status = arkjs_bool_argument(request, 3, false, &is_threadsafe);
  if (!status) status = name_of(request, request->values[0], name, sizeof name);
  if (!status) status = parse_types(request, &signature);
  if (!status) status = create(env, name, signature, &callback, request->error);
  if (status) return status;

  napi_status host = napi_create_reference(env->napi, request->values[0], 1, &callback->function);
  status = arkjs_host_status(env, host, request->error);
  if (!status) status = ark_handles_add(&env->callbacks, callback, &callback->handle, request->error);
  if (!status) {
    host = napi_create_int64(env->napi, (int64_t)callback->handle, result);
    status = arkjs_host_status(env, host, request->error);
  }
  if (status) {
    end(callback);
    return status;
  }
  callback->style = style;
  callback->is_threadsafe = is_threadsafe;
  callback->is_closed = false;
  return ARK_OK;
}

ark_status arkjs_create_callback(const arkjs_request *request, napi_value *result) {
  return create_from(request, ARKJS_NUMERIC_BOOL, result);
}

ark_status arkjs_bind_callback(const arkjs_request *request, napi_value *result) {
  return create_from(request, ARKJS_PLAIN, result);
}

ark_status arkjs_get_callback_ptr(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, false, &callback);
  if (status) return status;
  return arkjs_answer_address(request, (uintptr_t)ark_closure_entry(callback->closure), result);
}

ark_status arkjs_get_callback_threadsafe(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, false, &callback);
  if (status) return status;
  napi_status made = napi_get_boolean(request->env->napi, callback->is_threadsafe, result);
  return arkjs_host_status(request->env, made, request->error);
}

ark_status arkjs_invoke_callback(const arkjs_request *request, napi_value *result) {
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, false, &callback);
  if (!status && !callback->invoker) {
    status =
        arkjs_function_of_entry(request->env, callback->name, callback->signature, ark_closure_entry(callback->closure),
                                callback->style, &callback->invoker, request->error);
  }
  if (!status) status = arkjs_function_check_count(callback->invoker, request->count - 1, request->error);
  return status ? status : arkjs_call(callback->invoker, request->values + 1, result, request->error);
}

/* One call that nobody waits for. */
typedef struct post {
  arkjs_message message;
  arkjs_callback *callback; /* referred to */
  ark_arena arena;
  ark_value arg;
} post;

static void end_post(post *posted) {
  ark_arena_clear(&posted->arena);
  release(posted->callback);
  ark_free(posted);
}

static void run_post(arkjs_env *env, arkjs_message *message) {
  post *posted = (post *)message;
  ark_value ignored = {0};
  napi_value thrown;
  arkjs_mailbox_let_go(env);
  run(posted->callback, &posted->arg, &ignored, &thrown);
  if (thrown) arkjs_raise_uncaught(env, thrown);
  end_post(posted);
}

static void drop_post(arkjs_env *env, arkjs_message *message) {
  (void)env;
  end_post((post *)message);
}

static ark_status take_post(const arkjs_request *request, arkjs_callback *callback, post *posted) {
  napi_value value = request->values[1];
  arkjs_site site = arkjs_argument(request, 1);
  site.arena = &posted->arena;
  const ark_type *type = callback->signature->parameters[0].type;
  ark_status status = arkjs_resolve(request->env, type, &value, request->error);
  return status ? status : arkjs_to_c(&site, type, value, &posted->arg);
}

ark_status arkjs_call_callback_thread_safe(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, false, &callback);
  if (status) return status;
  if (!callback->is_threadsafe) {
    return ark_fail(request->error, ARK_WRONG_THREAD, "%s: %s is not threadsafe", request->function, callback->name);
  }
  if (callback->signature->count != 1) {
    return ark_fail(request->error, ARK_ARG_COUNT, "%s: posts one argument, but %s takes %zu", request->function,
                    callback->name, callback->signature->count);
  }
  post *posted = ark_alloc(1, sizeof *posted);
  if (!posted) return ark_fail_memory(request->error);
  posted->message = (arkjs_message){.run = run_post, .drop = drop_post};
  posted->callback = callback;
  callback->references++;
  ark_arena_init(&posted->arena, NULL);
  status = take_post(request, callback, posted);
  if (!status && !arkjs_mailbox_send(request->env, &posted->message)) {
    status = ark_fail(request->error, ARK_CALLBACK_CLOSED, "%s: the process is ending", request->function);
  }
  if (status) {
    end_post(posted);
  } else {
    arkjs_mailbox_hold(request->env);
  }
  return status;
}

ark_status arkjs_destroy_callback(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_callback *callback = NULL;
  ark_status status = callback_argument(request, true, &callback);
  if (!status && callback) end(callback);
  return status;
}
