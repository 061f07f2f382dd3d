#include "os/safe_copy.h"
#include "os/windows_api.h"

#if ARK__WINDOWS
#include <stdbool.h>

/* Whether all pages may be accessed in one of the ways of `protections`. Asked for first because a copy would change
 * what it touches: it ends the protection of a page that guards a stack, and WriteProcessMemory writes to read-only
 * pages. */
static bool copy_is_allowed(uintptr_t address, size_t size, DWORD protections) {
  if (size - 1 > UINTPTR_MAX - address) return false;
  for (uintptr_t at = address, last = address + (size - 1);;) {
    MEMORY_BASIC_INFORMATION about;
    if (!VirtualQuery((const void *)at, &about, sizeof about) || about.State != MEM_COMMIT) return false;
    if (!(about.Protect & protections) || about.Protect & PAGE_GUARD) return false;
    uintptr_t end = (uintptr_t)about.BaseAddress + (about.RegionSize - 1);
    if (end >= last) return true;
    at = end + 1;
  }
}

static const DWORD copy_writable = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
static const DWORD copy_readable = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY |
                                   PAGE_READONLY | PAGE_EXECUTE_READ;

ark__copied ark__copy_in(void *out, uintptr_t address, size_t size) {
  SIZE_T done = 0;
  if (!copy_is_allowed(address, size, copy_readable)) return ARK__COPY_FAULT;
  bool is_copied = ReadProcessMemory(GetCurrentProcess(), (const void *)address, out, size, &done);
  return is_copied && done == size ? ARK__COPY_DONE : ARK__COPY_FAULT;
}

ark__copied ark__copy_out(uintptr_t address, const void *bytes, size_t size) {
  SIZE_T done = 0;
  if (!copy_is_allowed(address, size, copy_writable)) return ARK__COPY_FAULT;
  bool is_copied = WriteProcessMemory(GetCurrentProcess(), (void *)address, bytes, size, &done);
  return is_copied && done == size ? ARK__COPY_DONE : ARK__COPY_FAULT;
}
#endif
