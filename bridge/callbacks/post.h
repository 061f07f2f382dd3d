/* Posted calls of callbacks: C does not wait, the arguments are copied, and the function runs later on the JavaScript
 * thread. Calls run in order.
 *
 * Thread rule: see each function.
 */
#ifndef ARKJS_POST_H
#define ARKJS_POST_H

#include "callbacks/callback.h"

/* The maximum number of posted calls of one callback that have not run: about 10 MB and the text of their arguments.
 * Further calls are lost. Each overflow is reported once, as an uncaught ERR_FFI_QUEUE_FULL with the number of lost
 * calls. */
#define ARKJS_POST_LIMIT 65536

/* Any thread: C calls an open callback that is ARKJS_POSTED. */
void arkjs_callback_post(arkjs_callback *callback, const ark_value *args);

/* The JavaScript thread: keeps the function of a weak callback that is ARKJS_POSTED alive until the event loop has
 * turned and no posted call of it waits. To be called when C gets the address: other threads, which may then post
 * calls, cannot keep anything alive. Without memory it does nothing. */
void arkjs_callback_keep(arkjs_callback *callback);

/* The JavaScript thread: makes the calls that other threads have posted keep the functions of weak callbacks alive. To
 * be called before an async call ends, with which C may have got the address. */
void arkjs_posts_keep(arkjs_env *env);

/* The JavaScript thread: posts a call with the one argument `value`. There is no limit, and the call keeps the
 * process alive. Fails as arkjs_to_c does, and with ARK_CALLBACK_CLOSED when the process is ending. */
ark_status arkjs_callback_post_value(arkjs_callback *callback, const arkjs_site *site, napi_value value);

#endif
