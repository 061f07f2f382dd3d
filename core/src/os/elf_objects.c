#include "os/elf_tables.h"
#include "os/loader.h"

#if ARK__ELF
#include <dlfcn.h>
#include <string.h>

typedef struct object_place {
  const void *address;
  const void *base;
  ark__part part;
} object_place;

/* Where the first segment of an object begins, which has the header of its file. */
static const void *object_base(const struct dl_phdr_info *object) {
  const ElfW(Phdr) *first = object->dlpi_phdr;
  while (first->p_type != PT_LOAD) first++; /* the segments are in the order of their addresses */
  return (const void *)(object->dlpi_addr + first->p_vaddr - first->p_offset);
}

/* Ends the walk at the object that has the address in one of its segments. */
static int object_find(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  object_place *sought = data;
  const ElfW(Phdr) *segment = ark__elf_segment_at(object, sought->address);
  if (!segment) return 0;
  sought->base = object_base(object);
  sought->part = (ark__part){object->dlpi_addr + segment->p_vaddr, segment->p_memsz, !(segment->p_flags & PF_X)};
  return 1;
}

static object_place object_place_of(const void *address) {
  object_place sought = {.address = address};
  dl_iterate_phdr(object_find, &sought);
  return sought;
}

/* dladdr knows it too, but looks at each symbol that the object exports, some 100,000 of a Node.js. */
const void *ark__base_of(const void *address) {
  return object_place_of(address).base;
}

ark__part ark__part_at(const void *address) {
  return object_place_of(address).part;
}

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

typedef struct named {
  const char *name;
  const void *address;
  bool is_function;
} named;

/* Ends the walk at the object that has the address. Its segment alone says nothing: some linkers put constants beside
 * the code. */
static int object_find_named(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  named *sought = data;
  ark__elf_tables tables;
  const ElfW(Phdr) *segment = ark__elf_segment_at(object, sought->address);
  if (!segment) return 0;
  if (!(segment->p_flags & PF_X) || !ark__elf_tables_of(object, &tables)) return 1;
  size_t index = ark__elf_find(&tables, sought->name);
  sought->is_function = index && ark__elf_is_function(&tables, index);
  return 1;
}

bool ark__is_function(const char *name, const void *address) {
  named sought = {name, address, false};
  dl_iterate_phdr(object_find_named, &sought);
  return sought.is_function;
}
#endif
