#include "env/frames.h"
#include "env/throw.h"

void arkjs_frame_close_scope(arkjs_env *env, arkjs_frame *frame) {
  if (frame->scope) napi_close_handle_scope(env->napi, frame->scope);
  frame->scope = NULL;
}

void arkjs_frame_refuse(arkjs_env *env, arkjs_frame *frame, ark_status status, const ark_error *error) {
  if (frame->has_failed) return;
  frame->refusal = status;
  env->refusal = *error;
  frame->has_failed = true;
  atomic_store_explicit(&frame->has_run_js, true, memory_order_relaxed);
}

napi_ref arkjs_frame_take_thrown(arkjs_env *env, arkjs_frame *frame) {
  napi_ref thrown = frame->thrown;
  ark_status refusal = frame->refusal;
  frame->thrown = NULL;
  frame->refusal = ARK_OK;
  return thrown || !refusal ? thrown : arkjs_box(env, arkjs_error_value(env, refusal, &env->refusal));
}

void arkjs_frames_run_deferred(arkjs_env *env) {
  while (env->deferred) {
    arkjs_deferred *deferred = env->deferred;
    env->deferred = deferred->next;
    deferred->run(deferred);
  }
}
