#include "arkffi/thread.h"
#include "os/system.h"

#if ARK__MACOS
#include <unistd.h>

unsigned ark_processor_count(void) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (unsigned)count : 1;
}

int ark_processor(void) {
  return -1;
}
#endif
