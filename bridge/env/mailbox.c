#include "env/mailbox.h"
#include "env/host.h"
#include <stdio.h>

/* Removes and returns the oldest message. Call it with the lock held. */
static arkjs_message *mailbox_take_oldest(arkjs_env *env) {
  arkjs_message *message = env->first_message;
  if (message) {
    env->first_message = message->next;
    if (!env->first_message) env->last_message = NULL;
  }
  return message;
}

/* The link that points to a message in a list, or NULL. Call it with the lock held. */
static arkjs_message **mailbox_find_link(arkjs_message **list, const arkjs_message *message, uint64_t number) {
  while (*list && *list != message) list = &(*list)->next;
  return *list && (*list)->number == number ? list : NULL;
}

/* Removes a message from a list. False when it is not in the list. Call it with the lock held. */
static bool mailbox_unlink_message(arkjs_message **list, const arkjs_message *message, uint64_t number) {
  arkjs_message **link = mailbox_find_link(list, message, number);
  if (link) *link = message->next;
  return link;
}

/* Call it with the lock held. The waiting thread owns the message and goes on as soon as the lock is released. */
static void mailbox_answer(arkjs_message *message) {
  message->is_done = true;
  ark_condition_signal(message->answered);
}

bool arkjs_mailbox_claim(arkjs_env *env, arkjs_message *message, uint64_t number) {
  ark_lock_enter(&env->lock);
  bool is_awaited = mailbox_unlink_message(&env->running_message, message, number);
  ark_lock_leave(&env->lock);
  return is_awaited;
}

void arkjs_mailbox_answer(arkjs_env *env, arkjs_message *message) {
  ark_lock_enter(&env->lock);
  mailbox_answer(message);
  ark_lock_leave(&env->lock);
}

bool arkjs_mailbox_defer(arkjs_env *env, arkjs_message *message, uint64_t number) {
  ark_lock_enter(&env->lock);
  bool is_awaited = mailbox_find_link(&env->running_message, message, number);
  if (is_awaited) {
    message->is_deferred = true;
    ark_condition_signal(message->answered); /* the sender polls the event loop from now on */
  }
  ark_lock_leave(&env->lock);
  return is_awaited;
}

static void mailbox_run_one(arkjs_env *env) {
  ark_lock_enter(&env->lock);
  arkjs_message *message = mailbox_take_oldest(env);
  if (message && message->answered) {
    message->next = env->running_message;
    env->running_message = message;
  }
  ark_lock_leave(&env->lock);
  if (!message) return;
  if (message->is_held) arkjs_mailbox_release(env);
  message->run(env, message);
}

static const arkjs_turn mailbox_message_turn = {mailbox_run_one};

/* The host calls this once per wake-up, and turns to other work after a number of them. So each call runs one
 * message. */
static void mailbox_take_turn(napi_env napi, napi_value function, void *context, void *data) {
  (void)function;
  const arkjs_turn *turn = data;
  if (napi) turn->run(context); /* without an environment, arkjs_mailbox_close handles the rest */
}

/* Call it with the lock held. */
static bool mailbox_wake(arkjs_env *env, const arkjs_turn *turn) {
  return !env->is_closed && napi_call_threadsafe_function(env->waker, (void *)turn, napi_tsfn_nonblocking) == napi_ok;
}

bool arkjs_mailbox_wake(arkjs_env *env, const arkjs_turn *turn) {
  ark_lock_enter(&env->lock);
  bool is_awake = mailbox_wake(env, turn);
  ark_lock_leave(&env->lock);
  return is_awake;
}

/* An async hook of the program runs when the waker is made, and may open the mailbox meanwhile. Then *is_opened becomes
 * true, and its waker is the one. */
static napi_status mailbox_create_waker(arkjs_env *env, bool *is_opened) {
  napi_value name;
  napi_threadsafe_function waker;
  napi_status status = napi_create_string_latin1(env->napi, "arkffi", NAPI_AUTO_LENGTH, &name);
  if (status == napi_ok) {
    status =
        napi_create_threadsafe_function(env->napi, NULL, NULL, name, 0, 1, NULL, NULL, env, mailbox_take_turn, &waker);
  }
  if (status == napi_ok) status = napi_unref_threadsafe_function(env->napi, waker);
  if (status != napi_ok) return status;
  *is_opened = env->waker;
  if (*is_opened) return napi_release_threadsafe_function(waker, napi_tsfn_abort);
  env->waker = waker;
  return napi_ok;
}

static napi_value mailbox_leave_threads(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_env *env = data;
  env->hooks->exit(env);
  return NULL;
}

/* The event loop has nothing left to do. The threads that sent reports could not keep it alive, because Node-API allows
 * that on the JavaScript thread only. So it is done here, and the loop goes on until they have run. */
