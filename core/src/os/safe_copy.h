/* Copies from and to addresses that may be invalid.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__SAFE_COPY_H
#define ARK__SAFE_COPY_H

#include <stddef.h>
#include <stdint.h>

/* ARK__COPY_FAULT: the address range is not readable or writable memory. ARK__COPY_DENIED: the system does not permit
 * any way to find out. */
typedef enum ark__copied { ARK__COPY_DONE, ARK__COPY_FAULT, ARK__COPY_DENIED } ark__copied;

ark__copied ark__copy_in(void *out, uintptr_t address, size_t size);
ark__copied ark__copy_out(uintptr_t address, const void *bytes, size_t size);

#endif
