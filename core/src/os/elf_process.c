#include "arkffi/process.h"
#include "os/elf_tables.h"

#if ARK__ELF

/* The end of dl_phdr_info, with the counters, is absent in some C libraries. */
enum { PROCESS_COUNTED = offsetof(struct dl_phdr_info, dlpi_adds) + sizeof((struct dl_phdr_info *)0)->dlpi_adds };

static int process_read_loads(struct dl_phdr_info *object, size_t size, void *data) {
  *(uint64_t *)data = size >= PROCESS_COUNTED ? object->dlpi_adds : 0;
  return 1;
}

uint64_t ark_process_loads(void) {
  uint64_t loads = 0;
  dl_iterate_phdr(process_read_loads, &loads);
  return loads;
}

struct ark_object {
  const struct dl_phdr_info *info;
};

typedef struct process_query {
  ark_object_test test;
  const void *context;
} process_query;

static int process_try_object(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  const process_query *query = data;
  const ark_object object = {info};
  return query->test(query->context, &object);
}

bool ark_process_has(ark_object_test test, const void *context) {
  process_query query = {test, context};
  return dl_iterate_phdr(process_try_object, &query) != 0;
}

bool ark_object_contains(const ark_object *object, const void *address) {
  return ark__elf_segment_at(object->info, address) != NULL;
}

bool ark_object_exports(const ark_object *object, const char *name) {
  ark__elf_tables tables;
  return ark__elf_tables_of(object->info, &tables) && ark__elf_find(&tables, name);
}

bool ark_object_imports(const ark_object *object, bool (*wanted)(const char *name)) {
  ark__elf_tables tables;
  if (!ark__elf_tables_of(object->info, &tables)) return false;
  for (size_t i = 1; i < tables.count; i++) {
    const ElfW(Sym) *symbol = &tables.symbols[i];
    if (symbol->st_shndx == SHN_UNDEF && wanted(tables.strings + symbol->st_name)) return true;
  }
  return false;
}
#endif
