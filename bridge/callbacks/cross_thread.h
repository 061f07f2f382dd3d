/* Cross-thread calls: C calls a callback on another thread than its JavaScript thread, and waits while the JavaScript
 * thread runs the function. If the function returns a Promise, the thread waits until the Promise settles.
 *
 * Thread rule: see each function.
 */
#ifndef ARKJS_CROSS_THREAD_H
#define ARKJS_CROSS_THREAD_H

#include "callbacks/callback.h"

/* Any thread except the callback's own: C calls the callback. Sets *result, which must be zero, unless the call
 * fails. */
void arkjs_cross_thread_call(arkjs_callback *callback, const ark_value *args, ark_value *result);

#endif
