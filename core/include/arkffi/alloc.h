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

/* `resize` follows realloc: NULL grows from nothing; `release` follows free. Neither may be NULL. */
typedef struct ark_allocator {
  void *(*resize)(void *block, size_t size);
  void (*release)(void *block);
} ark_allocator;

/* Every allocation from here on goes through `allocator`, which is copied. NULL restores the C library's. */
void ark_set_allocator(const ark_allocator *allocator);

/* Zeroed memory for `count` × `size` bytes, or NULL where there is none or the product overflows.
 * The caller owns it and gives it back with ark_free. */
void *ark_alloc(size_t count, size_t size);

/* `block` resized to `size` bytes, new bytes unset. On failure NULL, and `block` stays as it was. */
void *ark_resize(void *block, size_t size);

/* Gives a block back. NULL is ignored. */
void ark_free(void *block);

/* A copy of `length` bytes of `text` with a NUL behind it; the caller frees it with ark_free. NULL when out of memory.
 *  */
char *ark_copy_text(const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
