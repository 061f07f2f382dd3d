/* Where dyld looks for a bare name (dyld(1)), and Homebrew's folder on ARM, where it does not look. The system's own
 * libraries are in its cache, which can be asked for a path but lists none. */
#include "arkffi/alloc.h"
#include "arkffi/environment.h"
#include "os/files.h"
#include "os/loader.h"
#include "os/system.h"

#if ARK__MACOS
#include <mach-o/dyld.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_FOLDERS "/usr/local/lib:/usr/lib:/opt/homebrew/lib"

/* Libraries of the system that programs open by name. */
static const char *const folder_systems_own[] = {
    "libSystem.B.dylib", "libSystem.dylib", "libc.dylib",       "libm.dylib",           "libpthread.dylib",
    "libdl.dylib",       "libutil.dylib",   "libproc.dylib",    "libc++.1.dylib",       "libobjc.A.dylib",
    "libz.1.dylib",      "libbz2.dylib",    "libsqlite3.dylib", "libiconv.2.dylib",     "libcurl.4.dylib",
    "libxml2.2.dylib",   "libxslt.1.dylib", "libedit.3.dylib",  "libncurses.5.4.dylib", "libresolv.9.dylib",
    "libffi.dylib"};
enum { FOLDER_SYSTEMS_OWN = sizeof folder_systems_own / sizeof folder_systems_own[0] };

static void folder_each_of_system(ark__file_visitor visit, void *context) {
  char path[256];
  for (size_t i = 0; i < FOLDER_SYSTEMS_OWN; i++) {
    snprintf(path, sizeof path, "/usr/lib/%s", folder_systems_own[i]);
    if (_dyld_shared_cache_contains_path(path)) visit(context, folder_systems_own[i], path);
  }
}

/* Visits the folders of a variable. *is_over becomes true when the visitor ended the walk. False when out of memory. */
static bool folder_each_of(const char *variable, ark__folder_visitor visit, void *context, bool *is_over) {
  char *list;
  if (*is_over) return true;
  if (!ark_environment(variable, &list)) return false;
  *is_over = ark__each_folder_in(list, visit, context);
  ark_free(list);
  return true;
}

static bool folder_each(ark__folder_visitor visit, void *context) {
  bool is_over = false;
  if (!folder_each_of("DYLD_LIBRARY_PATH", visit, context, &is_over)) return false;
  if (!folder_each_of("DYLD_FALLBACK_LIBRARY_PATH", visit, context, &is_over)) return false;
  if (!is_over) ark__each_folder_in(DEFAULT_FOLDERS, visit, context);
  return true;
}

bool ark__each_loadable(ark__file_visitor visit, void *context) {
  ark__folder_listing listing = {visit, context};
  folder_each_of_system(visit, context);
  return folder_each(ark__folder_list, &listing);
}

bool ark__find_loadable(const char *name, char *out, size_t size) {
  ark__folder_search search = {name, out, size, false};
  bool has_memory = folder_each(ark__folder_look_in, &search);
  if (!search.is_found) *out = '\0';
  return has_memory;
}
#endif
