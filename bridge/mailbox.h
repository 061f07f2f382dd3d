/* Messages from any thread to an environment's JavaScript thread.
 *
 * Thread rule: wake, send and ask from any thread (ask never from the JavaScript thread itself); all else, and what a message
 * runs, on the JavaScript thread. A message stays its sender's; it must live until it has run or was dropped.
 */
#ifndef ARKJS_MAILBOX_H
#define ARKJS_MAILBOX_H

#include "env.h"

typedef struct arkjs_message {
  struct arkjs_message *next;                                  /* in the list, then to the message around it */
  void (*run)(arkjs_env *env, struct arkjs_message *message);  /* a handle scope is open */
  void (*drop)(arkjs_env *env, struct arkjs_message *message); /* instead, when it will never run; unless it is asked */
  ark_condition *answered;                                     /* for ask; else NULL */
  bool is_done;                                                /* likewise, under the lock */
} arkjs_message;

/* Must have succeeded before the first message, see arkjs_env_expect_threads. Keeps nobody alive. */
napi_status arkjs_mailbox_open(arkjs_env *env);

/* Something to be done on the JavaScript thread that carries no message: static. */
typedef struct arkjs_turn {
  void (*run)(arkjs_env *env);
} arkjs_turn;

/* Any thread: has the turn run once, soon. False when the mailbox is closed. */
bool arkjs_mailbox_wake(arkjs_env *env, const arkjs_turn *turn);

/* False when the mailbox is closed; then nothing happens. */
bool arkjs_mailbox_send(arkjs_env *env, arkjs_message *message);

/* Sends and waits until the message has run or was dropped. */
void arkjs_mailbox_ask(arkjs_env *env, arkjs_message *message);

/* While held at least once, the process stays alive for messages to come. */
void arkjs_mailbox_hold(arkjs_env *env);
void arkjs_mailbox_let_go(arkjs_env *env);

/* While a message runs that was asked: whether its sender still waits. It no longer does once the mailbox has been
 * closed, by process.exit() in the callback say; then the message and all it points to are gone. */
bool arkjs_mailbox_is_awaited(const arkjs_env *env, const arkjs_message *message);

/* Drops what has not run, and lets every waiting thread go on; from here on messages are refused. */
void arkjs_mailbox_close(arkjs_env *env);

#endif
