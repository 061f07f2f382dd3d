#include "async/pending.h"
#include "async/lanes.h"
#include "async/waves.h"

ark_status arkjs_pending_keep(arkjs_function *function, ark_error *error) {
  ark_status status = arkjs_function_retain_code(function, error);
  if (status) return status;
  arkjs_function_retain(function);
  if (function->library) arkjs_lane_begin_call(function->library);
  return ARK_OK;
}

void arkjs_pending_let_go(arkjs_function *function) {
  if (function->library) arkjs_lane_end_call(function->library);
  arkjs_function_release_code(function);
  arkjs_function_release(function);
}

ark_status arkjs_pending_begin(arkjs_pending *pending, ark_error *error) {
  return arkjs_pending_keep(pending->function, error);
}

ark_status arkjs_pending_promise(arkjs_pending *pending, arkjs_cancel_group *const groups[], napi_value *promise,
                                 ark_error *error) {
  arkjs_env *env = pending->function->env;
  ark_status status = groups ? arkjs_memberships_create(groups, pending, &pending->memberships, error) : ARK_OK;
  return status ? status : arkjs_host_status(env, napi_create_promise(env->napi, &pending->deferred, promise), error);
}

/* Before the promise settles, so that a program which awaits the last call of a group finds it closed. */
static void pending_leave_groups(arkjs_pending *pending) {
  arkjs_memberships_free(pending->memberships);
  pending->memberships = NULL;
}

void arkjs_pending_resolve(arkjs_pending *pending, napi_value value) {
  arkjs_waves_flush(pending->function->env);
  pending_leave_groups(pending);
  if (pending->deferred) napi_resolve_deferred(pending->function->env->napi, pending->deferred, value);
  pending->deferred = NULL;
}

void arkjs_pending_reject(arkjs_pending *pending, napi_value reason) {
  arkjs_waves_flush(pending->function->env);
  pending_leave_groups(pending);
  if (pending->deferred) napi_reject_deferred(pending->function->env->napi, pending->deferred, reason);
  pending->deferred = NULL;
}

static napi_status pending_cancel_first(const arkjs_cancel_group *group, napi_value reason_for) {
  napi_env napi = group->env->napi;
  const arkjs_pending *named = group->first->call;
  napi_value undefined, name, reason;
  napi_status status = napi_get_undefined(napi, &undefined);
  if (status == napi_ok)
    status = arkjs_host_create_text(&group->env->host, napi, named->function->name, NAPI_AUTO_LENGTH, &name);
  if (status == napi_ok) status = napi_call_function(napi, undefined, reason_for, 1, &name, &reason);
  /* A getter of the program may have run, so that no call may be left. */
  if (status != napi_ok || !group->first) return status;
  arkjs_pending *first = group->first->call;
  first->cancel(first);
  arkjs_pending_reject(first, reason);
  return status;
}

ark_status arkjs_pending_cancel_all(arkjs_cancel_group *group, napi_value reason_for, ark_error *error) {
  arkjs_env *env = group->env;
  napi_status status = napi_ok;
  arkjs_cancel_group_use(group);
  while (group->first && status == napi_ok) {
    napi_handle_scope scope;
    status = napi_open_handle_scope(env->napi, &scope);
    if (status != napi_ok) break;
    status = pending_cancel_first(group, reason_for);
    napi_close_handle_scope(env->napi, scope);
  }
  arkjs_cancel_group_release(group);
  return arkjs_host_status(env, status, error);
}

void arkjs_pending_end(arkjs_pending *pending) {
  pending_leave_groups(pending);
  arkjs_pending_let_go(pending->function);
}
