/* Apple's processors let no thread write to a page that it can execute: each thread switches, for all pages that are
 * mapped with MAP_JIT. A program with the hardened runtime needs the entitlement com.apple.security.cs.allow-jit. */
#include "os/pages.h"
#include "os/system.h"

#if ARK__MACOS
#include <libkern/OSCacheControl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__aarch64__)
enum { PAGE_ACCESS = PROT_READ | PROT_WRITE | PROT_EXEC };
#else
enum { PAGE_ACCESS = PROT_READ | PROT_WRITE };
#endif

/* Does nothing where the processor has no such switch. */
static void page_let_write(bool may_write) {
  pthread_jit_write_protect_np(!may_write);
}

void *ark__page_create(size_t *size) {
  *size = (size_t)sysconf(_SC_PAGESIZE);
  void *page = mmap(NULL, *size, PAGE_ACCESS, MAP_PRIVATE | MAP_ANONYMOUS | MAP_JIT, -1, 0);
  if (page == MAP_FAILED) return NULL;
  page_let_write(true);
  return page;
}

bool ark__page_seal(void *page, size_t size) {
  page_let_write(false);
  if (!(PAGE_ACCESS & PROT_EXEC) && mprotect(page, size, PROT_READ | PROT_EXEC)) return false;
  sys_icache_invalidate(page, size);
  return true;
}

void ark__page_free(void *page, size_t size) {
  page_let_write(false);
  munmap(page, size);
}
#endif
