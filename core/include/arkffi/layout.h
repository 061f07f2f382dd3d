/* The layout of a struct by the rules of the platform's C compiler: size, alignment, offsets.
 *
 * Members are written as letters, "[12c]" for an array and "{…}" for a struct inside: "i{dd}[3h]".
 * Thread rule: pure functions; a layout belongs to its caller.
 */
#ifndef ARKFFI_LAYOUT_H
#define ARKFFI_LAYOUT_H

#include "error.h"
#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_layout {
  size_t size;     /* bytes, trailing padding included */
  size_t align;    /* bytes */
  size_t count;    /* members at the top level */
  size_t *offsets; /* bytes from the start, one for each of those members; inside the layout's own block */
} ark_layout;

/* Lays out `members`. On ARK_OK the caller owns *out and gives it back with ark_free.
 * Fails with ARK_BAD_SIGNATURE, ARK_OUT_OF_RANGE (larger than memory) or ARK_NO_MEMORY. */
ark_status ark_layout_parse(const char *members, ark_layout **out, ark_error *error);

#ifdef __cplusplus
}
#endif
#endif
