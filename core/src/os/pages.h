/* Pages of memory for machine code.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__PAGES_H
#define ARK__PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* On macOS, the thread that creates a page can run no code of another such page until it seals or frees it. */

/* A writable page, and its size in bytes; NULL when out of memory. The caller frees it with ark__page_free. */
void *ark__page_create(size_t *size);

/* Makes a page executable and read-only. False when the system refuses. */
bool ark__page_seal(void *page, size_t size);

void ark__page_free(void *page, size_t size);

#endif
