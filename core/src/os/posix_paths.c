#include "os/paths.h"
#include "os/system.h"

#if ARK__POSIX
#include <string.h>

const char ark__folder_separator = '/';

size_t ark__list_first(const char *list) {
  return strcspn(list, ":");
}

bool ark__name_is_path(const char *name) {
  return strchr(name, '/') != NULL;
}

bool ark__path_is_absolute(const char *path) {
  return *path == '/';
}

const char *ark__path_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}
#endif
