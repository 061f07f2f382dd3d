/* Callbacks for plain functions among the arguments of a call. They are borrowed for the duration of the call, and kept
 * for the next one until the function is closed. Those of a variant are kept with the original, which closes both.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BORROW_H
#define ARKJS_BORROW_H

#include "callbacks/callback.h"

/* Borrows a callback for the plain function that is argument `index` of a call. It is added to the list *borrowed,
 * and *value becomes its entry point. For a call that runs on another thread (`is_async`) any thread may call it.
 * Fails with ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_callback_borrow(arkjs_function *function, size_t index, napi_value plain, bool is_async,
                                 arkjs_callback **borrowed, ark_value *value, ark_error *error);

/* Call it when the call has ended. C that kept an entry point reaches a closed callback from then on, until the same
 * argument of the same function is a plain function again. */
void arkjs_callbacks_give_back(arkjs_function *function, arkjs_callback *borrowed);

/* Retires the idle callbacks of a function that has been closed, and of its variants. Those in use are retired when
 * they are given back. */
void arkjs_callbacks_end_idle(arkjs_function *function);

/* Does that for all functions of a library that has been closed. */
void arkjs_callbacks_end_library(arkjs_library *library);

/* Does that for functions at bare addresses in libraries that have been unmapped. */
void arkjs_callbacks_end_unmapped(arkjs_env *env);

/* Retires the idle callbacks of a function that is freed, and forgets it. */
void arkjs_callbacks_forget(arkjs_function *function);

#endif
