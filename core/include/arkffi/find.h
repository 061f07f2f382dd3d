/* Finds the file name of a library by the name that compilers link it by: "libm.so.6" for "m".
 *
 * Thread rule: any thread, while no other changes the process's environment.
 */
#ifndef ARKFFI_FIND_H
#define ARKFFI_FIND_H

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Looks for "lib<name>.so", with a version behind it or none, where ark_library_open would look for a bare name: in the
 * loader's folders and its cache, then in each folder of `search`, a list as PATH is (NULL for none), then in `beside`
 * (NULL for none). The first of these places that has it decides; there the highest version is taken, and "libz.so.1"
 * rather than "libz.so.1.3". On ARK_OK the caller frees *out, a bare name, with ark_free. Fails with
 * ARK_LIBRARY_NOT_FOUND, whose message says where it looked, or ARK_NO_MEMORY. */
ark_status ark_find_library(const char *name, const char *search, const char *beside, char **out, ark_error *error);

#ifdef __cplusplus
}
#endif
#endif
