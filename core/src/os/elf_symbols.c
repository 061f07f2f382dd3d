/* Symbols that ELF objects export, read from the tables that the loader has mapped (System V gABI, chapter 5). */
#include "os/loader.h"
#include "os/system.h"

#if ARK__ELF
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>

typedef struct search {
  const void *dynamic; /* the dynamic section of the only object to search; NULL for every object */
  ark__symbol_visitor visit;
  void *context;
} search;

typedef struct tables {
  const ElfW(Sym) * symbols;
  const char *strings;
  const uint32_t *hash, *gnu_hash;
  const ElfW(Versym) * versions; /* of each symbol; NULL if the object has none */
} tables;

/* glibc writes absolute addresses into the dynamic section, musl and some architectures leave them relative. */
static const void *symbol_table_at(ElfW(Addr) base, ElfW(Addr) value) {
  return (const void *)(value < base ? base + value : value);
}

static tables symbol_find_tables(ElfW(Addr) base, const ElfW(Dyn) * dynamic) {
  tables found = {0};
  for (; dynamic->d_tag != DT_NULL; dynamic++) {
    const void *table = symbol_table_at(base, dynamic->d_un.d_ptr);
    switch (dynamic->d_tag) {
    case DT_SYMTAB: found.symbols = table; break;
    case DT_STRTAB: found.strings = table; break;
    case DT_HASH: found.hash = table; break;
    case DT_GNU_HASH: found.gnu_hash = table; break;
    case DT_VERSYM: found.versions = table; break;
    default: break;
    }
  }
  return found;
}

/* Counts the symbols of a GNU hash table, which has no count: the last symbol is the end of the chain that begins at
 * the highest index. The table's header is the number of buckets, the first hashed symbol, the number of words of the
 * Bloom filter, and its shift. */
static size_t symbol_count_gnu(const uint32_t *table) {
  uint32_t buckets = table[0], first = table[1], words = table[2], last = 0;
  const uint32_t *bucket = (const uint32_t *)((const ElfW(Addr) *)(table + 4) + words);
  const uint32_t *chain = bucket + buckets;
  for (uint32_t i = 0; i < buckets; i++) {
    if (bucket[i] > last) last = bucket[i];
  }
  if (last < first) return first;
  while (!(chain[last - first] & 1)) last++;
  return last + 1;
}

static bool symbol_is_exported(const ElfW(Sym) * symbol) {
  unsigned bind = symbol->st_info >> 4, visibility = symbol->st_other & 3;
  bool is_visible = visibility == STV_DEFAULT || visibility == STV_PROTECTED;
  /* Absolute symbols have no address in the object; names of versions, like GLIBC_2.34, are among them. */
  if (symbol->st_shndx == SHN_ABS) return false;
  return symbol->st_shndx != SHN_UNDEF && bind != STB_LOCAL && is_visible;
}

/* Whether a symbol is an old version, which the loader gives only to programs that were linked to it: its version
 * number has the highest bit set. */
static bool symbol_is_old_version(const tables *in, size_t index) {
  return in->versions && (in->versions[index] & 0x8000);
}

static void symbol_visit_all(const search *query, const tables *in) {
  size_t count = in->hash ? in->hash[1] : symbol_count_gnu(in->gnu_hash);
  for (size_t i = 1; i < count; i++) {
    const ElfW(Sym) *symbol = &in->symbols[i];
    unsigned type = symbol->st_info & 15;
    bool is_function = type == STT_FUNC || type == STT_GNU_IFUNC;
    if (!symbol_is_exported(symbol) || symbol_is_old_version(in, i)) continue;
    if (!(is_function || type == STT_OBJECT || type == STT_TLS)) continue;
    query->visit(query->context, in->strings + symbol->st_name, is_function);
  }
}

static int symbol_visit_object(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  const search *query = data;
  for (size_t i = 0; i < object->dlpi_phnum; i++) {
    if (object->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const void *dynamic = (const void *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
    if (query->dynamic && query->dynamic != dynamic) continue;
    tables found = symbol_find_tables(object->dlpi_addr, dynamic);
    if (found.symbols && found.strings && (found.hash || found.gnu_hash)) symbol_visit_all(query, &found);
  }
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
