/* A call of a callback from another thread: the thread waits while the JavaScript thread runs the function.
 *
 * The function may answer with a Promise; then the thread waits until that has settled.
 * Thread rule: said with each.
 */
#ifndef ARKJS_CROSS_THREAD_H
#define ARKJS_CROSS_THREAD_H

#include "callbacks/callback.h"

/* Any thread but the callback's own: C calls the callback. Sets *result, which is zero, unless something is wrong. */
void arkjs_cross_thread_call(arkjs_callback *callback, const ark_value *args, ark_value *result);

#endif
