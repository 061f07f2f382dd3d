#include "os/elf_tables.h"
#include "os/loader.h"

#if ARK__ELF
#include <dlfcn.h>
#include <string.h>

const void *ark__module_base(void *module) {
  struct link_map *map;
  /* The dynamic section is inside the object, so its address leads to where the object begins. */
  return dlinfo(module, RTLD_DI_LINKMAP, &map) == 0 ? ark__base_of(map->l_ld) : NULL;
}

const ElfW(Ehdr) * ark__elf_own_header(void) {
  return ark__base_of((const void *)(uintptr_t)ark__elf_own_header);
}

bool ark__elf_is_for_this_machine(const ElfW(Ehdr) * header) {
  const ElfW(Ehdr) *own = ark__elf_own_header();
  return own && memcmp(header->e_ident, own->e_ident, EI_VERSION) == 0 && header->e_machine == own->e_machine;
}

typedef struct where {
  const void *address;
  bool is_data;
} where;

/* Ends the walk at the object that has the address in one of its segments. */
static int object_find_segment(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  where *sought = data;
  const ElfW(Phdr) *segment = ark__elf_segment_at(object, sought->address);
  if (!segment) return 0;
  sought->is_data = !(segment->p_flags & PF_X);
  return 1;
}

bool ark__is_data(const void *address) {
  where sought = {address, false};
  dl_iterate_phdr(object_find_segment, &sought);
  return sought.is_data;
}
#endif
