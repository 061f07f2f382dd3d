#include "arkffi/thread.h"
#include "os/system.h"

#if ARK__LINUX
#include <sched.h>

unsigned ark_processor_count(void) {
  /* The processors that this process may use; a container or taskset may allow only some. */
  cpu_set_t usable;
  int count = sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable) : 0;
  return count > 0 ? (unsigned)count : 1;
}

int ark_processor(void) {
  return sched_getcpu();
}
#endif
