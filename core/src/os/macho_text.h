/* What dyld's messages and the names of libraries on macOS mean.
 *
 * Thread rule: pure functions.
 */
#ifndef ARK__MACHO_TEXT_H
#define ARK__MACHO_TEXT_H

#include "os/library_names.h"

/* Writes into `out`, of `size` bytes, which library dyld did not find when it opened the file at `path` and failed with
 * `message`. False if the message does not say it, or says that it found one that it could not use. */
bool ark__dyld_find_missing(const char *path, const char *message, char *out, size_t size);

/* As ark__library_name_matches, for names like "libz.1.dylib" and "libSystem.B.dylib", and for paths of frameworks,
 * like
 * "/System/Library/Frameworks/Accelerate.framework/Accelerate". */
bool ark__dylib_name_matches(const char *file, const char *name, size_t length, ark__file_version *out);

/* As ark__library_name_in. */
ark__name_part ark__dylib_name_in(const char *file);

#endif
