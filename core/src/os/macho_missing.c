/* Which library dyld has not found, as it says in its message: "Library not loaded: @rpath/libother.dylib", then a new
 * line. */
#include "os/loader.h"
#include "os/system.h"

#if ARK__MACOS
#include <string.h>

bool ark__module_find_missing(const char *path, const char *message, char *out, size_t size) {
  static const char begin[] = "Library not loaded: ";
  const char *found = strstr(message, begin), *name = found ? found + strlen(begin) : NULL;
  size_t length = name ? strcspn(name, "\n") : 0;
  if (!length || length >= size || (length == strlen(path) && strncmp(path, name, length) == 0)) return false;
  memcpy(out, name, length);
  out[length] = '\0';
  return true;
}
#endif
