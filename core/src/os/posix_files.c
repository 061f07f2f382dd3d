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
#endif
