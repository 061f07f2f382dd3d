/* Messages from any thread to an environment's JavaScript thread.
 *
 * Thread rule: send and ask from any thread (ask never from the JavaScript thread itself); all else, and what a message
 * runs, on the JavaScript thread. A message stays its sender's; it must live until it has run or was dropped.
 */
#ifndef ARKJS_MAILBOX_H
#define ARKJS_MAILBOX_H

#include "env.h"

typedef struct arkjs_message {
  struct arkjs_message *next;
  void (*run)(arkjs_env *env, struct arkjs_message *message);  /* a handle scope is open */
  void (*drop)(arkjs_env *env, struct arkjs_message *message); /* instead, when the environment ends; may be NULL */
  ark_condition *answered;                                     /* for ask; else NULL */
  bool is_done;                                                /* likewise, under the lock */
} arkjs_message;

/* Must have succeeded before the first message. Keeps nobody alive. */
napi_status arkjs_mailbox_open(arkjs_env *env);

/* False when the environment has ended; then nothing happens. */
bool arkjs_mailbox_send(arkjs_env *env, arkjs_message *message);

/* Sends and waits until the message has run or was dropped. */
void arkjs_mailbox_ask(arkjs_env *env, arkjs_message *message);

/* While held at least once, the process stays alive for messages to come. */
void arkjs_mailbox_hold(arkjs_env *env);
void arkjs_mailbox_let_go(arkjs_env *env);

/* Drops what has not run; from here on messages are refused. */
void arkjs_mailbox_close(arkjs_env *env);

#endif
