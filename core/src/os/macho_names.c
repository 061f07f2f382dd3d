/* "lib" <name> ["." version] ".dylib". A version is numbers, or a letter as in "libSystem.B.dylib". */
#include "os/library_names.h"
#include "os/system.h"

#if ARK__MACOS
#include <string.h>

const char ark__library_prefix[] = "lib", ark__library_suffix[] = ".dylib";

const bool ark__library_plain_is_for_compilers = false;

static bool name_is_letter(const char *at) {
  return at[0] == '.' && at[1] >= 'A' && at[1] <= 'Z' && strcmp(at + 2, ark__library_suffix) == 0;
}

bool ark__library_name_matches(const char *file, const char *name, size_t length, ark__file_version *out) {
  if (strncmp(file, "lib", 3) != 0 || strncmp(file + 3, name, length) != 0) return false;
  const char *release = file + 3 + length, *abi = release, *end;
  if (!ark__version_skip(&abi, '-', ark__library_suffix)) return false;
  end = abi;
  if (name_is_letter(abi)) {
    /* It says nothing that could be compared. */
    *out = (ark__file_version){{release, (size_t)(abi - release)}, {abi, 0}};
    return true;
  }
  if (!ark__version_skip(&end, '.', ark__library_suffix) || strcmp(end, ark__library_suffix) != 0) return false;
  *out = (ark__file_version){{release, (size_t)(abi - release)}, {abi, (size_t)(end - abi)}};
  return true;
}

ark__name_part ark__library_name_in(const char *file) {
  const char *name = strncmp(file, "lib", 3) == 0 ? file + 3 : file, *suffix = strstr(name, ark__library_suffix);
  size_t length = suffix ? (size_t)(suffix - name) : strlen(name), first = strcspn(name, ".");
  return (ark__name_part){name, suffix && first < length ? first : length};
}
#endif
