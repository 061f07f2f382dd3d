#include "async/cancel_group.h"
#include "arkffi/alloc.h"
#include "env/throw.h"

ark_status arkjs_cancel_group_open(arkjs_env *env, ark_handle *out, ark_error *error) {
  arkjs_cancel_group *group = ark_alloc(1, sizeof *group);
  if (!group) return ark_fail_memory(error);
  *group = (arkjs_cancel_group){.env = env};
  ark_status status = ark_handles_add(&env->cancel_groups, group, &group->handle, error);
  if (status) {
    ark_free(group);
    return status;
  }
  *out = group->handle;
  return ARK_OK;
}

arkjs_cancel_group *arkjs_cancel_group_find(const arkjs_env *env, ark_handle handle) {
  void *found;
  ark_handles_get(&env->cancel_groups, handle, &found);
  return found;
}

ark_status arkjs_cancel_group_close(arkjs_cancel_group *group, napi_value *promise, ark_error *error) {
  if (group->users) {
    return arkjs_host_status(group->env, napi_create_promise(group->env->napi, &group->empty, promise), error);
  }
  ark_handles_remove(&group->env->cancel_groups, group->handle);
  ark_free(group);
  return ARK_OK;
}

void arkjs_cancel_group_use(arkjs_cancel_group *group) {
  if (group) group->users++;
}

void arkjs_cancel_group_release(arkjs_cancel_group *group) {
  napi_value undefined;
  if (!group || --group->users || !group->empty) return;
  arkjs_env *env = group->env;
  napi_deferred empty = group->empty;
  group->empty = NULL;
  if (env->has_ended || !arkjs_env_can_run(env) || napi_get_undefined(env->napi, &undefined) != napi_ok) return;
  napi_resolve_deferred(env->napi, empty, undefined);
}

static void cancel_group_add(arkjs_cancel_group *group, arkjs_membership *membership, void *call) {
  *membership = (arkjs_membership){group, call, group->last, NULL};
  if (group->last) {
    group->last->next = membership;
  } else {
    group->first = membership;
  }
  group->last = membership;
  arkjs_cancel_group_use(group);
}

static void cancel_group_remove(const arkjs_membership *membership) {
  arkjs_cancel_group *group = membership->group;
  if (membership->previous) {
    membership->previous->next = membership->next;
  } else {
    group->first = membership->next;
  }
  if (membership->next) {
    membership->next->previous = membership->previous;
  } else {
    group->last = membership->previous;
  }
  arkjs_cancel_group_release(group);
}

ark_status arkjs_memberships_create(arkjs_cancel_group *const groups[], void *call, arkjs_memberships **out,
                                    ark_error *error) {
  *out = NULL;
  for (size_t i = 0; i < ARKJS_CANCEL_GROUPS; i++) {
    if (!groups[i]) continue;
    if (!*out) *out = ark_alloc(1, sizeof **out);
    if (!*out) return ark_fail_memory(error);
    cancel_group_add(groups[i], &(*out)->in[i], call);
  }
  return ARK_OK;
}

void arkjs_memberships_free(arkjs_memberships *memberships) {
  if (!memberships) return;
  for (size_t i = 0; i < ARKJS_CANCEL_GROUPS; i++) {
    if (memberships->in[i].group) cancel_group_remove(&memberships->in[i]);
  }
  ark_free(memberships);
}

void arkjs_cancel_groups_end(arkjs_env *env) {
  uint32_t cursor = 0;
  for (arkjs_cancel_group *group; (group = ark_handles_next(&env->cancel_groups, &cursor));) {
    for (arkjs_membership *left = group->first; left; left = left->next) left->group = NULL;
    ark_free(group);
  }
  ark_handles_destroy(&env->cancel_groups);
}
