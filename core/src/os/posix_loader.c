#include "arkffi/alloc.h"
#include "arkffi/open_flags.h"
#include "os/files.h"
#include "os/loader.h"
#include "os/system.h"

#if ARK__POSIX
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* RTLD_DEEPBIND exists only in glibc. */
#ifdef RTLD_DEEPBIND
enum { LOADER_DEEP = RTLD_DEEPBIND };
const unsigned ark__unknown_flags = 0;
#else
enum { LOADER_DEEP = 0 };
const unsigned ark__unknown_flags = ARK_OPEN_DEEP;
#endif

#if ARK__MACOS
/* dyld takes a bare name from the current folder as well. So the file is looked for here, without that folder. dyld is
 * asked by the name only for what is loaded already, and by a path for what it may have in its cache. */
static void *loader_open(const char *name, int mode) {
  char path[1024];
  if (!name || strchr(name, '/')) return dlopen(name, mode);
  if (ark__find_loadable(name, path, sizeof path) && *path) return dlopen(path, mode);
  void *loaded = dlopen(name, mode | RTLD_NOLOAD);
  if (loaded) return loaded;
  snprintf(path, sizeof path, "/usr/lib/%s", name);
  return dlopen(path, mode);
}
#else
static void *loader_open(const char *name, int mode) {
  return dlopen(name, mode);
}
#endif

bool ark__module_is_loaded(const char *path) {
  void *module = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
  if (module) dlclose(module);
  return module != NULL;
}

void *ark__module_open(const char *path, unsigned flags, char *message, size_t size) {
  int mode = flags & ARK_OPEN_NOW ? RTLD_NOW : RTLD_LAZY;
  mode |= flags & ARK_OPEN_GLOBAL ? RTLD_GLOBAL : RTLD_LOCAL;
  if (flags & ARK_OPEN_NODELETE) mode |= RTLD_NODELETE;
  if (flags & ARK_OPEN_DEEP) mode |= LOADER_DEEP;
  void *module = loader_open(path, mode);
  if (!module) {
    const char *reason = dlerror();
    snprintf(message, size, "%s", reason ? reason : "the loader gave no reason");
  }
  return module;
}

void ark__module_close(void *module) {
  dlclose(module);
}

void *ark__module_symbol(void *module, const char *name) {
  return dlsym(module, name);
}

void *ark__process_symbol(const char *name) {
  return dlsym(RTLD_DEFAULT, name);
}

char *ark__path_of(const void *address) {
  Dl_info info;
  return dladdr(address, &info) ? ark_copy_text(info.dli_fname, strlen(info.dli_fname)) : NULL;
}
#endif
