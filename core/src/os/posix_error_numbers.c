#include "arkffi/error_numbers.h"
#include "os/system.h"

#if ARK__POSIX
#include <errno.h>

const bool ark_has_system_error = false;

void ark_error_numbers_begin(int c) {
  errno = c;
}

ark_error_numbers ark_error_numbers_read(int before) {
  (void)before;
  return (ark_error_numbers){errno, 0};
}
#endif
