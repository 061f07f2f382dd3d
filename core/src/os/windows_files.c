#include "os/files.h"
#include "os/windows_api.h"

#if ARK__WINDOWS
#include <stdio.h>
#include <string.h>

bool ark__file_exists(const char *path) {
  wchar_t *wide = ark__wide_path(path);
  bool exists = wide && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES;
  ark__system_free(wide);
  return exists;
}

bool ark__file_absolute(const char *path, char *out, size_t size) {
  wchar_t *wide = ark__wide_path(path);
  wchar_t *absolute = wide ? ark__wide_absolute(wide) : NULL;
  bool fits = absolute && ark__narrow_into(absolute, out, size);
  ark__system_free(wide);
  ark__system_free(absolute);
  return fits;
}

static void file_visit(const char *folder, const wchar_t *found, ark__file_visitor visit, void *context) {
  char *file = ark__narrow(found);
  size_t size = file ? strlen(folder) + strlen(file) + 2 : 0;
  char *path = file ? ark__system_alloc(size, 1) : NULL;
  if (path) {
    snprintf(path, size, "%s\\%s", folder, file);
    visit(context, file, path);
  }
  ark__system_free(file);
  ark__system_free(path);
}

void ark__each_file(const char *folder, ark__file_visitor visit, void *context) {
  WIN32_FIND_DATAW found;
  size_t size = strlen(folder) + 3;
  char *pattern = ark__system_alloc(size, 1);
  if (pattern) snprintf(pattern, size, "%s\\*", folder);
  wchar_t *wide = pattern ? ark__wide_path(pattern) : NULL;
  HANDLE search = wide ? FindFirstFileW(wide, &found) : INVALID_HANDLE_VALUE;
  ark__system_free(pattern);
  ark__system_free(wide);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    file_visit(folder, found.cFileName, visit, context);
  } while (FindNextFileW(search, &found));
  FindClose(search);
}
#endif
