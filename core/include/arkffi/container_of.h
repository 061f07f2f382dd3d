/* From the address of a member to the structure that contains it.
 *
 * Thread rule: a macro; it reads no memory.
 */
#ifndef ARKFFI_CONTAINER_OF_H
#define ARKFFI_CONTAINER_OF_H

#include <stddef.h>

/* The `type` whose `member` is at `pointer`, which must not be NULL. The compiler refuses a pointer to any type but the
 * member's; nothing is read. */
#define ark_container_of(pointer, type, member)                                                                        \
  ((type *)(void *)((char *)(pointer)-offsetof(type, member) - 0 * sizeof((pointer) == &((type *)0)->member)))

#endif
