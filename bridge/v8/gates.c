#include "v8/gates.h"

bool arkjs_v8_take_gate(struct arkjs_v8 *v8, uint16_t *out) {
  *out = v8->free_gate;
  if (*out) {
    v8->free_gate = v8->next[*out];
  } else if (v8->gate_count < ARKJS_GATES) {
    *out = v8->gate_count++;
  } else {
    return false;
  }
  v8->gates[*out] = 0;
  return true;
}

void arkjs_v8_release_gate(arkjs_env *env, uint16_t gate) {
  if (!gate) return;
  env->v8->next[gate] = env->v8->free_gate;
  env->v8->free_gate = gate;
}

void arkjs_v8_close_gate(arkjs_env *env, uint16_t gate) {
  if (gate && !env->has_ended) env->v8->gates[gate] = 1;
}

void arkjs_v8_update_gates(arkjs_env *env) {
  const struct arkjs_v8 *v8 = env->v8;
  if (!v8 || env->has_ended) return;
  v8->gates[ARKJS_GATE_CALLBACKS] = env->awaited_callbacks ? 2 : env->open_callbacks || env->has_other_ways;
}

static bool gate_has_failed(const struct arkjs_v8 *v8) {
  return arkjs_v8_calling(v8) == ARKJS_CALL_UNSETTLED && v8->has_failed;
}

bool arkjs_v8_note(arkjs_env *env, ark_status status, const ark_error *error) {
  struct arkjs_v8 *v8 = env->v8;
  if (!arkjs_v8_is_calling(env)) return false;
  if (gate_has_failed(v8)) return true;
  arkjs_v8_set_calling(v8, ARKJS_CALL_UNSETTLED);
  v8->has_failed = true;
  v8->status = status;
  v8->error = *error;
  return true;
}

void arkjs_v8_leave_unsettled(arkjs_env *env) {
  if (!arkjs_v8_is_calling(env) || arkjs_v8_calling(env->v8) == ARKJS_CALL_UNSETTLED) return;
  arkjs_v8_set_calling(env->v8, ARKJS_CALL_UNSETTLED);
  env->v8->has_failed = false;
}

bool arkjs_v8_pause(arkjs_env *env) {
  if (gate_has_failed(env->v8)) return false;
  arkjs_v8_set_calling(env->v8, 0);
  return true;
}

void arkjs_v8_resume(arkjs_env *env, bool has_failed, napi_ref thrown) {
  struct arkjs_v8 *v8 = env->v8;
  if (env->has_ended) return;
  /* An inner call does not settle when the stack overflows or the thread is being terminated. */
  if (v8->thrown) napi_delete_reference(env->napi, v8->thrown);
  v8->thrown = thrown;
  v8->status = ARK_OK;
  v8->has_failed = has_failed;
  bool is_settled = !has_failed && (env->frame || !env->deferred);
  arkjs_v8_set_calling(v8, is_settled ? 1 : ARKJS_CALL_UNSETTLED);
}
