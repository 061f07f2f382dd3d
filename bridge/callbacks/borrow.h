/* Callbacks for plain functions that stand among the arguments of a call.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BORROW_H
#define ARKJS_BORROW_H

#include "callbacks/callback.h"

/* A callback for a plain function that stands as argument `index` of one call. It is put on the list *borrowed, and its
 * entry point into *value. For a call that runs on another thread it is thread-safe: nothing else could call it. */
ark_status arkjs_callback_borrow(arkjs_function *function, size_t index, napi_value plain, bool is_async,
                                 arkjs_callback **borrowed, ark_value *value, ark_error *error);

/* When that call has ended: from now on C that kept one of the entry points reaches a dead callback, until the same
 * argument of the same function is a plain function again. */
void arkjs_callbacks_give_back(arkjs_function *function, arkjs_callback *borrowed);

/* Ends the idle callbacks of a function that is freed. */
void arkjs_callbacks_retire(arkjs_callback *idle);

#endif
