/* Which library the loader has not found, as it says in its message. */
#include "os/loader.h"
#include "os/system.h"

#if ARK__ELF
#include <string.h>

/* glibc writes the name first, and musl between these. */
static const char *missing_name(const char *reason, size_t *length) {
  static const char *const glibc_says = ": cannot open shared object file";
  static const char *const musl_says = "Error loading shared library ", *const musl_adds = ": No such file";
  bool is_musl = strncmp(reason, musl_says, strlen(musl_says)) == 0;
  const char *name = is_musl ? reason + strlen(musl_says) : reason,
             *end = strstr(name, is_musl ? musl_adds : glibc_says);
  *length = end ? (size_t)(end - name) : 0;
  return end ? name : NULL;
}

bool ark__module_find_missing(const char *path, const char *message, char *out, size_t size) {
  size_t length;
  const char *name = missing_name(message, &length);
  if (!name || length >= size || (length == strlen(path) && strncmp(path, name, length) == 0)) return false;
  memcpy(out, name, length);
  out[length] = '\0';
  return true;
}
#endif
