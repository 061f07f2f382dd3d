/* What a file is that dyld does not take, from its first bytes.
 *
 * Thread rule: a pure function, over bytes that may be anything.
 */
#ifndef ARK__MACHO_KIND_H
#define ARK__MACHO_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the first `length` bytes of a file are those of a library for `cpu`, which is one of macho_format.h. If not,
 * `out`, of `size` bytes, says as "it is …" what the file is. */
bool ark__macho_is_library(const unsigned char *bytes, size_t length, int32_t cpu, char *out, size_t size);

#endif
