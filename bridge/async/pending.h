/* Pending calls: the Promise of an asynchronous call, and what must stay alive until it has settled.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PENDING_H
#define ARKJS_PENDING_H

#include "async/cancel_group.h"
#include "functions/function.h"

typedef struct arkjs_pending {
  arkjs_function *function; /* holds a reference and the code; set by the owner of this structure */
  napi_deferred deferred;   /* NULL once the promise has settled */
  arkjs_memberships
      *memberships; /* owned; NULL for a call that cannot be cancelled, and once the promise has settled */
  void (*cancel)(struct arkjs_pending *pending); /* set by the owner: prevents the start of what has not started */
} arkjs_pending;

/* Keep a function and its code alive for a call, even if it is closed meanwhile. The first fails with
 * ARK_LIBRARY_CLOSED; then nothing is kept. After the second the library may be unmapped. */
ark_status arkjs_pending_keep(arkjs_function *function, ark_error *error);
void arkjs_pending_let_go(arkjs_function *function);

/* Keeps the function of a pending call. Fails as arkjs_pending_keep does; then there is nothing to end. */
ark_status arkjs_pending_begin(arkjs_pending *pending, ark_error *error);

/* Creates the promise, and adds the call to groups; `groups` is NULL for a call that cannot be cancelled. Fails with
 * ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_pending_promise(arkjs_pending *pending, arkjs_cancel_group *const groups[], napi_value *promise,
                                 ark_error *error);

/* Rejects all calls of a group, in the order in which they began. What has not started will not run; what runs
 * continues to its end. `reason_for` is a JavaScript function that takes the name of the call's function and returns
 * the reason. Fails with ARKJS_PENDING if it throws. */
ark_status arkjs_pending_cancel_all(arkjs_cancel_group *group, napi_value reason_for, ark_error *error);

/* Settle the promise, unless it has settled. */
void arkjs_pending_resolve(arkjs_pending *pending, napi_value value);
void arkjs_pending_reject(arkjs_pending *pending, napi_value reason);

/* Ends the pending call. The library may be unmapped now. */
void arkjs_pending_end(arkjs_pending *pending);

#endif
