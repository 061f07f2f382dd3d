/* What is known of `__attribute__((ms_struct))`.
 *
 * Thread rule: any thread.
 */
#ifndef ARKFFI_MS_STRUCT_H
#define ARKFFI_MS_STRUCT_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether all compilers for this machine follow the attribute. GCC does on x86-64 only, and ignores it elsewhere, where
 * Clang follows it. */
bool ark_compilers_know_ms_struct(void);

#ifdef __cplusplus
}
#endif
#endif
