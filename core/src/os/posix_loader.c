#include "arkffi/alloc.h"
#include "arkffi/open_flags.h"
#include "os/loader.h"
#include "os/system.h"

#if ARK__POSIX
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* RTLD_DEEPBIND exists only in glibc. */
#ifdef RTLD_DEEPBIND
enum { LOADER_DEEP = RTLD_DEEPBIND };
const unsigned ark__unknown_flags = 0;
#else
enum { LOADER_DEEP = 0 };
const unsigned ark__unknown_flags = ARK_OPEN_DEEP;
#endif

/* dyld does not look for bare names in Homebrew's folder on ARM. */
#if ARK__MACOS
static void *loader_open_elsewhere(const char *name, int mode) {
  char path[1024];
  int length = name && !strchr(name, '/') ? snprintf(path, sizeof path, "/opt/homebrew/lib/%s", name) : -1;
  bool is_there = length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0;
  return is_there ? dlopen(path, mode) : NULL;
}
#else
static void *loader_open_elsewhere(const char *name, int mode) {
  (void)name, (void)mode;
  return NULL;
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
  void *module = dlopen(path, mode);
  if (!module) {
    const char *reason = dlerror();
    snprintf(message, size, "%s", reason ? reason : "the loader gave no reason");
    module = loader_open_elsewhere(path, mode);
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

const void *ark__base_of(const void *address) {
  Dl_info info;
  return dladdr(address, &info) ? info.dli_fbase : NULL;
}

char *ark__path_of(const void *address) {
  Dl_info info;
  return dladdr(address, &info) ? ark_copy_text(info.dli_fname, strlen(info.dli_fname)) : NULL;
}
#endif
