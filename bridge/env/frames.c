#include "env/frames.h"

void arkjs_frame_close_scope(arkjs_env *env, arkjs_frame *frame) {
  if (frame->scope) napi_close_handle_scope(env->napi, frame->scope);
  frame->scope = NULL;
}

void arkjs_frames_run_deferred(arkjs_env *env) {
  while (env->deferred) {
    arkjs_deferred *deferred = env->deferred;
    env->deferred = deferred->next;
    deferred->run(deferred);
  }
}
