/* Environment variables.
 *
 * Thread rule: any thread, as long as none changes the environment.
 */
#ifndef ARKFFI_ENVIRONMENT_H
#define ARKFFI_ENVIRONMENT_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sets *out to the value of a variable in UTF-8, which the caller frees with ark_free, or to NULL where it is not set.
 * In a process that has more rights than the user who started it, such as a setuid program or one with file
 * capabilities, it is always NULL: there the variables are not to be trusted. False when out of memory. */
bool ark_environment(const char *name, char **out);

#ifdef __cplusplus
}
#endif
#endif
