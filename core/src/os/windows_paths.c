#include "os/paths.h"
#include "os/system.h"

#if ARK__WINDOWS
#include <string.h>

const char ark__folder_separator = '\\';

size_t ark__list_first(const char *list) {
  return strcspn(list, ";");
}

/* "C:x.dll" is one as well: its folder is the current one of a drive. */
bool ark__name_is_path(const char *name) {
  return strpbrk(name, "/\\:") != NULL;
}

static bool path_is_separator(char c) {
  return c == '/' || c == '\\';
}

/* Neither "C:x.dll" nor "\\x.dll" are, which depend on the current folder or drive; "\\\\server\\x.dll" is. */
bool ark__path_is_absolute(const char *path) {
  if (path_is_separator(path[0])) return path_is_separator(path[1]);
  return path[0] && path[1] == ':' && path_is_separator(path[2]);
}

const char *ark__path_name(const char *path) {
  const char *name = path;
  for (const char *at = path; (at = strpbrk(at, "/\\:"));) name = ++at;
  return name;
}
#endif