static napi_value mailbox_hold_reports(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_env *env = data;
  ark_lock_enter(&env->lock);
  for (arkjs_message *message = env->first_message; message; message = message->next) {
    if (!message->is_report || message->is_held) continue;
    message->is_held = true;
    arkjs_mailbox_retain(env);
  }
  ark_lock_leave(&env->lock);
  return NULL;
}

napi_status arkjs_mailbox_open(arkjs_env *env) {
  if (env->waker || env->is_closed) return napi_ok;
  bool is_opened = false;
  napi_status status = mailbox_create_waker(env, &is_opened);
  if (is_opened) return status;
  if (status == napi_ok) status = arkjs_host_on_event(env->napi, "beforeExit", mailbox_hold_reports, env);
  return status == napi_ok ? arkjs_host_on_event(env->napi, "exit", mailbox_leave_threads, env) : status;
}

/* Call it with the lock held. */
static bool mailbox_append(arkjs_env *env, arkjs_message *message) {
  if (env->is_closed || (!env->pumps && !mailbox_wake(env, &mailbox_message_turn))) return false;
  if (env->pumps) ark_condition_signal(&env->pumped);
  message->number = ++env->messages;
  message->next = NULL;
  message->is_held = false;
  if (env->last_message) {
    env->last_message->next = message;
  } else {
    env->first_message = message;
  }
  env->last_message = message;
  return true;
}

bool arkjs_mailbox_send(arkjs_env *env, arkjs_message *message) {
  message->answered = NULL;
  ark_lock_enter(&env->lock);
  bool is_sent = mailbox_append(env, message);
  ark_lock_leave(&env->lock);
  return is_sent;
}

void arkjs_mailbox_visit(arkjs_env *env, void (*run)(arkjs_env *env, arkjs_message *message),
                         void (*visit)(arkjs_message *message)) {
  ark_lock_enter(&env->lock);
  for (arkjs_message *message = env->first_message; message; message = message->next) {
    if (message->run == run) visit(message);
  }
  ark_lock_leave(&env->lock);
}

/* Withdraws a message whose answer was not claimed. False when it was. Call it with the lock held. */
static bool mailbox_give_up(arkjs_env *env, arkjs_message *message) {
  if (mailbox_unlink_message(&env->running_message, message, message->number)) return true;
  if (!mailbox_unlink_message(&env->first_message, message, message->number)) return false;
  env->last_message = env->first_message;
  while (env->last_message && env->last_message->next) env->last_message = env->last_message->next;
  return true;
}

/* Wakes the threads whose answers were deferred. Call it with the lock held. */
static void mailbox_drop_deferred(arkjs_env *env) {
  for (arkjs_message **link = &env->running_message; *link;) {
    arkjs_message *message = *link;
    if (message->is_deferred) {
      *link = message->next;
      mailbox_answer(message);
    } else {
      link = &message->next;
    }
  }
}

/* Counts a turn of the event loop for threads that wait for a Promise. When the worker is being terminated, no
 * Promise will settle any more, and the host joins its threads before it calls back; so those threads are released
 * here. */
static void mailbox_note_turn(arkjs_env *env) {
  bool can_run = arkjs_env_can_run(env);
  ark_lock_enter(&env->lock);
  env->is_turn_asked = false;
  env->turns++;
  if (!can_run) mailbox_drop_deferred(env);
  ark_lock_leave(&env->lock);
}

static const arkjs_turn mailbox_note_turn_turn = {mailbox_note_turn};

/* Whether the event loop has turned since the previous call. Schedules the next turn to count. Call it with the lock
 * held. */
static bool mailbox_has_turned(arkjs_env *env, uint64_t *last) {
  bool has = *last != env->turns;
  *last = env->turns;
  if (!env->is_turn_asked) env->is_turn_asked = mailbox_wake(env, &mailbox_note_turn_turn);
  return has;
}

/* Writes the warning about a thread that may wait forever. Call it with the lock held; it is released during the
 * write. */
static void mailbox_report_stall(arkjs_env *env, const arkjs_message *message) {
  char text[512];
  const char *name = atomic_load_explicit(&env->calling, memory_order_relaxed);
  const char *what = message->is_deferred ? "a Promise to settle on " : "";
  int seconds = ARKJS_MAILBOX_TIMEOUT / 1000000000;
  if (name) {
    snprintf(text, sizeof text,
             "%s has waited %d s for %sits JavaScript thread, which is in a synchronous call of %s. If that "
             "call waits for the callback, neither ends: declare %s with callbacks: 'pump', or call %s.async",
             message->asks, seconds, what, name, name, name);
  } else {
    snprintf(text, sizeof text, "%s has waited %d s for %sits JavaScript thread, whose event loop stands still",
             message->asks, seconds, what);
  }
  ark_lock_leave(&env->lock);
  arkjs_host_notify(text);
  ark_lock_enter(&env->lock);
}

