#include "arkffi/descriptor.h"
#include "os/system.h"

#if ARK__WINDOWS
bool ark_descriptor_is_readable(int descriptor) {
  (void)descriptor;
  return false;
}
#endif
