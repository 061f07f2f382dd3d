/* Where the loader of musl looks for libraries: in LD_LIBRARY_PATH and in a list of folders, which a file beside it can
 * replace (ldso/dynlink.c of musl). It has no cache: one on the machine is that of glibc, for other programs. */
#include "arkffi/alloc.h"
#include "arkffi/environment.h"
#include "os/files.h"
#include "os/system.h"

#if ARK__MUSL
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The last two are OpenHarmony's. */
#define DEFAULT_FOLDERS "/lib:/usr/local/lib:/usr/lib:/system/lib64:/system/lib64/ndk"

/* A longer list is cut off. */
#define MOST_FOLDERS (4 * PATH_MAX)

/* The path of the loader, or NULL. musl is one library, the loader, so that each of its functions lies in it. */
static const char *folder_loader(void) {
  Dl_info about;
  return dladdr((const void *)(uintptr_t)&__errno_location, &about) ? about.dli_fname : NULL;
}

/* The file with the loader's folders: for /lib/ld-musl-x86_64.so.1 it is /etc/ld-musl-x86_64.path. False if the
 * loader's path has another form. */
static bool folder_list_path(char *out, size_t size) {
  const char *path = folder_loader(), *loader = path ? strstr(path, "/lib/ld-musl-") : NULL;
  const char *name = loader ? loader + strlen("/lib/") : NULL, *end = name ? strstr(name, ".so") : NULL;
  if (!end) return false;
  int length = snprintf(out, size, "%.*s/etc/%.*s.path", (int)(loader - path), path, (int)(end - name), name);
  return length > 0 && (size_t)length < size;
}

/* Reads the file with the loader's folders. False if there is none: then the loader takes its default ones. */
static bool folder_read_list(char *out, size_t size) {
  char path[PATH_MAX];
  int file = folder_list_path(path, sizeof path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return false;
  ssize_t length = read(file, out, size - 1);
  close(file);
  out[length > 0 ? length : 0] = '\0';
  return true;
}

/* The loader opens itself by the names of the libraries that other systems have apart, whether there are such files or
 * not. */
static const char *const folder_own_names[] = {"libc.so",  "libpthread.so", "librt.so",  "libm.so",
                                               "libdl.so", "libutil.so",    "libxnet.so"};
enum { FOLDER_OWN_NAMES = sizeof folder_own_names / sizeof folder_own_names[0] };

static void folder_each_own_name(ark__file_visitor visit, void *context) {
  const char *loader = folder_loader();
  for (size_t i = 0; loader && i < FOLDER_OWN_NAMES; i++) visit(context, folder_own_names[i], loader);
}

/* Visits the loader's folders. False when out of memory. */
static bool folder_each(ark__folder_visitor visit, void *context) {
  char list[MOST_FOLDERS], *first;
  if (!ark_environment("LD_LIBRARY_PATH", &first)) return false;
  bool is_over = ark__each_folder_in(first, visit, context);
  ark_free(first);
  if (!is_over) ark__each_folder_in(folder_read_list(list, sizeof list) ? list : DEFAULT_FOLDERS, visit, context);
  return true;
}

bool ark__each_loadable(ark__file_visitor visit, void *context) {
  ark__folder_listing listing = {visit, context};
  folder_each_own_name(visit, context);
  return folder_each(ark__folder_list, &listing);
}

bool ark__find_loadable(const char *name, char *out, size_t size) {
  ark__folder_search search = {name, out, size, false};
  const char *loader = folder_loader();
  for (size_t i = 0; loader && i < FOLDER_OWN_NAMES; i++) search.is_found |= strcmp(name, folder_own_names[i]) == 0;
  if (search.is_found) {
    snprintf(out, size, "%s", loader);
    return true;
  }
  bool has_memory = folder_each(ark__folder_look_in, &search);
  if (!search.is_found) *out = '\0';
  return has_memory;
}
#endif
