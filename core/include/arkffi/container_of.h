/* From a member of a structure to the structure.
 *
 * Thread rule: any.
 */
#ifndef ARKFFI_CONTAINER_OF_H
#define ARKFFI_CONTAINER_OF_H

#include <stddef.h>

/* The structure of `type` whose `member` is at `pointer`. */
#define ark_container_of(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
