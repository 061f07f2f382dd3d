/* The functions that are defined in a library by name, as the raw bridge does.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_DEFINITIONS_H
#define ARKJS_DEFINITIONS_H

#include "functions/function.h"

/* The function with that name, or NULL. The library keeps its reference. */
arkjs_function *arkjs_library_find(const arkjs_library *library, const char *name);

/* Defines a function, replacing one of the same name. The library takes over the caller's reference unless this
 * fails, with ARK_NO_MEMORY. */
ark_status arkjs_library_define(arkjs_library *library, arkjs_function *function, ark_error *error);

/* Releases all functions of a library that closes. */
void arkjs_library_forget(arkjs_library *library);

#endif
