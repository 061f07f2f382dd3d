/* The calls from JavaScript into C that are on an environment's stack, and the work that waits until none is.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_FRAMES_H
#define ARKJS_FRAMES_H

#include "env/env.h"

/* One call from JavaScript into C that is on the stack. */
typedef struct arkjs_frame {
  struct arkjs_frame *outer;
  const char *name; /* of what is called, which lives as long as the frame; NULL where C called us of itself */
  napi_ref thrown;  /* what a callback threw, boxed; NULL while none has, or where the host refuses to keep it */
  bool has_failed;  /* a callback has thrown, or the environment been told to end: JavaScript is not entered again */

  /* Of the callbacks that C calls meanwhile, see entry.c. */
  bool is_in_callback;
  atomic_bool
      has_run_js; /* relaxed: atomic only for ark_batch.stop; since somebody last cleared it: buffers may be gone, libraries closed */
  uint32_t scope_calls;
  uint64_t scope_number;   /* never used twice */
  napi_handle_scope scope; /* that some of them share; NULL while none is open */
  napi_value receiver;     /* undefined, in that scope */
  napi_value context;      /* of V8, see v8/caller.h, in that scope; NULL where there is none */
} arkjs_frame;

/* Work that must wait until no C is on the stack. Part of a larger structure of its owner. */
typedef struct arkjs_deferred {
  struct arkjs_deferred *next;                  /* in env->deferred */
  void (*run)(struct arkjs_deferred *deferred); /* takes it over */
} arkjs_deferred;

/* Hands `deferred`, whose `run` is set, over; the work deferred last runs first. */
static inline void arkjs_frame_defer(arkjs_env *env, arkjs_deferred *deferred) {
  deferred->next = env->deferred;
  env->deferred = deferred;
}

/* Runs all that is deferred, whatever is on the stack. */
void arkjs_frames_run_deferred(arkjs_env *env);

/* Runs what is deferred, if no C is on the stack. */
static inline void arkjs_frames_settle(arkjs_env *env) {
  if (!env->frame && env->deferred) arkjs_frames_run_deferred(env);
}

/* Puts a call into C on the stack. What a callback threw in it is in frame->thrown afterwards. */
static inline void arkjs_frame_enter(arkjs_env *env, arkjs_frame *frame, const char *name) {
  frame->outer = env->frame;
  frame->name = name;
  frame->thrown = NULL;
  frame->has_failed = false;
  frame->is_in_callback = false;
  atomic_init(&frame->has_run_js, false);
  frame->scope = NULL;
  env->frame = frame;
  atomic_store_explicit(&env->calling, name, memory_order_relaxed);
}

/* When C has returned; before anything that is to outlive the call is made. */
void arkjs_frame_close_scope(arkjs_env *env, arkjs_frame *frame);

/* Where other C is still on the stack. */
static inline void arkjs_frame_pop(arkjs_env *env) {
  arkjs_frame *outer = env->frame->outer;
  env->frame = outer;
  atomic_store_explicit(&env->calling, outer ? outer->name : NULL, memory_order_relaxed);
}

static inline void arkjs_frame_leave(arkjs_env *env) {
  arkjs_frame_pop(env);
  arkjs_frames_settle(env);
}

#endif
