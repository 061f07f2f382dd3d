#include "os/pages.h"
#include "os/windows_api.h"

#if ARK__WINDOWS

void *ark__page_create(size_t *size) {
  SYSTEM_INFO about;
  GetSystemInfo(&about);
  *size = about.dwPageSize;
  return VirtualAlloc(NULL, *size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
}

bool ark__page_seal(void *page, size_t size) {
  DWORD before;
  return VirtualProtect(page, size, PAGE_EXECUTE_READ, &before) &&
         FlushInstructionCache(GetCurrentProcess(), page, size);
}

void ark__page_free(void *page, size_t size) {
  (void)size;
  VirtualFree(page, 0, MEM_RELEASE);
}
#endif
