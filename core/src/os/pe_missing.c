/* Which library is missing. Windows says only that one is, so that the tables of the file are read, and those of what
 * it needs. */
#include "os/files.h"
#include "os/loader.h"
#include "os/paths.h"
#include "os/pe_image.h"

#if ARK__WINDOWS
#include <stdio.h>
#include <string.h>

enum { MISSING_MOST_FILES = 512, MISSING_DEEPEST = 16 };

typedef struct missing_search {
  char *folders[3]; /* where the loader looks: the first file's folder, the program's, the system's */
  char *out;        /* where the result goes, of `size` bytes */
  size_t size;
  unsigned read, depth;
} missing_search;

static bool missing_look_into(missing_search *search, const char *path);

/* The names of Windows' own groups of functions, which are no files. */
static bool missing_is_api_set(const char *name) {
  return _strnicmp(name, "api-ms-", 7) == 0 || _strnicmp(name, "ext-ms-", 7) == 0;
}

static bool missing_is_loaded(const char *name) {
  wchar_t *wide = ark__wide(name);
  bool is_loaded = wide && GetModuleHandleW(wide);
  ark__system_free(wide);
  return is_loaded;
}

/* Whether a library, or one that it needs, is missing. */
static bool missing_check(void *context, const char *name) {
  missing_search *search = context;
  if (missing_is_api_set(name) || missing_is_loaded(name)) return false;
  for (size_t i = 0; i < sizeof search->folders / sizeof search->folders[0]; i++) {
    char path[4 * MAX_PATH];
    int length = snprintf(path, sizeof path, "%s\\%s", search->folders[i], name);
    bool fits = length > 0 && (size_t)length < sizeof path;
    if (fits && ark__file_exists(path)) return missing_look_into(search, path);
  }
  snprintf(search->out, search->size, "%s", name);
  return true;
}

static bool missing_look_into(missing_search *search, const char *path) {
  ark__pe_image file;
  if (search->depth == MISSING_DEEPEST || ++search->read > MISSING_MOST_FILES || !ark__pe_file_open(path, &file)) {
    return false;
  }
  search->depth++;
  bool is_missing = ark__pe_each_needed(&file, missing_check, search);
  search->depth--;
  ark__pe_file_close(&file);
  return is_missing;
}

bool ark__module_find_missing(const char *path, const char *message, char *out, size_t size) {
  (void)message;
  size_t before = (size_t)(ark__path_name(path) - path);
  missing_search search = {.out = out, .size = size};
  search.folders[0] = ark__system_alloc(before + 2, 1);
  if (search.folders[0]) memcpy(search.folders[0], before ? path : ".", before ? before - 1 : 1);
  search.folders[1] = ark__folder_of_program();
  search.folders[2] = ark__folder_of_system();
  bool has_memory = search.folders[0] && search.folders[1] && search.folders[2];
  bool is_missing = has_memory && missing_look_into(&search, path);
  for (size_t i = 0; i < sizeof search.folders / sizeof search.folders[0]; i++) ark__system_free(search.folders[i]);
  return is_missing;
}
#endif
