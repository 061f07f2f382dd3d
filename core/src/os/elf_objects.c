#include "os/loader.h"
#include "os/system.h"

#if ARK__ELF
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>

const void *ark__module_base(void *module) {
  struct link_map *map;
  /* The dynamic section is inside the object, so its address leads to where the object begins. */
  return dlinfo(module, RTLD_DI_LINKMAP, &map) == 0 ? ark__base_of(map->l_ld) : NULL;
}

typedef struct where {
  ElfW(Addr) address;
  bool is_data;
} where;

/* Ends the walk at the object that has the address in one of its segments. */
static int object_find_segment(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  where *sought = data;
  for (size_t i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    ElfW(Addr) start = object->dlpi_addr + segment->p_vaddr;
    if (segment->p_type != PT_LOAD || sought->address < start) continue;
    if (sought->address - start >= segment->p_memsz) continue;
    sought->is_data = !(segment->p_flags & PF_X);
    return 1;
  }
  return 0;
}

bool ark__is_data(const void *address) {
  where sought = {(ElfW(Addr))address, false};
  dl_iterate_phdr(object_find_segment, &sought);
  return sought.is_data;
}
#endif
