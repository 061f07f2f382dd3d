/* What one environment has of arkffi: its libraries, its callbacks, the calls on its stack.
 *
 * An environment is one JavaScript thread: the main one or a worker's. Nothing here is shared between two.
 * Thread rule: its own JavaScript thread, except what stands under `lock`.
 */
#ifndef ARKJS_ENV_H
#define ARKJS_ENV_H

#include "arkffi/error.h"
#include "arkffi/handles.h"
#include "arkffi/thread.h"
#include "env/intrinsics.h"
#include <node_api.h>
#include <stdatomic.h>
#include <stdbool.h>

struct arkjs_env;
struct arkjs_function;
struct arkjs_library;

/* Bytes that a processor moves at once between its cores: what one thread writes and another reads often stand as far
 * apart. For the core to give, by processor. */
enum { ARKJS_CACHE_LINE = 64 };

/* What lies above and must be reached from below. One constant table, from exports/lifecycle.c. */
typedef struct arkjs_hooks {
  void (*exit)(struct arkjs_env *env);                    /* the process emits 'exit' */
  void (*free_env)(struct arkjs_env *env);                /* the last reference to the environment is gone */
  void (*free_function)(struct arkjs_function *function); /* the last reference to the function is gone */
  void (*close_library)(struct arkjs_library *library);   /* no new call may start in it */
} arkjs_hooks;

typedef struct arkjs_env {
  napi_env napi;
  const arkjs_hooks *hooks;
  uintptr_t thread;
  /* The host's own, and one for each function and callback that points here. Counted by operators, which order
   * everything: it changes too seldom for weaker orders to save anything. */
  _Atomic uint32_t references;

  ark_handles libraries, callbacks, calls; /* calls: the asynchronous ones that can be cancelled */
  struct arkjs_v8 *v8;                     /* see v8/fast.h; owned; NULL unless that engine is in use */
  struct arkjs_v8_caller *v8_caller;       /* see v8/caller.h; owned; NULL until a callback is made */
  struct arkjs_slots *slots;               /* see cells.h; owned; NULL until they are opened */
  struct arkjs_frame *frame;               /* the innermost call into C, or NULL */
  struct arkjs_types *last_types;          /* of the callback made last; referred to */
  uint64_t scopes;                         /* how many handle scopes frames have had */
  struct arkjs_deferred *deferred;         /* what runs when no C is on the stack any more, see frames.h */
  void *bindings;                          /* what the module's functions carry, see module.c; owned */
  ark_error error;       /* for what fails on the way in and is thrown at once: a level of calls has no room for one */
  char *folder;          /* of the native module; owned, may be NULL */
  bool has_traces;       /* errors have stack traces like V8's, see trace.h */
  bool lengths_in_bytes; /* what napi_get_typedarray_info means by a length: elements, but on OpenHarmony */
  arkjs_intrinsics intrinsics;

  /* The name of what the innermost frame calls, NULL for none. A report of a stall reads it under the lock, from another
   * thread. The stores are relaxed, because each call makes two: the lock is taken between the making of a name and its
   * first call, and between its last call and its end (arkjs_mailbox_wait_for_reporters). */
  const char *_Atomic calling;

  bool has_ended; /* its JavaScript is over; C may still reach its callbacks on this thread */

  /* Calls and reports from other threads, see mailbox.c. */
  ark_lock lock;
  bool is_closed;  /* no more messages; under the lock, like all of these */
  bool is_raising; /* an exception is being raised, which may end the process */
  struct arkjs_message *first_message, *last_message;
  struct arkjs_message
      *running_message;     /* those that are awaited and run, the innermost first, or have been deferred */
  uint64_t messages, turns; /* messages sent; turns of the event loop that somebody has asked for */
  bool is_turn_asked;
  uint32_t pumps;                 /* calls on the stack that run messages while they wait */
  ark_condition pumped;           /* that there is something for them */
  napi_threadsafe_function waker; /* NULL until the first callback is made */
  uint32_t retained;              /* reasons for the process to stay alive: calls in flight, messages posted */

  struct arkjs_library *lanes; /* libraries that have threads of their own, open or closed with calls in flight */
  struct arkjs_pump_thread *idle_pumps; /* see pump.c; owned */
  struct arkjs_executor *executor;      /* of asynchronous calls, see engine.c; owned; NULL until the first */
} arkjs_env;

/* The state for a newly loaded module, with a reference for the host that ends with the environment. Its intrinsics are
 * not taken yet. The hooks are static. NULL when out of memory. */
arkjs_env *arkjs_env_create(napi_env napi, const arkjs_hooks *hooks);

/* Any thread. */
void arkjs_env_retain(arkjs_env *env);
void arkjs_env_release(arkjs_env *env);

/* False while the host takes the environment down: then no JavaScript runs, though callbacks of the host still come. */
bool arkjs_env_can_run(arkjs_env *env);

#endif
