#include "os/pages.h"
#include "os/system.h"

#if ARK__POSIX && !ARK__MACOS
#include <sys/mman.h>
#include <unistd.h>

void *ark__page_create(size_t *size) {
  *size = (size_t)sysconf(_SC_PAGESIZE);
  void *page = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? NULL : page;
}

bool ark__page_seal(void *page, size_t size) {
  if (mprotect(page, size, PROT_READ | PROT_EXEC)) return false;
  __builtin___clear_cache((char *)page, (char *)page + size);
  return true;
}

void ark__page_free(void *page, size_t size) {
  munmap(page, size);
}
#endif
