/* Memory at an address that came from outside, and the strings in it.
 *
 * Every function fails with ARK_NULL_POINTER for an address that cannot be one; the message begins with `what`.
 * Thread rule: any thread; what lies at the address is the caller's to keep still.
 */
#ifndef ARKFFI_MEMORY_H
#define ARKFFI_MEMORY_H

#include "error.h"
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nothing is ever mapped below: Linux's vm.mmap_min_addr is 65,536, and so is Windows' first usable address. */
#define ARK_LOWEST_ADDRESS 65536u

/* Only that. */
ark_status ark_address_check(uintptr_t address, const char *what, ark_error *error);

/* Copies `size` bytes out of or into memory at an address. A size of 0 never fails. */
ark_status ark_memory_read(uintptr_t address, const char *what, void *out, size_t size, ark_error *error);
ark_status ark_memory_write(uintptr_t address, const char *what, const void *bytes, size_t size, ark_error *error);

/* Units before the NUL of the string at `address`: bytes of UTF-8, or 16-bit units of UTF-16. */
ark_status ark_string_length(uintptr_t address, const char *what, size_t *out, ark_error *error);
ark_status ark_string16_length(uintptr_t address, const char *what, size_t *out, ark_error *error);

#ifdef __cplusplus
}
#endif
#endif
