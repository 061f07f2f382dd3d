/* The frames of an environment: its calls from JavaScript into C that are on the stack. Also the work that waits
 * until there is no frame.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_FRAMES_H
#define ARKJS_FRAMES_H

#include "env/env.h"

/* Protects the buffers that C works on in a frame from the callbacks that C calls. See calls/guard.h. */
typedef struct arkjs_guard {
  /* Called before a callback runs. If it fails, the callback must not run. */
  ark_status (*secure)(struct arkjs_guard *guard, ark_error *error);
  /* Called after a callback, with nothing between it and C; it may not return. NULL for none. */
  void (*check)(struct arkjs_guard *guard);
  bool is_secured;
} arkjs_guard;
/* One call from JavaScript into C that is on the stack. */
typedef struct arkjs_frame {
  struct arkjs_frame *outer;
  /* The function's name, which must outlive the frame; NULL when C called back without a call from JavaScript. */
  const char *name;
  /* The value that a callback threw, boxed; NULL when none did, or when the host could not keep it. */
  napi_ref thrown;
  arkjs_guard *guard; /* of the buffers that C works on; NULL for none */
  ark_status refusal; /* why a callback was refused, with the message in env->refusal; ARK_OK when none was */
  /* A callback threw or was refused, or the environment is shutting down: do not enter JavaScript again. */
  bool has_failed;

  /* State of the callbacks that C calls during this frame, see callbacks/enter.c. */
  bool is_in_callback;
  atomic_bool
      /* JavaScript has run since this was last cleared, so buffers may be gone and libraries closed; relaxed, since
       * one thread uses it: it is atomic because ark_batch.stop is */
      has_run_js;
  uint32_t scope_calls;
  uint64_t scope_number;   /* unique within the environment */
  napi_handle_scope scope; /* shared by several callbacks; NULL when none is open */
  napi_value receiver;     /* undefined, as a handle in that scope */
  /* V8's context as a handle in that scope, see v8/caller.h; NULL when V8 is not called directly */
  napi_value context;
} arkjs_frame;

/* Work that must wait until no C is on the stack. It is a member of a larger structure that its owner allocates. */
typedef struct arkjs_deferred {
  struct arkjs_deferred *next;                  /* in env->deferred */
  void (*run)(struct arkjs_deferred *deferred); /* takes ownership of the structure */
} arkjs_deferred;

/* Queues `deferred`, whose `run` must be set. The work queued last runs first. */
static inline void arkjs_frame_defer(arkjs_env *env, arkjs_deferred *deferred) {
  deferred->next = env->deferred;
  env->deferred = deferred;
}

/* Runs all queued work, whatever is on the stack. */
void arkjs_frames_run_deferred(arkjs_env *env);

/* Whether C is on the stack, or is about to be. */
static inline bool arkjs_frames_are_busy(const arkjs_env *env) {
  return env->frame || env->holds || (env->calls_by_host && *env->calls_by_host);
}

/* Runs the queued work unless C is on the stack. */
static inline void arkjs_frames_settle(arkjs_env *env) {
  if (env->deferred && !arkjs_frames_are_busy(env)) arkjs_frames_run_deferred(env);
}

/* Between these two the queued work waits as if C were on the stack. A call takes the addresses of its arguments here,
 * and a later argument's getter may close what they belong to. */
static inline void arkjs_frames_hold(arkjs_env *env) {
  env->holds++;
}

static inline void arkjs_frames_end_hold(arkjs_env *env) {
  env->holds--;
  arkjs_frames_settle(env);
}

/* Pushes a frame. When C has returned and frame->has_failed is set, arkjs_frame_take_thrown has what a callback threw.
 */
static inline void arkjs_frame_enter(arkjs_env *env, arkjs_frame *frame, const char *name) {
  frame->outer = env->frame;
  frame->name = name;
  frame->thrown = NULL;
  frame->guard = NULL;
  frame->refusal = ARK_OK;
  frame->has_failed = false;
  frame->is_in_callback = false;
  atomic_init(&frame->has_run_js, false);
  frame->scope = NULL;
  env->frame = frame;
  atomic_store_explicit(&env->calling, name, memory_order_relaxed);
}

/* Closes the frame's handle scope. Call it when C has returned, before creating handles that must outlive the frame. */
void arkjs_frame_close_scope(arkjs_env *env, arkjs_frame *frame);

/* Makes the frame fail with an error that is created when C has returned. It uses no JavaScript, so it may be called
 * where none can run, and it allocates nothing, so it may be called in a signal handler. A frame that has failed
 * already is left as it is. */
void arkjs_frame_refuse(arkjs_env *env, arkjs_frame *frame, ark_status status, const ark_error *error);

/* The value, boxed, that a callback threw in the frame, or the error of a refused one; NULL for neither. The caller
 * takes it over. */
napi_ref arkjs_frame_take_thrown(arkjs_env *env, arkjs_frame *frame);

/* Pops the innermost frame without running queued work, for use when outer C is still on the stack. */
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
