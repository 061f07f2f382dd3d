/* File descriptors of the operating system.
 *
 * Thread rule: any thread.
 */
#ifndef ARKFFI_DESCRIPTOR_H
#define ARKFFI_DESCRIPTOR_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a read from the descriptor would return at once. False where the system has no such descriptors. */
bool ark_descriptor_is_readable(int descriptor);

#ifdef __cplusplus
}
#endif
#endif
