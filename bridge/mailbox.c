#include "mailbox.h"

/* Takes the oldest message off; must be called under the lock. */
static arkjs_message *take(arkjs_env *env) {
  arkjs_message *message = env->first_message;
  if (message) {
    env->first_message = message->next;
    if (!env->first_message) env->last_message = NULL;
  }
  return message;
}

/* Takes one message out of a list; false when it is not in it. Must be called under the lock. */
static bool unlink_message(arkjs_message **list, const arkjs_message *message) {
  while (*list && *list != message) list = &(*list)->next;
  if (!*list) return false;
  *list = message->next;
  return true;
}

/* Must be called under the lock. The message is the waiting thread's, which goes on as soon as the lock is left. */
static void answer(arkjs_message *message) {
  message->is_done = true;
  ark_condition_signal(message->answered);
}

bool arkjs_mailbox_claim(arkjs_env *env, arkjs_message *message) {
  ark_lock_enter(&env->lock);
  bool is_awaited = unlink_message(&env->running_message, message);
  ark_lock_leave(&env->lock);
  return is_awaited;
}

void arkjs_mailbox_answer(arkjs_env *env, arkjs_message *message) {
  ark_lock_enter(&env->lock);
  answer(message);
  ark_lock_leave(&env->lock);
}

static void run_message(arkjs_env *env) {
  ark_lock_enter(&env->lock);
  arkjs_message *message = take(env);
  if (message && message->answered) {
    message->next = env->running_message;
    env->running_message = message;
  }
  ark_lock_leave(&env->lock);
  if (message) message->run(env, message);
}

static const arkjs_turn message_turn = {run_message};

/* The host calls this once for each wake-up, and after so many of them sees to its other work; so one message is run
 * for each. */
static void take_turn(napi_env napi, napi_value function, void *context, void *data) {
  (void)function;
  const arkjs_turn *turn = data;
  if (napi) turn->run(context); /* else the environment ends: arkjs_mailbox_close sees to what is left */
}

/* Must be called under the lock. */
static bool wake(arkjs_env *env, const arkjs_turn *turn) {
  return !env->is_closed && napi_call_threadsafe_function(env->waker, (void *)turn, napi_tsfn_nonblocking) == napi_ok;
}

bool arkjs_mailbox_wake(arkjs_env *env, const arkjs_turn *turn) {
  ark_lock_enter(&env->lock);
  bool is_awake = wake(env, turn);
  ark_lock_leave(&env->lock);
  return is_awake;
}

napi_status arkjs_mailbox_open(arkjs_env *env) {
  napi_value name;
  napi_status status = napi_create_string_utf8(env->napi, "arkffi", NAPI_AUTO_LENGTH, &name);
  if (status == napi_ok) {
    status =
        napi_create_threadsafe_function(env->napi, NULL, NULL, name, 0, 1, NULL, NULL, env, take_turn, &env->waker);
  }
  return status == napi_ok ? napi_unref_threadsafe_function(env->napi, env->waker) : status;
}

/* Must be called under the lock. */
static bool append(arkjs_env *env, arkjs_message *message) {
  if (!wake(env, &message_turn)) return false;
  message->next = NULL;
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
  bool is_sent = append(env, message);
  ark_lock_leave(&env->lock);
  return is_sent;
}

/* Longer than any handler of uncaught exceptions should take, short enough for a process that ends. */
#define RAISING_PATIENCE 2000000000 /* nanoseconds */

/* Takes back a message whose answer has not been claimed. Must be called under the lock. */
static bool give_up(arkjs_env *env, arkjs_message *message) {
  if (unlink_message(&env->running_message, message)) return true;
  if (!unlink_message(&env->first_message, message)) return false;
  env->last_message = env->first_message;
  while (env->last_message && env->last_message->next) env->last_message = env->last_message->next;
  return true;
}

/* Must be called under the lock. */
static void wait_for_answer(arkjs_env *env, arkjs_message *message) {
  while (!message->is_done) {
    if (!env->is_raising) {
      ark_condition_wait(message->answered, &env->lock);
    } else if (!ark_condition_wait_for(message->answered, &env->lock, RAISING_PATIENCE) && env->is_raising &&
               give_up(env, message)) {
      return;
    }
  }
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
  message->is_done = false;
  ark_lock_enter(&env->lock);
  if (append(env, message)) wait_for_answer(env, message);
  ark_lock_leave(&env->lock);
  ark_condition_destroy(&answered);
}

void arkjs_mailbox_hold(arkjs_env *env) {
  if (env->holds++ == 0 && env->waker) napi_ref_threadsafe_function(env->napi, env->waker);
}

void arkjs_mailbox_let_go(arkjs_env *env) {
  if (--env->holds == 0 && env->waker) napi_unref_threadsafe_function(env->napi, env->waker);
}

void arkjs_mailbox_close(arkjs_env *env) {
  arkjs_message *message;
  ark_lock_enter(&env->lock);
  env->is_closed = true;
  while ((message = env->running_message)) {
    env->running_message = message->next;
    answer(message);
  }
  while ((message = take(env))) {
    if (message->answered) {
      answer(message);
    } else {
      message->drop(env, message);
    }
  }
  ark_lock_leave(&env->lock);
  if (env->waker) napi_release_threadsafe_function(env->waker, napi_tsfn_abort);
  env->waker = NULL;
}
