/* The functions that are defined in a library under a name.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_DEFINITIONS_H
#define ARKJS_DEFINITIONS_H

#include "functions/function.h"

/* The function defined under a name, or NULL; it stays the library's. */
arkjs_function *arkjs_library_find(const arkjs_library *library, const char *name);

/* Puts a function under its name, in the place of one that was there. The library takes over the caller's reference,
 * unless it fails with ARK_NO_MEMORY. */
ark_status arkjs_library_define(arkjs_library *library, arkjs_function *function, ark_error *error);

/* Releases all functions of a library that closes. */
void arkjs_library_forget(arkjs_library *library);

#endif
