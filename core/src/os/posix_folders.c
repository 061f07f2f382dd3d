#include "os/files.h"
#include "os/system.h"

#if ARK__POSIX
#include <limits.h>
#include <stdio.h>
#include <string.h>

bool ark__each_folder_in(const char *list, ark__folder_visitor visit, void *context) {
  char folder[PATH_MAX];
  while (list && *list) {
    size_t length = strcspn(list, ":\n");
    if (length && length < sizeof folder) {
      snprintf(folder, sizeof folder, "%.*s", (int)length, list);
      if (visit(context, folder)) return true;
    }
    list += length + (list[length] != '\0');
  }
  return false;
}

bool ark__folder_list(void *context, const char *folder) {
  const ark__folder_listing *listing = context;
  ark__each_file(folder, listing->visit, listing->context);
  return false;
}

bool ark__folder_look_in(void *context, const char *folder) {
  ark__folder_search *search = context;
  int length = snprintf(search->path, search->size, "%s/%s", folder, search->name);
  search->is_found = length > 0 && (size_t)length < search->size && ark__file_is_library(search->path);
  return search->is_found;
}
#endif
