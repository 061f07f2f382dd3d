/* What one environment has of arkffi: its libraries, its callbacks, the calls on its stack.
 *
 * An environment is one JavaScript thread: the main one or a worker's. Nothing here is shared between two.
 * Thread rule: its own JavaScript thread, except what stands under `lock`.
 */
#ifndef ARKJS_ENV_H
#define ARKJS_ENV_H

#include "arkffi/handles.h"
#include "arkffi/thread.h"
#include <node_api.h>
#include <stdatomic.h>
#include <stdbool.h>

/* One call from JavaScript into C that is on the stack. */
typedef struct arkjs_frame {
  struct arkjs_frame *outer;
  napi_ref thrown; /* what a callback threw, boxed; NULL while none has. Once set, JavaScript is not entered again */
} arkjs_frame;

typedef struct arkjs_env {
  napi_env napi;
  uintptr_t thread;
  _Atomic uint32_t references; /* the host's own, and one for each function and callback that points here */

  ark_handles libraries, callbacks;
  arkjs_frame *frame;                  /* the innermost call into C, or NULL */
  struct arkjs_library *closing_later; /* closed while C was on the stack; unmapped when it no longer is */
  void *bindings;                      /* what the module's functions carry, see module.c; owned */
  char *folder;                        /* of the native module; owned, may be NULL */
  bool lengths_in_bytes; /* what napi_get_typedarray_info means by a length: elements, but on OpenHarmony */
  napi_ref array_buffer_class, byte_array_class, shared_buffer_class; /* the last NULL where the host has none */

  bool has_ended; /* its JavaScript is over; C may still reach its callbacks on this thread */

  /* Calls and reports from other threads, see mailbox.c. */
  ark_lock lock;
  bool is_closed; /* no more messages; under the lock, like the list */
  struct arkjs_message *first_message, *last_message;
  struct arkjs_message *running_message; /* the innermost that runs, linked to those around it */
  napi_threadsafe_function waker;        /* NULL until the first callback is made */
  uint32_t posts;                        /* posted and not yet run; while there are any, the process stays alive */
} arkjs_env;

/* The state for a newly loaded module, with a reference for the host that ends with the environment.
 * NULL when out of memory. */
arkjs_env *arkjs_env_create(napi_env napi);

/* Any thread. */
void arkjs_env_refer(arkjs_env *env);
void arkjs_env_release(arkjs_env *env);

/* Puts a call into C on the stack. What a callback threw in it is in frame->thrown afterwards. */
void arkjs_frame_enter(arkjs_env *env, arkjs_frame *frame);
void arkjs_frame_leave(arkjs_env *env);

#endif
