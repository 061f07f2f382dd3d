#include "arkffi/descriptor.h"
#include "os/system.h"

#if ARK__POSIX
#include <errno.h>
#include <poll.h>

bool ark_descriptor_is_readable(int descriptor) {
  struct pollfd looked_at = {.fd = descriptor, .events = POLLIN};
  int kept = errno, ready = poll(&looked_at, 1, 0);
  errno = kept;
  return ready > 0;
}
#endif
