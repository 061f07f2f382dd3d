#include "os/files.h"
#include "os/system.h"

#if ARK__POSIX
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool ark__file_exists(const char *path) {
  return access(path, F_OK) == 0;
}

bool ark__file_absolute(const char *path, char *out, size_t size) {
  if (!getcwd(out, size)) return false;
  size_t length = strlen(out);
  while (strncmp(path, "./", 2) == 0) path += 2;
  int added = snprintf(out + length, size - length, "/%s", path);
  return added > 0 && (size_t)added < size - length;
}

void ark__each_file(const char *folder, ark__file_visitor visit, void *context) {
  DIR *listing = opendir(folder);
  if (!listing) return;
  for (struct dirent *entry; (entry = readdir(listing));) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    /* A longer path could not be opened. */
    if (length > 0 && length < (int)sizeof path) visit(context, entry->d_name, path);
  }
  closedir(listing);
}

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

bool ark__folder_has_library(const char *folder, const char *name, char *out, size_t size) {
  int length = snprintf(out, size, "%s/%s", folder, name);
  return length > 0 && (size_t)length < size && ark__file_is_library(out);
}
#endif
