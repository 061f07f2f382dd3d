/* Symbols that ELF objects export, read from the tables that the loader has mapped. */
#include "os/elf_tables.h"
#include "os/loader.h"

#if ARK__ELF
#include <dlfcn.h>

typedef struct search {
  const void *dynamic; /* only the object whose dynamic section this is; NULL for every object */
  ark__symbol_visitor visit;
  void *context;
} search;

static void symbol_visit_all(const search *query, const ark__elf_tables *in) {
  for (size_t i = 1; i < in->count; i++) {
    unsigned type = in->symbols[i].st_info & 15;
    bool is_function = ark__elf_is_function(in, i);
    if (!ark__elf_is_exported(in, i)) continue;
    if (!(is_function || type == STT_OBJECT || type == STT_TLS)) continue;
    query->visit(query->context, in->strings + in->symbols[i].st_name, is_function);
  }
}

static int symbol_visit_object(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  const search *query = data;
  ark__elf_tables found;
  if (query->dynamic && query->dynamic != ark__elf_dynamic_of(object)) return 0;
  if (ark__elf_tables_of(object, &found)) symbol_visit_all(query, &found);
  return 0;
}

void ark__module_each_symbol(void *module, bool whole_process, ark__symbol_visitor visit, void *context) {
  search query = {NULL, visit, context};
  if (!whole_process) {
    struct link_map *map;
    if (dlinfo(module, RTLD_DI_LINKMAP, &map) != 0) return;
    query.dynamic = map->l_ld;
  }
  dl_iterate_phdr(symbol_visit_object, &query);
}
#endif
