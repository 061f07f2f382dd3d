/* Which library dyld has not found. It says "Library not loaded: @rpath/libother.dylib", then on lines of their own
 * which file needs it and, after "Reason:", where it has looked and what was there:
 *
 *   Reason: tried: '/a/libother.dylib' (no such file), '/usr/lib/libother.dylib' (no such file, not in dyld cache)
 *   Reason: image not found
 */
#include "os/loader.h"
#include "os/macho_text.h"
#include "os/system.h"
#include <string.h>

/* Whether every place that dyld has tried had no such file. Where one had a file, its words say why it could not be
 * used:
 * "(mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))", "(code signature in …)". */
static bool missing_was_nowhere(const char *message) {
  static const char no_file[] = "' (no such file";
  for (const char *at = message; (at = strstr(at, "' (")); at++) {
    if (strncmp(at, no_file, strlen(no_file)) != 0) return false;
  }
  return true;
}

bool ark__dyld_find_missing(const char *path, const char *message, char *out, size_t size) {
  static const char begin[] = "Library not loaded: ";
  const char *found = strstr(message, begin), *name = found ? found + strlen(begin) : NULL;
  size_t length = name ? strcspn(name, "\n") : 0;
  if (!length || length >= size || (length == strlen(path) && strncmp(path, name, length) == 0)) return false;
  if (!missing_was_nowhere(name + length)) return false;
  memcpy(out, name, length);
  out[length] = '\0';
  return true;
}

#if ARK__MACOS
bool ark__module_find_missing(const char *path, const char *message, char *out, size_t size) {
  return ark__dyld_find_missing(path, message, out, size);
}
#endif
