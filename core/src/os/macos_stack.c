#include "arkffi/thread.h"
#include "os/system.h"

#if ARK__MACOS
#include <pthread.h>

bool ark_thread_stack(ark_stack *out) {
  pthread_t thread = pthread_self();
  out->high = (uintptr_t)pthread_get_stackaddr_np(thread);
  out->low = out->high - pthread_get_stacksize_np(thread);
  return out->high != 0;
}
#endif
