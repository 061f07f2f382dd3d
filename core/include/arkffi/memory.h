/* Memory at an address that came from outside, and the strings in it.
 *
 * Every function fails with ARK_NULL_POINTER for an address that cannot be one; the message begins with `what`. In
 * checked mode all but ark_address_check fail with ARK_BAD_ADDRESS where there is no memory to read or write.
 * Thread rule: any thread; what lies at the address is the caller's to keep still.
 */
#ifndef ARKFFI_MEMORY_H
#define ARKFFI_MEMORY_H

#include "error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nothing is ever mapped below: Linux's vm.mmap_min_addr is 65,536, and so is Windows' first usable address. */
#define ARK_LOWEST_ADDRESS 65536u

/* Checked mode, of the whole process: each read and write is the system's, which finds out what cannot be read or
 * written. Off at first. What another thread unmaps just then, or what is mapped but not meant, it does not find. */
void ark_memory_set_checked(bool checked);
bool ark_memory_is_checked(void);

/* Only that. */
ark_status ark_address_check(uintptr_t address, const char *what, ark_error *error);

/* Copies `size` bytes out of or into memory at an address. A size of 0 never fails. */
ark_status ark_memory_read(uintptr_t address, const char *what, void *out, size_t size, ark_error *error);
ark_status ark_memory_write(uintptr_t address, const char *what, const void *bytes, size_t size, ark_error *error);

/* Whether all of it may be read, for those who read it themselves. Only an address check unless the mode is checked. */
ark_status ark_memory_probe(uintptr_t address, const char *what, size_t size, ark_error *error);

/* Units before the NUL of the text at `address`, each of `width` bytes: 1 in UTF-8, 2 in UTF-16, 4 in UTF-32. All of it
 * may be read then, with the NUL. */
ark_status ark_text_length(uintptr_t address, size_t width, const char *what, size_t *out, ark_error *error);

#ifdef __cplusplus
}
#endif
#endif
