/* Where dyld looks for a bare name (dlopen(3), dyld(1)), without the current folder, and Homebrew's folder on ARM,
 * where it does not look. The system's own libraries and frameworks are in its cache, which can be asked for a path but
 * lists none. */
#include "arkffi/alloc.h"
#include "arkffi/environment.h"
#include "os/files.h"
#include "os/loader.h"
#include "os/system.h"

#if ARK__MACOS
#include <mach-o/dyld.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_FOLDERS "/usr/local/lib:/usr/lib:/opt/homebrew/lib"

/* Libraries of the system that programs open by name. */
static const char *const folder_systems_own[] = {
    "libSystem.B.dylib",  "libSystem.dylib",   "libc.dylib",         "libm.dylib",         "libpthread.dylib",
    "libdl.dylib",        "libutil.dylib",     "libproc.dylib",      "libc++.1.dylib",     "libc++abi.dylib",
    "libobjc.A.dylib",    "libz.1.dylib",      "libbz2.1.0.dylib",   "libsqlite3.dylib",   "libiconv.2.dylib",
    "libcurl.4.dylib",    "libxml2.2.dylib",   "libxslt.1.dylib",    "libedit.3.dylib",    "libncurses.5.4.dylib",
    "libresolv.9.dylib",  "libffi.dylib",      "liblzma.5.dylib",    "libarchive.2.dylib", "libcompression.dylib",
    "libexpat.1.dylib",   "libpcap.A.dylib",   "libcups.2.dylib",    "libcharset.1.dylib", "libpam.2.dylib",
    "libsandbox.1.dylib", "libform.5.4.dylib", "libpanel.5.4.dylib", "libicucore.A.dylib", "libcommonCrypto.dylib"};
enum { FOLDER_SYSTEMS_OWN = sizeof folder_systems_own / sizeof folder_systems_own[0] };

static void folder_each_of_system(ark__file_visitor visit, void *context) {
  char path[256];
  for (size_t i = 0; i < FOLDER_SYSTEMS_OWN; i++) {
    snprintf(path, sizeof path, "/usr/lib/%s", folder_systems_own[i]);
    if (_dyld_shared_cache_contains_path(path)) visit(context, folder_systems_own[i], path);
  }
}

/* A framework is known by its path, because no name without a folder leads to it. The folders of the system's own
 * exist, with headers and the like in them. */
static void folder_visit_framework(void *context, const char *file, const char *path) {
  const ark__folder_listing *listing = context;
  const char *end = strstr(file, ".framework");
  char library[PATH_MAX];
  int length = end ? snprintf(library, sizeof library, "%s/%.*s", path, (int)(end - file), file) : -1;
  if (length > 0 && (size_t)length < sizeof library) listing->visit(listing->context, library, library);
}

static void folder_each_framework(ark__folder_listing *listing) {
  ark__each_file("/Library/Frameworks", folder_visit_framework, listing);
  ark__each_file("/System/Library/Frameworks", folder_visit_framework, listing);
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
  if (!folder_each_of("LD_LIBRARY_PATH", visit, context, &is_over)) return false;
  if (!folder_each_of("DYLD_LIBRARY_PATH", visit, context, &is_over)) return false;
  if (!folder_each_of("DYLD_FALLBACK_LIBRARY_PATH", visit, context, &is_over)) return false;
  if (!is_over) ark__each_folder_in(DEFAULT_FOLDERS, visit, context);
  return true;
}

bool ark__each_loadable(ark__file_visitor visit, void *context) {
  ark__folder_listing listing = {visit, context};
  folder_each_of_system(visit, context);
  if (!folder_each(ark__folder_list, &listing)) return false;
  folder_each_framework(&listing);
  return true;
}

/* As ark__folder_look_in, for a file of any kind. */
static bool folder_look_for_file(void *context, const char *folder) {
  ark__folder_search *search = context;
  int length = snprintf(search->path, search->size, "%s/%s", folder, search->name);
  search->is_found = length > 0 && (size_t)length < search->size && ark__file_exists(search->path);
  return search->is_found;
}

/* dyld passes over files that are no libraries for this processor. If there is no other, one of them is taken, so that
 * the message can say what it is. */
bool ark__find_loadable(const char *name, char *out, size_t size) {
  ark__folder_search search = {name, out, size, false};
  bool has_memory = folder_each(ark__folder_look_in, &search);
  if (has_memory && !search.is_found) has_memory = folder_each(folder_look_for_file, &search);
  if (!search.is_found) *out = '\0';
  return has_memory;
}
#endif
