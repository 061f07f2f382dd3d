#include "arkffi/environment.h"
#include "arkffi/alloc.h"
#include "os/system.h"

#if ARK__POSIX
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if ARK__LINUX
#include <sys/auxv.h>

/* The kernel says it to the loader, which then ignores LD_LIBRARY_PATH. */
static bool environment_is_trusted(void) {
  return !getauxval(AT_SECURE);
}
#elif ARK__MACOS
static bool environment_is_trusted(void) {
  return !issetugid();
}
#else
static bool environment_is_trusted(void) {
  return getuid() == geteuid() && getgid() == getegid();
}
#endif

bool ark_environment(const char *name, char **out) {
  const char *value = environment_is_trusted() ? getenv(name) : NULL;
  *out = value ? ark_copy_text(value, strlen(value)) : NULL;
  return *out || !value;
}
#endif
