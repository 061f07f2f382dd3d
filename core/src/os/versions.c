#include "os/library_names.h"
#include <string.h>

bool ark__version_skip(const char **at, char first, const char *suffix) {
  for (char before = first; **at == before && !(before == '.' && strncmp(*at, suffix, strlen(suffix)) == 0);
       before = '.') {
    size_t digits = strspn(++*at, "0123456789");
    if (!digits) return false;
    *at += digits;
  }
  return true;
}
