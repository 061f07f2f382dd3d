/* Windows' loader resolves everything when it opens a library, and looks for each symbol in the library that the linker
 * has found it in: there is neither a late binding, nor a global scope, nor a function of the program that would be
 * called in place of a library's own. */
#include "arkffi/alloc.h"
#include "arkffi/open_flags.h"
#include "os/loader.h"
#include "os/paths.h"
#include "os/windows_api.h"

#if ARK__WINDOWS
#include <stdio.h>
#include <string.h>

const unsigned ark__unknown_flags = 0;

bool ark__can_open_deep(void) {
  return true; /* every library is */
}

bool ark__find_replaced(const char *path, char *name, size_t size) {
  (void)path;
  if (size) *name = '\0';
  return true;
}

/* Windows' words for an error, in the user's language, without the full stop and the end of the line after them. The
 * word for a file, which they may have room for, is "it". */
static void loader_describe(DWORD code, char *out, size_t size) {
  wchar_t words[512];
  char text[3 * sizeof words / sizeof words[0] + 1];
  const DWORD how = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
  DWORD length = FormatMessageW(how, NULL, code, 0, words, sizeof words / sizeof words[0], NULL);
  while (length && (words[length - 1] <= L' ' || words[length - 1] == L'.')) words[--length] = L'\0';
  if (!length || !ark__narrow_into(words, text, sizeof text)) {
    snprintf(out, size, "Windows gave no reason but the number %lu", code);
    return;
  }
  char *place = strstr(text, "%1");
  int before = place ? (int)(place - text) : (int)strlen(text);
  snprintf(out, size, "%.*s%s%s (error %lu)", before, text, place ? "it" : "", place ? place + 2 : "", code);
}

/* The folders in which a library that is opened by its path may find others: its own, the program's and the system's.
 * For a bare name they are the program's and the system's. */
static DWORD loader_folders(const char *path) {
  return LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | (ark__name_is_path(path) ? LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR : 0);
}

/* The name or absolute path by which the loader is asked; the caller frees it with ark_free. */
static wchar_t *loader_name(const char *path) {
  wchar_t *name = ark__wide_path(path);
  if (!name || !ark__name_is_path(path)) return name;
  wchar_t *absolute = ark__wide_absolute(name);
  ark__system_free(name);
  return absolute;
}

bool ark__module_is_loaded(const char *path) {
  HMODULE module = NULL;
  wchar_t *name = loader_name(path);
  if (name) GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, name, &module);
  ark__system_free(name);
  return module != NULL;
}

static void loader_keep_for_good(HMODULE module) {
  HMODULE pinned;
  const DWORD how = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
  GetModuleHandleExW(how, (LPCWSTR)(void *)module, &pinned);
}

void *ark__module_open(const char *path, unsigned flags, char *message, size_t size) {
  HMODULE module = NULL;
  if (!path) {
    GetModuleHandleExW(0, NULL, &module);
    return module;
  }
  DWORD before = 0;
  SetLastError(ERROR_NOT_ENOUGH_MEMORY); /* what it is if nothing below says otherwise */
  wchar_t *name = loader_name(path);
  /* Otherwise Windows shows a missing library in a window, and the program waits. */
  SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &before);
  if (name) module = LoadLibraryExW(name, NULL, loader_folders(path));
  DWORD code = GetLastError();
  SetThreadErrorMode(before, NULL);
  if (!module) loader_describe(code, message, size);
  if (module && flags & ARK_OPEN_NODELETE) loader_keep_for_good(module);
  ark__system_free(name);
  return module;
}

void ark__module_close(void *module) {
  FreeLibrary(module);
}

static void *loader_symbol(HMODULE module, const char *name) {
  FARPROC found = GetProcAddress(module, name);
  return (void *)(uintptr_t)found;
}

typedef struct loader_search {
  const char *name;
  HMODULE last; /* is looked in after all others */
  void *found;
} loader_search;

static bool loader_look_in(void *context, HMODULE module) {
  loader_search *search = context;
  if (module == search->last) return false;
  search->found = loader_symbol(module, search->name);
  return search->found != NULL;
}

void *ark__process_symbol(const char *name) {
  /* ntdll.dll, which each process loads first, has some functions of the C library for Windows' own use: strtol, which
   * sets no errno, or sprintf, which knows no floats. Those of the C library are meant. */
  loader_search search = {name, GetModuleHandleW(L"ntdll.dll"), NULL};
  ark__each_module(loader_look_in, &search);
  return search.found || !search.last ? search.found : loader_symbol(search.last, name);
}

void *ark__module_symbol(void *module, const char *name) {
  return module == GetModuleHandleW(NULL) ? ark__process_symbol(name) : loader_symbol(module, name);
}

/* A module's handle is its address. */
const void *ark__module_base(void *module) {
  return module;
}

const void *ark__base_of(const void *address) {
  HMODULE module = NULL;
  const DWORD how = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  return address && GetModuleHandleExW(how, address, &module) ? module : NULL;
}

char *ark__path_of(const void *address) {
  HMODULE module = NULL;
  if (!address || !GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, address, &module)) return NULL;
  char *path = ark__path_of_module(module);
  char *out = path ? ark_copy_text(path, strlen(path)) : NULL;
  ark__system_free(path);
  FreeLibrary(module);
  return out;
}

ark__part ark__part_at(const void *address) {
  MEMORY_BASIC_INFORMATION about;
  const DWORD code = PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
  if (!VirtualQuery(address, &about, sizeof about) || about.Type != MEM_IMAGE) return (ark__part){0};
  return (ark__part){(uintptr_t)about.BaseAddress, about.RegionSize, !(about.Protect & code)};
}

bool ark__is_function(const char *name, const void *address) {
  (void)name;
  ark__part part = ark__part_at(address);
  return part.size && !part.is_data;
}
#endif
