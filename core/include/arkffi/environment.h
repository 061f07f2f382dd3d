/* Environment variables.
 *
 * Thread rule: any thread, as long as none changes the environment.
 */
#ifndef ARKFFI_ENVIRONMENT_H
#define ARKFFI_ENVIRONMENT_H

#ifdef __cplusplus
extern "C" {
#endif

/* The value of a variable, or NULL. In a process that has more rights than the user who started it, such as a setuid
 * program or one with file capabilities, it is always NULL: there the variables are not to be trusted. The text belongs
 * to the environment. */
const char *ark_environment(const char *name);

#ifdef __cplusplus
}
#endif
#endif