/* How often a thread that waits for a Promise checks that the event loop turns. */
#define MAILBOX_POLL_INTERVAL 100000000 /* nanoseconds */

/* Call it with the lock held. */
static void mailbox_wait_for_answer(arkjs_env *env, arkjs_message *message) {
  bool is_reported = false;
  uint64_t turn = UINT64_MAX, quiet = 0; /* for how long JavaScript has made no progress, in nanoseconds */
  while (!message->is_done) {
    uint64_t slice = message->is_deferred ? MAILBOX_POLL_INTERVAL : ARKJS_MAILBOX_TIMEOUT;
    if (ark_condition_wait_for(message->answered, &env->lock, slice) || message->is_done) continue;
    quiet += slice;
    if (env->is_raising) {
      if (quiet >= ARKJS_MAILBOX_TIMEOUT && mailbox_give_up(env, message)) return;
      continue;
    }
    /* A function that runs may take as long as it needs. */
    bool is_running = mailbox_find_link(&env->running_message, message, message->number);
    if (is_running && (!message->is_deferred || mailbox_has_turned(env, &turn))) quiet = 0;
    if (is_reported || quiet < ARKJS_MAILBOX_TIMEOUT) continue;
    is_reported = true;
    mailbox_report_stall(env, message);
  }
}

/* Call it with the lock held. */
static void mailbox_run_pumped(arkjs_env *env) {
  napi_handle_scope scope;
  ark_lock_leave(&env->lock);
  bool is_scoped = napi_open_handle_scope(env->napi, &scope) == napi_ok;
  mailbox_run_one(env);
  if (is_scoped) napi_close_handle_scope(env->napi, scope);
  ark_lock_enter(&env->lock);
}

void arkjs_mailbox_pump(arkjs_env *env, const bool *is_done) {
  ark_lock_enter(&env->lock);
  env->pumps++;
  while (!*is_done) {
    if (env->first_message) {
      mailbox_run_pumped(env);
    } else {
      ark_condition_wait(&env->pumped, &env->lock);
    }
  }
  env->pumps--;
  for (arkjs_message *left = env->first_message; left && !env->pumps; left = left->next)
    mailbox_wake(env, &mailbox_message_turn);
  ark_lock_leave(&env->lock);
}

void arkjs_mailbox_finish(arkjs_env *env, bool *is_done) {
  ark_lock_enter(&env->lock);
  *is_done = true;
  ark_condition_signal(&env->pumped);
  ark_lock_leave(&env->lock);
}

void arkjs_mailbox_set_raising(arkjs_env *env, bool is_raising) {
  ark_lock_enter(&env->lock);
  env->is_raising = is_raising;
  for (arkjs_message *message = env->first_message; message; message = message->next) {
    if (message->answered) ark_condition_signal(message->answered);
  }
  for (arkjs_message *message = env->running_message; message; message = message->next) {
    ark_condition_signal(message->answered);
  }
  ark_lock_leave(&env->lock);
}

void arkjs_mailbox_ask(arkjs_env *env, arkjs_message *message) {
  ark_condition answered;
  ark_condition_init(&answered);
  message->answered = &answered;
  message->is_done = message->is_deferred = false;
  ark_lock_enter(&env->lock);
  if (mailbox_append(env, message)) mailbox_wait_for_answer(env, message);
  ark_lock_leave(&env->lock);
  ark_condition_destroy(&answered);
}

void arkjs_mailbox_retain(arkjs_env *env) {
  if (env->retained++ == 0 && env->waker) napi_ref_threadsafe_function(env->napi, env->waker);
}

void arkjs_mailbox_release(arkjs_env *env) {
  if (--env->retained == 0 && env->waker) napi_unref_threadsafe_function(env->napi, env->waker);
}

void arkjs_mailbox_wait_for_reporters(arkjs_env *env) {
  ark_lock_enter(&env->lock);
  ark_lock_leave(&env->lock);
}

void arkjs_mailbox_close(arkjs_env *env) {
  arkjs_message *message, *dropped = NULL, **end = &dropped;
  ark_lock_enter(&env->lock);
  env->is_closed = true;
  while ((message = env->running_message)) {
    env->running_message = message->next;
    mailbox_answer(message);
  }
  while ((message = mailbox_take_oldest(env))) {
    if (message->answered) {
      mailbox_answer(message);
    } else {
      *end = message;
      end = &message->next;
    }
  }
  *end = NULL;
  ark_lock_leave(&env->lock);
  while ((message = dropped)) {
    dropped = message->next;
    message->drop(env, message);
  }
  if (env->waker) napi_release_threadsafe_function(env->waker, napi_tsfn_abort);
  env->waker = NULL;
}
