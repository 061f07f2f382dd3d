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
#include <node_api.h>
#include <stdatomic.h>
#include <stdbool.h>

/* One call from JavaScript into C that is on the stack. */
typedef struct arkjs_frame {
  struct arkjs_frame *outer;
  const struct arkjs_function *function; /* what is called; NULL where C called us of itself */
  napi_ref thrown; /* what a callback threw, boxed; NULL while none has, or where the host refuses to keep it */
  bool has_failed; /* a callback has thrown, or the environment been told to end: JavaScript is not entered again */

  /* Of the callbacks that C calls meanwhile, see entry.c. */
  bool is_in_callback;
  atomic_bool has_run_js; /* since somebody last cleared it: buffers may be gone, libraries closed */
  uint32_t scope_calls;
  uint64_t scope_number;   /* never used twice */
  napi_handle_scope scope; /* that some of them share; NULL while none is open */
  napi_value receiver;     /* undefined, in that scope */
  napi_value context;      /* likewise, see v8/caller.h; NULL where there is none */
} arkjs_frame;

typedef struct arkjs_env {
  napi_env napi;
  uintptr_t thread;
  _Atomic uint32_t references; /* the host's own, and one for each function and callback that points here */

  ark_handles libraries, callbacks, calls; /* calls: the asynchronous ones that can be cancelled */
  struct arkjs_v8 *v8;                     /* see v8/fast.h; owned; NULL unless that engine is in use */
  struct arkjs_v8_caller *v8_caller;       /* see v8/caller.h; owned; NULL until a callback is made */
  struct arkjs_cells *cells;               /* see cells.h; owned; NULL until they are opened */
  arkjs_frame *frame;                      /* the innermost call into C, or NULL */
  struct arkjs_types *last_types;          /* of the callback made last; referred to */
  uint64_t scopes;                         /* how many handle scopes frames have had */
  struct arkjs_library *closing_later;     /* closed while C was on the stack; unmapped when it no longer is */
  void *bindings;                          /* what the module's functions carry, see module.c; owned */
  ark_error error;       /* for what fails on the way in and is thrown at once: a level of calls has no room for one */
  char *folder;          /* of the native module; owned, may be NULL */
  bool has_traces;       /* errors have stack traces like V8's, see trace.h */
  bool lengths_in_bytes; /* what napi_get_typedarray_info means by a length: elements, but on OpenHarmony */
  napi_ref array_buffer_class, byte_array_class;
  napi_ref resizable_getter;     /* of ArrayBuffer.prototype; NULL where the host has none */
  napi_ref shared_length_getter; /* of SharedArrayBuffer.prototype; likewise */
  napi_ref promise_then;         /* of Promise.prototype */
  napi_ref aliases;              /* a WeakMap, see pin.c; with its methods; NULL where the host has none */
  napi_ref aliases_get, aliases_set;

  const struct arkjs_function
      *_Atomic calling; /* of the innermost frame: for who reports from another thread, under the lock */

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
  uint32_t holds;                 /* reasons for the process to stay alive: calls in flight, messages posted */

  struct arkjs_library *lanes; /* libraries that have threads of their own, open or closed with calls in flight */
  struct arkjs_pump_thread *idle_pumps; /* see pump.c; owned */
  struct arkjs_engine *engine;          /* of asynchronous calls, see engine.c; owned; NULL until the first */
} arkjs_env;

/* The state for a newly loaded module, with a reference for the host that ends with the environment.
 * NULL when out of memory. */
arkjs_env *arkjs_env_create(napi_env napi);

/* Any thread. */
void arkjs_env_refer(arkjs_env *env);
void arkjs_env_release(arkjs_env *env);

/* Must have succeeded before anything comes from another thread: opens the mailbox, and sees to it that the process can
 * end while other threads are at work. */
napi_status arkjs_env_expect_threads(arkjs_env *env);

/* False while the host takes the environment down: then no JavaScript runs, though callbacks of the host still come. */
bool arkjs_env_can_run(arkjs_env *env);

/* Puts a call into C on the stack. What a callback threw in it is in frame->thrown afterwards. */
static inline void arkjs_frame_enter(arkjs_env *env, arkjs_frame *frame, const struct arkjs_function *function) {
  frame->outer = env->frame;
  frame->function = function;
  frame->thrown = NULL;
  frame->has_failed = false;
  frame->is_in_callback = false;
  atomic_init(&frame->has_run_js, false);
  frame->scope = NULL;
  env->frame = frame;
  atomic_store_explicit(&env->calling, function, memory_order_relaxed);
}

/* When C has returned; before anything that is to outlive the call is made. */
void arkjs_frame_close_scope(arkjs_env *env, arkjs_frame *frame);

/* Unmaps what was closed while C was on the stack. */
void arkjs_libraries_unmap(arkjs_env *env);

/* Where other C is still on the stack. */
static inline void arkjs_frame_pop(arkjs_env *env) {
  arkjs_frame *outer = env->frame->outer;
  env->frame = outer;
  atomic_store_explicit(&env->calling, outer ? outer->function : NULL, memory_order_relaxed);
}

static inline void arkjs_frame_leave(arkjs_env *env) {
  arkjs_frame_pop(env);
  if (!env->frame && env->closing_later) arkjs_libraries_unmap(env);
}

/* Before a function is freed that may have been called: lets those finish that report from another thread. */
void arkjs_env_forget_calls(arkjs_env *env);

#endif
