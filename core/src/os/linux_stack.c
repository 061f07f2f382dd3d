#include "arkffi/thread.h"
#include "os/system.h"

#if ARK__LINUX
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The stack of a process's first thread grows up to a limit. Some C libraries report only what it has grown to. */
static uintptr_t stack_lowest_of_first(uintptr_t low, uintptr_t high) {
  struct rlimit limit;
  if (syscall(SYS_gettid) != getpid() || getrlimit(RLIMIT_STACK, &limit) != 0) return low;
  if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= high) return low;
  uintptr_t lowest = high - (uintptr_t)limit.rlim_cur;
  return lowest < low ? lowest : low;
}

bool ark_thread_stack(ark_stack *out) {
  pthread_attr_t attributes;
  void *low = NULL;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
  bool is_known = pthread_attr_getstack(&attributes, &low, &size) == 0 && low && size;
  pthread_attr_destroy(&attributes);
  out->high = (uintptr_t)low + size;
  out->low = stack_lowest_of_first((uintptr_t)low, out->high);
  return is_known;
}
#endif
