/* What happens when C calls a callback's entry point.
 *
 * On the callback's own JavaScript thread the function runs at once. From any other the call goes to that thread as a
 * message (crossing.h).
 * Thread rule: the environment's JavaScript thread, but for the entry point.
 */
#ifndef ARKJS_ENTER_H
#define ARKJS_ENTER_H

#include "callbacks/callback.h"

/* A callback that is closed until it is given a function, with an entry point that leads to the entry point. Takes
 * over the reference to the types in every case. Fails with ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_callback_create(arkjs_env *env, const char *name, arkjs_types *types, arkjs_callback **out,
                                 ark_error *error);

#endif
