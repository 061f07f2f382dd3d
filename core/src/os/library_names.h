/* How the system names the files of shared libraries.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__LIBRARY_NAMES_H
#define ARK__LIBRARY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Part of the name of a file; empty where the name does not have that part. */
typedef struct ark__name_part {
  const char *text;
  size_t length;
} ark__name_part;

/* What the name of a file says of the version of a library: in "libevent-2.1.so.7" the release is "-2.1" and the
 * version of the ABI ".7". Each is numbers with one character before each number. */
typedef struct ark__file_version {
  ark__name_part release, abi;
} ark__file_version;

/* Whether a file has the name of the library `name`, of `length` bytes, with or without a version, which *out then has.
 * Its parts lie in `file`. */
bool ark__library_name_matches(const char *file, const char *name, size_t length, ark__file_version *out);

/* The library's name in the name of a file, "m" in "libm.so.6"; the whole text where it is not the name of a library's
 * file. */
ark__name_part ark__library_name_in(const char *file);

/* What most names of files have before and after the library's name: "lib" and ".so". */
extern const char ark__library_prefix[], ark__library_suffix[];

/* Whether a file without a version may be for compilers only, so that one with a version is preferred. */
extern const bool ark__library_plain_is_for_compilers;

/* Moves *at over a version, numbers that each have a dot before them, or `first` before the first one, up to `suffix`.
 * False where a number is missing. */
bool ark__version_skip(const char **at, char first, const char *suffix);

#endif
