#include "os/windows_api.h"

#if ARK__WINDOWS
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

void *ark__system_alloc(size_t count, size_t size) {
  return size && count <= SIZE_MAX / size ? HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, count * size) : NULL;
}

void ark__system_free(void *block) {
  if (block) HeapFree(GetProcessHeap(), 0, block);
}

wchar_t *ark__wide(const char *text) {
  /* No text has more units in UTF-16 than bytes in UTF-8. */
  size_t room = strlen(text) + 1;
  wchar_t *out = room <= INT_MAX ? ark__system_alloc(room, sizeof *out) : NULL;
  if (out) MultiByteToWideChar(CP_UTF8, 0, text, (int)room, out, (int)room);
  return out;
}

wchar_t *ark__wide_path(const char *path) {
  wchar_t *out = ark__wide(path);
  for (wchar_t *at = out; at && *at; at++) {
    if (*at == L'/') *at = L'\\';
  }
  return out;
}

char *ark__narrow(const wchar_t *text) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *out = size > 0 ? ark__system_alloc((size_t)size, 1) : NULL;
  if (out) WideCharToMultiByte(CP_UTF8, 0, text, -1, out, size, NULL, NULL);
  return out;
}

bool ark__narrow_into(const wchar_t *text, char *out, size_t size) {
  return WideCharToMultiByte(CP_UTF8, 0, text, -1, out, size < INT_MAX ? (int)size : INT_MAX, NULL, NULL) > 0;
}

wchar_t *ark__wide_absolute(const wchar_t *path) {
  DWORD room = GetFullPathNameW(path, 0, NULL, NULL);
  wchar_t *out = room ? ark__system_alloc(room, sizeof *out) : NULL;
  DWORD length = out ? GetFullPathNameW(path, room, out, NULL) : 0;
  if (length && length < room) return out;
  ark__system_free(out);
  return NULL;
}

/* Windows' longest path, in units, with its NUL. */
enum { LONGEST_PATH = 32768 };

static wchar_t *windows_path_of(HMODULE module) {
  for (DWORD room = MAX_PATH;; room = LONGEST_PATH) {
    wchar_t *path = ark__system_alloc(room, sizeof *path);
    if (!path) return NULL;
    DWORD length = GetModuleFileNameW(module, path, room);
    if (length && length < room) return path;
    ark__system_free(path);
    if (!length || room == LONGEST_PATH) return NULL;
  }
}

char *ark__path_of_module(HMODULE module) {
  wchar_t *path = windows_path_of(module);
  char *out = path ? ark__narrow(path) : NULL;
  ark__system_free(path);
  return out;
}

char *ark__folder_of_program(void) {
  char *path = ark__path_of_module(NULL);
  char *last = path ? strrchr(path, '\\') : NULL;
  if (last) *last = '\0';
  return path;
}

char *ark__folder_of_system(void) {
  wchar_t folder[MAX_PATH];
  UINT length = GetSystemDirectoryW(folder, MAX_PATH);
  return length && length < MAX_PATH ? ark__narrow(folder) : NULL;
}

/* A list of modules, which may be too short; NULL when out of memory. */
static HMODULE *windows_list_modules(size_t room, size_t *needed) {
  DWORD bytes = 0;
  HMODULE *modules = ark__system_alloc(room, sizeof *modules);
  if (!modules) return NULL;
  bool is_listed = EnumProcessModules(GetCurrentProcess(), modules, (DWORD)(room * sizeof *modules), &bytes);
  *needed = is_listed ? bytes / sizeof *modules : 0;
  return modules;
}

bool ark__each_module(ark__module_visitor visit, void *context) {
  size_t room = 256, count = 0;
  HMODULE *modules = windows_list_modules(room, &count);
  while (modules && count > room) {
    ark__system_free(modules);
    room = 2 * count;
    modules = windows_list_modules(room, &count);
  }
  bool is_over = false;
  for (size_t i = 0; modules && i < count && !is_over; i++) {
    HMODULE kept = NULL;
    /* Another thread may have unloaded it. */
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)(void *)modules[i], &kept)) continue;
    if (kept == modules[i]) is_over = visit(context, kept);
    FreeLibrary(kept);
  }
  ark__system_free(modules);
  return is_over;
}
#endif
