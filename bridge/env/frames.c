#include "env/frames.h"
#include "arkffi/alloc.h"
#include "env/throw.h"

void arkjs_frame_close_scope(arkjs_env *env, arkjs_frame *frame) {
  if (frame->scope) napi_close_handle_scope(env->napi, frame->scope);
  frame->scope = NULL;
}

/* The refusal of a frame when there is no memory for another one. */
static const arkjs_refusal frame_no_memory = {ARK_NO_MEMORY,
                                              {"a callback was refused, and there is no memory to say why"}};

void arkjs_frame_refuse(arkjs_frame *frame, ark_status status, const ark_error *error) {
  if (frame->has_failed) return;
  arkjs_refusal *refusal = ark_alloc(1, sizeof *refusal);
  if (refusal) *refusal = (arkjs_refusal){status, *error};
  frame->refusal = refusal ? refusal : &frame_no_memory;
  frame->has_failed = true;
  atomic_store_explicit(&frame->has_run_js, true, memory_order_relaxed);
}

napi_ref arkjs_frame_take_thrown(arkjs_env *env, arkjs_frame *frame) {
  napi_ref thrown = frame->thrown;
  const arkjs_refusal *refusal = frame->refusal;
  frame->thrown = NULL;
  frame->refusal = NULL;
  if (refusal && !thrown) thrown = arkjs_box(env, arkjs_error_value(env, refusal->status, &refusal->error));
  if (refusal != &frame_no_memory) ark_free((void *)(uintptr_t)refusal);
  return thrown;
}

void arkjs_frames_run_deferred(arkjs_env *env) {
  while (env->deferred) {
    arkjs_deferred *deferred = env->deferred;
    env->deferred = deferred->next;
    deferred->run(deferred);
  }
}
