#include "arkffi/environment.h"
#include "os/system.h"

#if ARK__POSIX
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#if ARK__LINUX
#include <sys/auxv.h>

/* The kernel says it to the loader, which then ignores LD_LIBRARY_PATH. */
static bool environment_is_trusted(void) {
  return !getauxval(AT_SECURE);
}
#else
static bool environment_is_trusted(void) {
  return getuid() == geteuid() && getgid() == getegid();
}
#endif

const char *ark_environment(const char *name) {
  return environment_is_trusted() ? getenv(name) : NULL;
}
#endif
