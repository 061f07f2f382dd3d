/* Callbacks: JavaScript functions that C can call, from any thread, at any time.
 *
 * A callback's C entry point outlives the callback: called when it is closed, or from a thread it is not made for, it
 * gives zero to C and reports what happened. ARCHITECTURE.md has the table of who hears of it.
 * Thread rule: the environment's JavaScript thread; the entry point itself may be called on any.
 */
#ifndef ARKJS_CALLBACK_H
#define ARKJS_CALLBACK_H

#include "function.h"

typedef struct arkjs_callback arkjs_callback;

/* A callback for a plain function that stands as argument `index` of one call. It is put on the list *borrowed, and its
 * entry point into *value. For a call that runs on another thread it is thread-safe: nothing else could call it. */
ark_status arkjs_callback_borrow(arkjs_function *function, size_t index, napi_value plain, bool is_async,
                                 arkjs_callback **borrowed, ark_value *value, ark_error *error);

/* When that call has ended: from now on C that kept one of the entry points reaches a dead callback, until the same
 * argument of the same function is a plain function again. */
void arkjs_callbacks_give_back(arkjs_function *function, arkjs_callback *borrowed);

/* Ends the idle callbacks of a function that is freed. */
void arkjs_callbacks_retire(arkjs_callback *idle);

/* Closes every callback of an environment that ends. */
void arkjs_callbacks_end(arkjs_env *env);

ark_status arkjs_create_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_bind_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_get_callback_ptr(const arkjs_request *request, napi_value *result);
ark_status arkjs_get_callback_threadsafe(const arkjs_request *request, napi_value *result);
ark_status arkjs_invoke_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_call_callback_thread_safe(const arkjs_request *request, napi_value *result);
ark_status arkjs_destroy_callback(const arkjs_request *request, napi_value *result);

#endif
