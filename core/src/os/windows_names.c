/* <name> ["-" release] ".dll", and the same with "lib" before it as GCC's libraries have it. Capital and small letters
 * are the same. The C library, whose functions for numbers are elsewhere a library "m", is Windows' universal one. */
#include "os/library_names.h"
#include "os/system.h"

#if ARK__WINDOWS
#include <string.h>

const char ark__library_prefix[] = "", ark__library_suffix[] = ".dll";

/* Files for compilers end in ".lib" or ".a". */
const bool ark__library_plain_is_for_compilers = false;

static bool name_matches_after(const char *file, const char *name, size_t length, ark__file_version *out) {
  if (_strnicmp(file, name, length) != 0) return false;
  const char *release = file + length, *end = release;
  if (!ark__version_skip(&end, '-', ark__library_suffix) || _stricmp(end, ark__library_suffix) != 0) return false;
  *out = (ark__file_version){{release, (size_t)(end - release)}, {end, 0}};
  return true;
}

static bool name_is_c_library(const char *file, const char *name, size_t length) {
  return length == 1 && strchr("cCmM", *name) && _stricmp(file, "ucrtbase.dll") == 0;
}

bool ark__library_name_matches(const char *file, const char *name, size_t length, ark__file_version *out) {
  if (name_matches_after(file, name, length, out)) return true;
  if (name_is_c_library(file, name, length)) {
    *out = (ark__file_version){{file, 0}, {file, 0}};
    return true;
  }
  return _strnicmp(file, "lib", 3) == 0 && name_matches_after(file + 3, name, length, out);
}

ark__name_part ark__library_name_in(const char *file) {
  const char *name = _strnicmp(file, "lib", 3) == 0 ? file + 3 : file;
  size_t length = strlen(name), suffix = strlen(ark__library_suffix);
  bool has_suffix = length > suffix && _stricmp(name + length - suffix, ark__library_suffix) == 0;
  return (ark__name_part){name, has_suffix ? length - suffix : length};
}
#endif
