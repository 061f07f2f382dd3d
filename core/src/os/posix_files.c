#include "os/files.h"
#include "os/system.h"

#if ARK__POSIX
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool ark__file_exists(const char *path) {
  return access(path, F_OK) == 0;
}

/* It is not opened: that would wait for the other end of a pipe, and might start something in a device. */
const char *ark__file_irregular(const char *path) {
  struct stat about;
  if (stat(path, &about) != 0) return NULL;
  switch (about.st_mode & S_IFMT) {
  case S_IFREG: return NULL;
  case S_IFDIR: return "it is a folder";
  case S_IFIFO: return "it is a pipe";
  case S_IFSOCK: return "it is a socket";
  case S_IFCHR: return "it is a character device";
  case S_IFBLK: return "it is a block device";
  default: return "it is no regular file";
  }
}

/* Opening does not wait, should a pipe have taken the place of the file. */
bool ark__file_read_start(const char *path, void *out, size_t size, size_t *length, uint64_t *file_size) {
  struct stat about;
  if (ark__file_irregular(path)) return false;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return false;
  bool is_file = fstat(file, &about) == 0 && S_ISREG(about.st_mode);
  ssize_t count = is_file ? read(file, out, size) : -1;
  close(file);
  if (count < 0) return false;
  *length = (size_t)count;
  *file_size = (uint64_t)about.st_size;
  return true;
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
