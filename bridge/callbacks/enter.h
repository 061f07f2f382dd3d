/* The entry points of callbacks: what happens when C calls one.
 *
 * On the callback's own JavaScript thread the function runs at once. A call on another thread goes to the JavaScript
 * thread as a message, see cross_thread.h.
 * Thread rule: the environment's JavaScript thread; the entry point may be called on any thread.
 */
#ifndef ARKJS_ENTER_H
#define ARKJS_ENTER_H

#include "callbacks/callback.h"

/* Creates a callback with an entry point. It is closed until the caller sets its function and opens it. The caller
 * gets a reference. Takes over the reference to the types in every case. Fails with ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_callback_create(arkjs_env *env, const char *name, arkjs_types *types, arkjs_callback **out,
                                 ark_error *error);

#endif
