/* Parses C declarations and describes them as JSON.
 *
 * Thread rule: a pure function; any thread may call it.
 */
#ifndef ARKFFI_CDEF_H
#define ARKFFI_CDEF_H

#include "arkffi/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Describes the declarations in `text`: NUL-terminated UTF-8, either a preprocessed header with its line markers or
 * lines written by hand. The text stays the caller's and is not used after the return. On ARK_OK, *out is
 * NUL-terminated JSON, which the caller owns and frees with ark_free; cdef/README.md documents its format. On
 * failure *out is unchanged. Fails with ARK_BAD_SIGNATURE, with a message that names line and column, or with
 * ARK_NO_MEMORY. */
ark_status cdef_describe(const char *text, char **out, ark_error *error);

#ifdef __cplusplus
}
#endif
#endif
