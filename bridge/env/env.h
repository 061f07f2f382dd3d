/* The state of one environment: its libraries, its callbacks, and the calls into C on its stack.
 *
 * An environment is one JavaScript thread: the main thread or a worker. Two environments share nothing here.
 * Thread rule: the environment's own JavaScript thread, except for the members under `lock`.
 */
#ifndef ARKJS_ENV_H
#define ARKJS_ENV_H

#include "arkffi/error.h"
#include "arkffi/handles.h"
#include "arkffi/thread.h"
#include "env/host.h"
#include "env/intrinsics.h"
#include <node_api.h>
#include <stdatomic.h>
#include <stdbool.h>

struct arkjs_env;
struct arkjs_function;
struct arkjs_library;

/* Functions of higher layers that lower layers call. There is one constant table, set by exports/lifecycle.c. */
typedef struct arkjs_hooks {
  void (*exit)(struct arkjs_env *env);                    /* the process emitted 'exit' */
  void (*free_env)(struct arkjs_env *env);                /* the last reference to the environment was released */
  void (*free_function)(struct arkjs_function *function); /* the last reference to the function was released */
  void (*close_library)(struct arkjs_library *library);   /* the library closes: no new call may start in it */
  void (*unmap_library)(struct arkjs_env *env);           /* a library that was closed has been unmapped */
  void (*find_way)(struct arkjs_env *env);                /* env->has_other_ways has become true */
} arkjs_hooks;

typedef struct arkjs_env {
  napi_env napi;
  const arkjs_hooks *hooks;
  uintptr_t thread;
  /* The addresses on the thread's stack on which JavaScript can run, see callbacks/stack.h; all addresses until they
   * are measured. */
  uintptr_t stack_low, stack_size;
  uintptr_t stack_bottom; /* the end of the thread's stack, at or below stack_low */
  ark_handles libraries, callbacks, cancel_groups;
  struct arkjs_v8 *v8; /* see v8/gates.h; owned; NULL unless the V8 engine or the host's own is in use */
  /* In memory that JavaScript writes: not 0 while a call by the host's engine is on the stack, which has no frame. NULL
   * unless that engine is in use. */
  const uint8_t *calls_by_host;
  struct arkjs_v8_caller *v8_caller;       /* see v8/caller.h; owned; NULL until the first callback is created */
  struct arkjs_slots *slots;               /* see engines/portable.h; owned; NULL until they are opened */
  struct arkjs_frame *frame;               /* the innermost call into C; NULL when there is none */
  struct arkjs_call_types *call_types[64]; /* lists by a hash of their letters, see functions/call_types.h */
  struct arkjs_types *last_types;          /* of the most recently created callback; holds a reference */
  struct arkjs_function
      *borrowers;                  /* those at bare addresses that have taken plain functions, see callbacks/borrow.h */
  uint32_t open_callbacks;         /* how many callbacks C may call */
  uint32_t awaited_callbacks;      /* how many of them other threads wait for */
  uint32_t holds;                  /* calls whose arguments are being taken, see frames.h */
  uint64_t scopes;                 /* the number of handle scopes that frames have opened */
  struct arkjs_deferred *deferred; /* work to run when no C is on the stack any more, see frames.h */
  void *bindings;                  /* the data of the module's functions, see exports/module.c; owned */
  /* For errors before a call, which are thrown at once. An ark_error of 1 KB for each nested call would take too much
   * stack. */
  ark_error error;
  /* Why the innermost frame that refused a callback did so. Such a frame enters JavaScript no more, so no other frame
   * can refuse one meanwhile. Not allocated when it is needed: C may call from a signal handler. */
  ark_error refusal;
  char *folder;       /* the folder of the native module; owned; may be NULL */
  char *library_path; /* the folders to search for libraries, if they have been set, see exports/settings.h; owned */
  bool is_stack_measured;
  arkjs_host host;
  arkjs_intrinsics intrinsics;

  /* The name of the function that the innermost frame calls; NULL when there is none. A stall report on another
   * thread reads it under the lock. The stores are relaxed, since each call makes two of them. They need no stronger
   * order, because arkjs_mailbox_wait_for_reporters takes the lock between the creation of a name and its first call,
   * and between its last call and its release. */
  const char *_Atomic calling;

  /* Other ways into JavaScript, see other_ways.h. */
  struct arkjs_env *next_on_thread;
  uint64_t loads; /* ark_process_loads when they were last looked for */
  bool has_other_ways;

  bool has_ended; /* JavaScript has ended; C may still call callbacks on this thread */
  /* One reference of the host, and one for each function and callback of the environment. Sequentially consistent: it
   * changes too rarely for weaker memory orders to matter. */
  _Atomic uint32_t references;

  /* Calls and reports from other threads, see mailbox.c. All of these are under the lock. */
  ark_lock lock;
  bool is_closed;     /* accepts no more messages */
  bool is_raising;    /* an exception is being raised, which may end the process */
  bool is_turn_asked; /* a turn of the event loop has been asked for and not come yet */
  uint32_t pumps;     /* calls on the stack that run messages while they wait */
  uint32_t retained;  /* reasons to keep the process alive: pending calls and posted messages */
  struct arkjs_message *first_message, *last_message;
  struct arkjs_message
      *running_message;           /* awaited messages that run or whose answer is deferred, the innermost first */
  uint64_t messages, turns;       /* messages sent; counted turns of the event loop */
  ark_condition pumped;           /* signalled when a message arrives for the calls in `pumps` */
  napi_threadsafe_function waker; /* NULL until the first callback is created */

  _Atomic uint32_t weak_posts; /* posted calls of weak callbacks that keep nothing alive, see arkjs_posts_keep */

  struct arkjs_in_place *in_place;      /* memory that calls on other threads work in, see calls/in_place.h */
  struct arkjs_library *lanes;          /* libraries with a lane that are open, or closed with calls pending */
  struct arkjs_pump_thread *idle_pumps; /* see calls/pump.c; owned */
  struct arkjs_executor *executor;      /* see async/executor.c; owned; NULL until the first asynchronous call */
  struct arkjs_waves *waves;            /* see async/waves.h; owned; NULL until they are opened */
} arkjs_env;

/* Creates the state for a newly loaded module. The caller gets one reference, which belongs to the host and is
 * released when the environment ends. The intrinsics are not taken yet. `hooks` must be static. NULL when out of
 * memory. */
arkjs_env *arkjs_env_create(napi_env napi, const arkjs_hooks *hooks);

/* Any thread: reference count. */
void arkjs_env_retain(arkjs_env *env);
void arkjs_env_release(arkjs_env *env);

/* False while the host shuts the environment down. No JavaScript may run then, although the host still calls back. */
bool arkjs_env_can_run(arkjs_env *env);

#endif
