/* What the core's tests use of dlfcn.h, which Windows does not have. */
#ifndef ARKFFI_TEST_DLFCN_H
#define ARKFFI_TEST_DLFCN_H

#include <stdint.h>
#define WIN32_LEAN_AND_MEAN /* without winsock, which has a function named as one of the tests */
#include <windows.h>

enum { RTLD_LAZY = 1, RTLD_NOW = 2, RTLD_LOCAL = 0, RTLD_NOLOAD = 4 };

static inline void *dlopen(const char *path, int mode) {
  char absolute[MAX_PATH];
  HMODULE module = NULL;
  if (!(mode & RTLD_NOLOAD)) return LoadLibraryA(path);
  if (GetFullPathNameA(path, sizeof absolute, absolute, NULL)) GetModuleHandleExA(0, absolute, &module);
  return module;
}

static inline void *dlsym(void *module, const char *name) {
  FARPROC found = GetProcAddress(module, name);
  return (void *)(uintptr_t)found;
}

static inline void dlclose(void *module) {
  FreeLibrary(module);
}

typedef struct Dl_info {
  void *dli_fbase;
} Dl_info;

static inline int dladdr(const void *address, Dl_info *out) {
  HMODULE module = NULL;
  DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  int found = GetModuleHandleExA(flags, address, &module);
  out->dli_fbase = module;
  return found;
}

static inline const char *dlerror(void) {
  return "LoadLibrary failed";
}

#endif
