/* The event loop of the JavaScript thread: work that is done just before it would sleep.
 *
 * Only libuv's loop allows that, which Node.js and Electron have. Its functions are looked up in the process, so the
 * module loads on hosts without libuv too.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_EVENT_LOOP_H
#define ARKJS_EVENT_LOOP_H

#include "env/env.h"

typedef struct arkjs_event_loop arkjs_event_loop;

typedef struct arkjs_event_loop_hooks {
  void (*before_sleep)(void *context); /* once in each turn of the loop, between start and stop */
  void (*end)(void *context); /* the environment ends: the event loop must not be used any more. Called once at most */
  void *context;
} arkjs_event_loop_hooks;

/* NULL if the host's loop is none of libuv, or out of memory. The event loop belongs to the environment, which ends it.
 * It does not keep the process alive, and takes no time while it is stopped. */
arkjs_event_loop *arkjs_event_loop_open(arkjs_env *env, const arkjs_event_loop_hooks *hooks);

/* From when on, and up to when, before_sleep is called. */
void arkjs_event_loop_start(arkjs_event_loop *loop);
void arkjs_event_loop_stop(arkjs_event_loop *loop);

/* While it is awake, the loop looks for events in each turn, but does not sleep. */
void arkjs_event_loop_set_awake(arkjs_event_loop *loop, bool is_awake);

/* In before_sleep, when the loop is not awake: whether it will not sleep, because a timer is due or setImmediate has
 * been called. */
bool arkjs_event_loop_is_busy(const arkjs_event_loop *loop);

/* In before_sleep: whether an event has come meanwhile for which the loop would wake up. */
bool arkjs_event_loop_has_events(const arkjs_event_loop *loop);

/* How promises are settled. `begin` runs no JavaScript. If a single JavaScript function without arguments does it, it
 * returns that, and `end` is called afterwards; otherwise it returns NULL, and `settle` is called. Both of these return
 * whether there may be more to settle now; if not, they see to the rest themselves. Static. */
typedef struct arkjs_settling {
  napi_value (*begin)(arkjs_env *env);
  bool (*end)(arkjs_env *env);
  bool (*settle)(arkjs_env *env);
} arkjs_settling;

/* In before_sleep: settles as the host calls the functions of an addon, and returns what `end` or `settle` returns;
 * false if the host refuses. JavaScript that waits for the promises which were settled runs before this returns, so
 * that any of these functions may have been called meanwhile. */
bool arkjs_event_loop_settle(arkjs_event_loop *loop, const arkjs_settling *settling);

/* In before_sleep, when time has passed: timers that are due meanwhile must not wait for more. */
void arkjs_event_loop_update_time(arkjs_event_loop *loop);

#endif
