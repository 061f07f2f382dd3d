/* "lib" <name> ["." version] ".dylib". A version is numbers, or a letter as in "libSystem.B.dylib". A framework has its
 * name twice, <name> ".framework/" <name>, and is known by its path. */
#include "os/macho_text.h"
#include "os/system.h"
#include <string.h>

static const char name_suffix[] = ".dylib", name_of_framework[] = ".framework/";

static bool name_is_letter(const char *at) {
  return at[0] == '.' && at[1] >= 'A' && at[1] <= 'Z' && strcmp(at + 2, name_suffix) == 0;
}

static bool name_is_framework(const char *file, const char *name, size_t length) {
  const char *middle = strstr(file, name_of_framework), *inner = middle ? middle + strlen(name_of_framework) : NULL;
  if (!inner || (size_t)(middle - file) < length || strlen(inner) != length) return false;
  bool is_whole = (size_t)(middle - file) == length || middle[-(ptrdiff_t)length - 1] == '/';
  return is_whole && memcmp(middle - length, name, length) == 0 && memcmp(inner, name, length) == 0;
}

bool ark__dylib_name_matches(const char *file, const char *name, size_t length, ark__file_version *out) {
  const char *last = file + strlen(file);
  if (length && name_is_framework(file, name, length)) {
    *out = (ark__file_version){{last, 0}, {last, 0}};
    return true;
  }
  if (strncmp(file, "lib", 3) != 0 || strncmp(file + 3, name, length) != 0) return false;
  const char *release = file + 3 + length, *abi = release, *end;
  if (!ark__version_skip(&abi, '-', name_suffix)) return false;
  end = abi;
  if (name_is_letter(abi)) {
    /* It says nothing that could be compared. */
    *out = (ark__file_version){{release, (size_t)(abi - release)}, {abi, 0}};
    return true;
  }
  if (!ark__version_skip(&end, '.', name_suffix) || strcmp(end, name_suffix) != 0) return false;
  *out = (ark__file_version){{release, (size_t)(abi - release)}, {abi, (size_t)(end - abi)}};
  return true;
}

ark__name_part ark__dylib_name_in(const char *file) {
  const char *name = strncmp(file, "lib", 3) == 0 ? file + 3 : file, *suffix = strstr(name, name_suffix);
  size_t length = suffix ? (size_t)(suffix - name) : strlen(name), first = strcspn(name, ".");
  return (ark__name_part){name, suffix && first < length ? first : length};
}

#if ARK__MACOS
const char ark__library_prefix[] = "lib", ark__library_suffix[] = ".dylib";

const bool ark__library_plain_is_for_compilers = false;

bool ark__library_name_matches(const char *file, const char *name, size_t length, ark__file_version *out) {
  return ark__dylib_name_matches(file, name, length, out);
}

ark__name_part ark__library_name_in(const char *file) {
  return ark__dylib_name_in(file);
}
#endif
