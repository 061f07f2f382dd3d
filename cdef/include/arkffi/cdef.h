/* C declarations as text, made into a description that needs no C parser to be read.
 *
 * Thread rule: a pure function; any thread may call it.
 */
#ifndef ARKFFI_CDEF_H
#define ARKFFI_CDEF_H

#include "arkffi/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Describes the declarations in `text`, which is NUL-terminated UTF-8: what a header says after the preprocessor has
 * run, line markers included, or a few lines written by hand. On ARK_OK *out is JSON, NUL-terminated, which the caller
 * owns and gives back with ark_free; cdef/README.md says what is in it.
 * Fails with ARK_BAD_SIGNATURE, the message naming line and column, or with ARK_NO_MEMORY. */
ark_status cdef_describe(const char *text, char **out, ark_error *error);

#ifdef __cplusplus
}
#endif
#endif
