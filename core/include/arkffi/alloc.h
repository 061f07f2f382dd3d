/* The one allocator of arkffi. Tests replace it to make the Nth allocation fail.
 *
 * Thread rule: the functions may be called from any thread; ark_set_allocator only while no other
 * thread is inside arkffi and nothing allocated by the previous allocator is alive.
 */
#ifndef ARKFFI_ALLOC_H
#define ARKFFI_ALLOC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `resize` behaves as realloc, `release` as free. Neither may be NULL. */
typedef struct ark_allocator {
  void *(*resize)(void *block, size_t size);
  void (*release)(void *block);
} ark_allocator;

/* Makes every later allocation go through a copy of `allocator`; NULL restores the C library's. */
void ark_set_allocator(const ark_allocator *allocator);

/* Zeroed memory of `count` × `size` bytes, which the caller frees with ark_free. NULL when out of memory or if the
 * product overflows. */
void *ark_alloc(size_t count, size_t size);

/* `block` with its size changed to `size` bytes; new bytes are not set. `block` may be NULL. NULL when out of memory;
 * then `block` is unchanged. */
void *ark_resize(void *block, size_t size);

/* Frees a block. NULL is ignored. */
void ark_free(void *block);

/* A copy of `length` bytes of `text` and a NUL after them, which the caller frees with ark_free. NULL when out of
 * memory. */
char *ark_copy_text(const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
