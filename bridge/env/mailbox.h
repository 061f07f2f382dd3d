/* Messages from any thread to an environment's JavaScript thread.
 *
 * Thread rule: wake, send, ask and finish may be called on any thread (ask never on the JavaScript thread itself).
 * Everything else, and the functions of a message, run on the JavaScript thread. The sender owns a message; it must
 * live until it has run or was dropped.
 */
#ifndef ARKJS_MAILBOX_H
#define ARKJS_MAILBOX_H

#include "env/env.h"

typedef struct arkjs_message {
  struct arkjs_message *next;                                 /* in one of the lists */
  void (*run)(arkjs_env *env, struct arkjs_message *message); /* called with an open handle scope */
  /* Called instead of `run` when the message will never run; not called for `ask`. */
  void (*drop)(arkjs_env *env, struct arkjs_message *message);
  const char *asks; /* for ask: the caller's name in the stall warning */
  bool is_report;   /* for send: the process does not end by itself before the message has run */
  bool is_held;     /* this and the following members belong to the mailbox; keeps the process alive */
  bool is_done, is_deferred;
  ark_condition *answered;
  uint64_t number;
} arkjs_message;

/* Opens the mailbox, and lets the process end while other threads are busy. Must succeed before the first message and
 * before any other call from another thread. Later calls do nothing. An open mailbox does not keep the process alive;
 * reports that wait in it do, as long as the program does not end the process itself. */
napi_status arkjs_mailbox_open(arkjs_env *env);

/* Work on the JavaScript thread that needs no message. Static. */
typedef struct arkjs_turn {
  void (*run)(arkjs_env *env);
} arkjs_turn;

/* Any thread: schedules one run of `turn`. False when the mailbox is closed. */
bool arkjs_mailbox_wake(arkjs_env *env, const arkjs_turn *turn);

/* Appends a message. False when the mailbox is closed; then nothing happens. */
bool arkjs_mailbox_send(arkjs_env *env, arkjs_message *message);

/* Calls `visit`, which must not use the mailbox, with each message of that `run` that waits. */
void arkjs_mailbox_visit(arkjs_env *env, void (*run)(arkjs_env *env, arkjs_message *message),
                         void (*visit)(arkjs_message *message));

/* How long a thread waits for the JavaScript thread to handle its message before it writes a warning to standard
 * error. A blocked JavaScript thread cannot be informed in any other way. The value is longer than a well-behaved
 * program blocks its event loop. */
#define ARKJS_MAILBOX_TIMEOUT 2000000000 /* nanoseconds */

/* Sends a message and waits until it was answered or given up. */
void arkjs_mailbox_ask(arkjs_env *env, arkjs_message *message);

/* Runs messages until *is_done, which a worker thread sets by arkjs_mailbox_finish. */
void arkjs_mailbox_pump(arkjs_env *env, const bool *is_done);

/* Call on that worker thread: sets *is_done and wakes the pump. */
void arkjs_mailbox_finish(arkjs_env *env, bool *is_done);

/* Keeps the process alive for messages to come, until each retain was matched by a release. */
void arkjs_mailbox_retain(arkjs_env *env);
void arkjs_mailbox_release(arkjs_env *env);

/* The answer to a message that was sent by ask. The message is identified by its number too, because another message
 * may occupy the same memory by now.
 *
 * Claim returns true while the sender still waits. The caller then writes the answer where the sender expects it, and
 * lets the sender go on with arkjs_mailbox_answer. Claim returns false when the sender gave up or the mailbox was
 * closed, for example by process.exit() in a callback. Then everything that the message points to is gone. Defer
 * announces that the answer comes after the message has run; it returns false in the same cases as claim.
 */
bool arkjs_mailbox_claim(arkjs_env *env, arkjs_message *message, uint64_t number);
void arkjs_mailbox_answer(arkjs_env *env, arkjs_message *message);
bool arkjs_mailbox_defer(arkjs_env *env, arkjs_message *message, uint64_t number);

/* To be called before and after raising an exception. The host may end the process during that without notice, and
 * join its threads, so threads that wait for an answer stop waiting after a timeout. */
void arkjs_mailbox_set_raising(arkjs_env *env, bool is_raising);

/* Returns when no other thread reads an earlier value of env->calling. Threads that read it later see everything that
 * this thread has written. Call it between the creation of a function and its first call, and before a function is
 * freed. */
void arkjs_mailbox_wait_for_reporters(arkjs_env *env);

/* Drops the messages that have not run, wakes every waiting thread, and refuses messages from then on. */
void arkjs_mailbox_close(arkjs_env *env);

#endif
