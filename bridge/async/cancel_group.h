/* Groups of pending calls that are cancelled together, because they have the same signal or share a timer.
 *
 * A call leaves its groups when its promise settles. JavaScript keeps a group open while it has calls, and a promise
 * tells it when the group has none any more, so that no JavaScript has to run for each call.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_CANCEL_GROUP_H
#define ARKJS_CANCEL_GROUP_H

#include "env/env.h"

typedef struct arkjs_cancel_group {
  arkjs_env *env;
  ark_handle handle;
  struct arkjs_membership *first, *last; /* the calls, in the order in which they began */
  uint32_t users;                        /* the calls, and those that are just being started or cancelled */
  napi_deferred empty;                   /* resolved when the last user has gone; NULL if no promise was asked for */
} arkjs_cancel_group;

/* The membership of a call in a group. */
typedef struct arkjs_membership {
  arkjs_cancel_group *group; /* NULL for none */
  void *call;
  struct arkjs_membership *previous, *next;
} arkjs_membership;

/* A call may be in a group of a signal and in one of a timer. */
enum { ARKJS_CANCEL_GROUPS = 2 };
typedef struct arkjs_memberships {
  arkjs_membership in[ARKJS_CANCEL_GROUPS];
} arkjs_memberships;

/* Opens a group. Fails with ARK_NO_MEMORY. */
ark_status arkjs_cancel_group_open(arkjs_env *env, ark_handle *out, ark_error *error);

/* The group of a handle; NULL if there is none. */
arkjs_cancel_group *arkjs_cancel_group_find(const arkjs_env *env, ark_handle handle);

/* Closes a group without users. Otherwise *promise is set, which resolves when it has no users any more. */
ark_status arkjs_cancel_group_close(arkjs_cancel_group *group, napi_value *promise, ark_error *error);

/* Keep a group in use. Releasing NULL does nothing. */
void arkjs_cancel_group_use(arkjs_cancel_group *group);
void arkjs_cancel_group_release(arkjs_cancel_group *group);

/* Adds a call to groups, each of which may be NULL. The caller owns *out; it is NULL if there is no group. Fails with
 * ARK_NO_MEMORY. */
ark_status arkjs_memberships_create(arkjs_cancel_group *const groups[], void *call, arkjs_memberships **out,
                                    ark_error *error);

/* Removes a call from its groups, and frees the memberships. Does nothing for NULL. */
void arkjs_memberships_free(arkjs_memberships *memberships);

/* Frees the groups when the environment ends. */
void arkjs_cancel_groups_end(arkjs_env *env);

#endif
