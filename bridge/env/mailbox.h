/* Messages from any thread to an environment's JavaScript thread.
 *
 * Thread rule: wake, send, ask and finish from any thread (ask never from the JavaScript thread itself); all else, and
 * what a message runs, on the JavaScript thread. A message stays its sender's; it must live until it has run or was dropped.
 */
#ifndef ARKJS_MAILBOX_H
#define ARKJS_MAILBOX_H

#include "env/env.h"

typedef struct arkjs_message {
  struct arkjs_message *next;                                  /* in one of the lists */
  void (*run)(arkjs_env *env, struct arkjs_message *message);  /* a handle scope is open */
  void (*drop)(arkjs_env *env, struct arkjs_message *message); /* instead, when it will never run; unless it is asked */
  const char *asks;        /* for ask: who does, in what is told of a thread that waits for long */
  ark_condition *answered; /* the rest is the mailbox's */
  uint64_t number;
  bool is_done, is_deferred;
} arkjs_message;

/* Must have succeeded before the first message, and before anything else comes from another thread: opens the mailbox,
 * and lets the process end while other threads are at work. A second time does nothing. Keeps nobody alive. */
napi_status arkjs_mailbox_open(arkjs_env *env);

/* Something to be done on the JavaScript thread that carries no message: static. */
typedef struct arkjs_turn {
  void (*run)(arkjs_env *env);
} arkjs_turn;

/* Any thread: has the turn run once, soon. False when the mailbox is closed. */
bool arkjs_mailbox_wake(arkjs_env *env, const arkjs_turn *turn);

/* False when the mailbox is closed; then nothing happens. */
bool arkjs_mailbox_send(arkjs_env *env, arkjs_message *message);

/* How long a thread waits for the JavaScript thread to come to its message before that is told, on the process's standard
 * error: while JavaScript stands still nobody else can be told. Longer than a program that does well lets its event loop
 * wait. */
#define ARKJS_MAILBOX_TIMEOUT 2000000000 /* nanoseconds */

/* Sends and waits until the message has been answered or given up. */
void arkjs_mailbox_ask(arkjs_env *env, arkjs_message *message);

/* Waits for what a thread of ours does, and runs messages meanwhile, until *is_done, which that thread sets by
 * arkjs_mailbox_finish. */
void arkjs_mailbox_pump(arkjs_env *env, const bool *is_done);

/* That thread. */
void arkjs_mailbox_finish(arkjs_env *env, bool *is_done);

/* While held at least once, the process stays alive for messages to come. */
void arkjs_mailbox_retain(arkjs_env *env);
void arkjs_mailbox_release(arkjs_env *env);

/* What becomes of a message that was asked, known by its number: another may have come to lie where it was. Claim is true
 * while its sender still waits; then the answer may be written where it waits, and the sender goes on with
 * arkjs_mailbox_answer. It is false when the sender has given up or the mailbox was closed, by process.exit() in the
 * callback say: then all that the message points to is gone. Defer says that the answer comes later than the end of
 * the message's run; it is false likewise. */
bool arkjs_mailbox_claim(arkjs_env *env, arkjs_message *message, uint64_t number);
void arkjs_mailbox_answer(arkjs_env *env, arkjs_message *message);
bool arkjs_mailbox_defer(arkjs_env *env, arkjs_message *message, uint64_t number);

/* Before and after an exception is raised. The host may end the process meanwhile, without a word to us, and join its
 * threads: so those that wait here wait only for a while. */
void arkjs_mailbox_set_raising(arkjs_env *env, bool is_raising);

/* Returns when no thread reads a name that env->calling had before; later readers see all that this thread has written. To
 * be called between the making of a function and its first call, and before its end. */
void arkjs_mailbox_wait_for_reporters(arkjs_env *env);

/* Drops what has not run, and lets every waiting thread go on; from here on messages are refused. */
void arkjs_mailbox_close(arkjs_env *env);

#endif
