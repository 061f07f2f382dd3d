#include "os/files.h"
#include "os/loader.h"
#include "os/system.h"

#if ARK__ELF
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

const void *ark__module_base(void *module) {
  struct link_map *map;
  /* The dynamic section is inside the object, so its address leads to where the object begins. */
  return dlinfo(module, RTLD_DI_LINKMAP, &map) == 0 ? ark__base_of(map->l_ld) : NULL;
}

bool ark__file_is_library(const char *path) {
  ElfW(Ehdr) header, *own = (ElfW(Ehdr) *)ark__base_of((const void *)(uintptr_t)ark__file_is_library);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  bool is_whole = read(file, &header, sizeof header) == (ssize_t)sizeof header;
  close(file);
  /* The core itself is for this machine, and its header is mapped where its object begins. */
  return is_whole && own && memcmp(header.e_ident, own->e_ident, EI_VERSION) == 0 && header.e_machine == own->e_machine;
}
#endif
