/* Messages from any thread to an environment's JavaScript thread.
 *
 * Thread rule: wake, send and ask from any thread (ask never from the JavaScript thread itself); all else, and what a
 * message runs, on the JavaScript thread. A message stays its sender's; it must live until it has run or was dropped.
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

/* Sends and waits until the message has been answered or given up. */
void arkjs_mailbox_ask(arkjs_env *env, arkjs_message *message);

/* While held at least once, the process stays alive for messages to come. */
void arkjs_mailbox_hold(arkjs_env *env);
void arkjs_mailbox_let_go(arkjs_env *env);

/* What a message that was asked does at the end of its run. Claim is true while its sender still waits; then the answer
 * may be written where it waits, and the sender goes on with arkjs_mailbox_answer. It is false when the sender has
 * given up or the mailbox was closed, by process.exit() in the callback say: then all that the message points to is
 * gone. */
bool arkjs_mailbox_claim(arkjs_env *env, arkjs_message *message);
void arkjs_mailbox_answer(arkjs_env *env, arkjs_message *message);

/* Before and after an exception is raised. The host may end the process meanwhile, without a word to us, and join its
 * threads: so those that wait here wait only for a while. */
void arkjs_mailbox_set_raising(arkjs_env *env, bool is_raising);

/* Drops what has not run, and lets every waiting thread go on; from here on messages are refused. */
void arkjs_mailbox_close(arkjs_env *env);

#endif
