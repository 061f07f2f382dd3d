#include "calls/batch_call.h"
#include "calls/batch_columns.h"
#include "functions/run.h"
#include "v8/gates.h"
#include <string.h>

/* Call it after a callback: fails unless the arrays are unchanged and the function is still open. */
static ark_status batch_check_again(const arkjs_columns *batch) {
  ark_status status = arkjs_function_check(batch->function, batch->site.error);
  for (size_t i = 0; i <= batch->function->signature->count && !status; i++) {
    if (arkjs_columns_stand(batch, i)) continue;
    status = arkjs_columns_fail(batch, i, ARK_INVALID_ARG_TYPE, "a callback has detached or resized the buffer");
  }
  return status;
}

static ark_status batch_run(const arkjs_columns *batch, arkjs_frame *frame) {
  const arkjs_function *function = batch->function;
  size_t size = function->signature->result->size, row = 0;
  char *results = batch->arrays[function->signature->count].data;
  ark_value last = {0};
  const ark_batch core = {function->signature, function->plan,     function->code, batch->columns, results,
                          batch->rows,         &frame->has_run_js, &last};
  while (row < batch->rows) {
    row = ark_batch_run(&core, row);
    if (!frame->has_run_js) continue;
    frame->has_run_js = false;
    ark_status status = arkjs_frame_throw(function, frame);
    if (!status) status = batch_check_again(batch);
    if (status) return status;
    if (size) memcpy(results + (row - 1) * size, &last, size);
  }
  return ARK_OK;
}

/* Does what arkjs_enter_c does. */
static ark_status batch_enter(const arkjs_columns *batch) {
  arkjs_function *function = batch->function;
  arkjs_env *env = function->env;
  arkjs_frame frame;
  ark_status status = arkjs_function_retain_code(function, batch->site.error);
  if (status) return status;
  if (env->v8) arkjs_v8_leave(env);
  arkjs_frame_enter(env, &frame, function->name);
  status = batch_run(batch, &frame);
  arkjs_frame_leave(env);
  arkjs_function_release_code(function);
  return status;
}

ark_status arkjs_batch_call(arkjs_function *function, napi_value columns, napi_value out, napi_value *result,
                            ark_error *error) {
  ark_scratch scratch;
  ark_arena arena;
  arkjs_columns batch;
  ark_arena_init(&arena, &scratch);
  /* C may close the function and release it. */
  arkjs_function_retain(function);
  *result = out;
  ark_status status = arkjs_columns_take(&batch, function, &arena, columns, result, error);
  if (!status) status = batch_enter(&batch);
  ark_arena_clear(&arena);
  arkjs_function_release(function);
  return status;
}
