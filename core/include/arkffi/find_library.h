/* Finds the file name of a library by the name that linkers use: "libm.so.6" for "m".
 *
 * Thread rule: any thread, while no other thread changes the environment variables of the process.
 */
#ifndef ARKFFI_FIND_LIBRARY_H
#define ARKFFI_FIND_LIBRARY_H

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Looks for "lib<name>.so", with or without a version after it or a release before ".so" (libevent-2.1.so.7), where
 * ark_library_open would look for a bare name: in the loader's folders and its cache, then in each folder of `search`
 * (separated by colons as in PATH; NULL for none), then in the folder `beside` (NULL for none). From the first of these
 * that has such a file, the highest version is chosen, "libz.so.1" rather than "libz.so.1.3", and a name without a
 * release rather than one with it. On ARK_OK the caller frees *out, a file name without folders, with ark_free. Fails
 * with ARK_LIBRARY_NOT_FOUND (the message says where it looked, and suggests "m" for "libm.so.6") or ARK_NO_MEMORY. */
ark_status ark_find_library(const char *name, const char *search, const char *beside, char **out, ark_error *error);

/* The name of the file that exists for a library whose bare name was not found: "libm.so.6" for "m", "libm" or
 * "libm.so", looked for as above. The caller frees it with ark_free. NULL if the name is a path, very long or that of
 * the file itself, if there is none, or when out of memory. */
char *ark_find_meant_library(const char *name, const char *search, const char *beside);

#ifdef __cplusplus
}
#endif
#endif
