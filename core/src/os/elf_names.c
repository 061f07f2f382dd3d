/* "lib" <name> ["-" release] ".so" ["." version of the ABI]. */
#include "os/library_names.h"
#include "os/system.h"

#if ARK__ELF
#include <string.h>

const char ark__library_prefix[] = "lib", ark__library_suffix[] = ".so";

/* "libm.so" may be a text for the linker. */
const bool ark__library_plain_is_for_compilers = true;

bool ark__library_name_matches(const char *file, const char *name, size_t length, ark__file_version *out) {
  if (strncmp(file, "lib", 3) != 0 || strncmp(file + 3, name, length) != 0) return false;
  const char *release = file + 3 + length, *end = release;
  if (!ark__version_skip(&end, '-', ark__library_suffix) || strncmp(end, ark__library_suffix, 3) != 0) return false;
  const char *abi = end + strlen(ark__library_suffix), *rest = abi;
  if (!ark__version_skip(&rest, '.', ark__library_suffix) || *rest) return false;
  *out = (ark__file_version){{release, (size_t)(end - release)}, {abi, (size_t)(rest - abi)}};
  return true;
}

ark__name_part ark__library_name_in(const char *file) {
  const char *name = strncmp(file, "lib", 3) == 0 ? file + 3 : file, *end = strstr(name, ark__library_suffix);
  return (ark__name_part){name, end ? (size_t)(end - name) : strlen(name)};
}
#endif
