/* A call of a callback that nobody waits for: its arguments are copied, and it runs on the JavaScript thread later, in
 * the order of the calls.
 *
 * Thread rule: said with each.
 */
#ifndef ARKJS_POST_H
#define ARKJS_POST_H

#include "callbacks/callback.h"

/* So many posted calls of one callback may wait. Some 10 MB, and what their strings take. Those beyond are lost; that is
 * told once for each time that the queue overflows, as an uncaught ERR_FFI_QUEUE_FULL with their number. */
#define ARKJS_POST_LIMIT 65536

/* Any thread: C calls an open callback that is ARKJS_POSTED. */
void arkjs_callback_post(arkjs_callback *callback, const ark_value *args);

/* The JavaScript thread: JavaScript posts a call with one argument, `value`. There is no limit, and the process stays alive
 * for it. Fails as arkjs_to_c does, and with ARK_CALLBACK_CLOSED when the process is ending. */
ark_status arkjs_callback_post_value(arkjs_callback *callback, const arkjs_site *site, napi_value value);

#endif
