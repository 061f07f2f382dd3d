/* Memory at an address that came from outside, and the strings in it.
 *
 * Every function that takes an address fails with ARK_NULL_POINTER if it is below ARK_LOWEST_ADDRESS; the message
 * begins with `what`. In checked mode, all of them but ark_memory_check_address fail with ARK_BAD_ADDRESS if the memory
 * cannot be read or written. Thread rule: any thread. No other thread may unmap or change the memory meanwhile.
 */
#ifndef ARKFFI_MEMORY_ACCESS_H
#define ARKFFI_MEMORY_ACCESS_H

#include "error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nothing is mapped below this address: Linux's vm.mmap_min_addr is 65,536, and so is the first address that Windows
 * gives out. */
#define ARK_LOWEST_ADDRESS 65536u

/* Switches checked mode on or off for the whole process; it is off at first. In checked mode the operating system makes
 * each read and write, and reports memory that cannot be read or written. Not detected is memory that another thread
 * unmaps at that moment, and memory that is mapped but was not meant. */
void ark_memory_set_checked(bool checked);
bool ark_memory_is_checked(void);

/* Checks the address range; touches no memory. */
ark_status ark_memory_check_address(uintptr_t address, const char *what, ark_error *error);

/* Copies `size` bytes from an address to `out`. A size of 0 never fails. */
ark_status ark_memory_read(uintptr_t address, const char *what, void *out, size_t size, ark_error *error);

/* Copies `size` bytes from `bytes`, which may overlap the target, to an address. A size of 0 never fails. */
ark_status ark_memory_write(uintptr_t address, const char *what, const void *bytes, size_t size, ark_error *error);

/* Checks that `size` bytes can be read, for a caller that reads them itself. Outside checked mode this is only
 * ark_memory_check_address. */
ark_status ark_memory_probe(uintptr_t address, const char *what, size_t size, ark_error *error);

/* Sets *out to the number of units before the NUL of the text at an address. `width` is the size of a unit in bytes: 1
 * in UTF-8, 2 in UTF-16, 4 in UTF-32. On ARK_OK the text can be read up to and including its NUL. */
ark_status ark_memory_text_length(uintptr_t address, size_t width, const char *what, size_t *out, ark_error *error);

#ifdef __cplusplus
}
#endif
#endif
