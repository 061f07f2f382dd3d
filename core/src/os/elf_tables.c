#include "os/elf_tables.h"

#if ARK__ELF
#include <string.h>

/* glibc writes absolute addresses into the dynamic section, musl and some architectures leave them relative. */
static const void *table_at(ElfW(Addr) base, ElfW(Addr) value) {
  return (const void *)(value < base ? base + value : value);
}

const ElfW(Dyn) * ark__elf_dynamic_of(const struct dl_phdr_info *object) {
  for (size_t i = 0; i < object->dlpi_phnum; i++) {
    if (object->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    return (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
  }
  return NULL;
}

const ElfW(Phdr) * ark__elf_segment_at(const struct dl_phdr_info *object, const void *address) {
  for (size_t i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    ElfW(Addr) start = object->dlpi_addr + segment->p_vaddr;
    if (segment->p_type == PT_LOAD && (ElfW(Addr))address - start < segment->p_memsz) return segment;
  }
  return NULL;
}

bool ark__elf_tables_of(const struct dl_phdr_info *object, ark__elf_tables *out) {
  const ElfW(Dyn) *dynamic = ark__elf_dynamic_of(object);
  *out = (ark__elf_tables){0};
  for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
    const void *table = table_at(object->dlpi_addr, dynamic->d_un.d_ptr);
    switch (dynamic->d_tag) {
    case DT_SYMTAB: out->symbols = table; break;
    case DT_STRTAB: out->strings = table; break;
    case DT_HASH: out->hash = table; break;
    case DT_GNU_HASH: out->gnu_hash = table; break;
    case DT_VERSYM: out->versions = table; break;
    default: break;
    }
  }
  if (!out->symbols || !out->strings || !(out->hash || out->gnu_hash)) return false;
  ark__elf_tables_count(out);
  return true;
}

/* The GNU table has a header (the number of buckets, the first hashed symbol, the words of the Bloom filter and its
 * shift), the filter, the buckets and the chains. */
typedef struct gnu_table {
  uint32_t buckets, first, words, shift;
  const ElfW(Addr) * filter;
  const uint32_t *bucket, *chain;
} gnu_table;

static gnu_table table_read_gnu(const uint32_t *table) {
  gnu_table read = {table[0], table[1], table[2], table[3], (const ElfW(Addr) *)(table + 4), NULL, NULL};
  read.bucket = (const uint32_t *)(read.filter + read.words);
  read.chain = read.bucket + read.buckets;
  return read;
}

/* The GNU table has no count: the last symbol is the end of the chain that starts highest. */
static size_t table_count_gnu(const uint32_t *table) {
  gnu_table read = table_read_gnu(table);
  uint32_t last = 0;
  for (uint32_t i = 0; i < read.buckets; i++) {
    if (read.bucket[i] > last) last = read.bucket[i];
  }
  if (last < read.first) return read.first;
  while (!(read.chain[last - read.first] & 1)) last++;
  return last + 1;
}

bool ark__elf_gnu_hash_is_whole(const uint32_t *table, size_t size) {
  enum { HEADER = 4 * sizeof *table };
  if (size < HEADER) return false;
  gnu_table read = table_read_gnu(table);
  uint64_t before = HEADER + (uint64_t)read.words * sizeof *read.filter + (uint64_t)read.buckets * sizeof *table;
  if (!read.words || read.shift >= 32 || before > size) return false;
  uint64_t chains = (size - before) / sizeof *table, last = 0;
  for (uint32_t i = 0; i < read.buckets; i++) {
    if (read.bucket[i] > last) last = read.bucket[i];
  }
  if (last < read.first) return true;
  /* Chains that begin earlier end at the latest where this one does. */
  uint64_t at = last - read.first;
  while (at < chains && !(read.chain[at] & 1)) at++;
  return at < chains;
}

bool ark__elf_old_hash_is_whole(const uint32_t *table, size_t size) {
  enum { HEADER = 2 * sizeof *table };
  if (size < HEADER || (uint64_t)table[0] + table[1] > (size - HEADER) / sizeof *table) return false;
  for (size_t i = 0; i < (size_t)table[0] + table[1]; i++) {
    if (table[2 + i] >= table[1]) return false;
  }
  return true;
}

void ark__elf_tables_count(ark__elf_tables *tables) {
  tables->count = tables->hash ? tables->hash[1] : table_count_gnu(tables->gnu_hash);
}

/* The loader gives an old version only to programs that were linked against it: its number has the highest bit set. */
static bool table_has_old_version(const ark__elf_tables *tables, size_t index) {
  return tables->versions && (tables->versions[index] & 0x8000);
}

bool ark__elf_is_exported(const ark__elf_tables *tables, size_t index) {
  const ElfW(Sym) *symbol = &tables->symbols[index];
  unsigned bind = symbol->st_info >> 4, visibility = symbol->st_other & 3;
  bool is_visible = visibility == STV_DEFAULT || visibility == STV_PROTECTED;
  /* An absolute one is at no place: so are the names of versions, like GLIBC_2.34, that stand among the symbols. */
  if (symbol->st_shndx == SHN_ABS || table_has_old_version(tables, index)) return false;
  return symbol->st_shndx != SHN_UNDEF && bind != STB_LOCAL && is_visible;
}

bool ark__elf_is_function(const ark__elf_tables *tables, size_t index) {
  unsigned type = tables->symbols[index].st_info & 15;
  return type == STT_FUNC || type == STT_GNU_IFUNC;
}

bool ark__elf_is_strong(const ark__elf_tables *tables, size_t index) {
  return tables->symbols[index].st_info >> 4 == STB_GLOBAL;
}

static bool table_has_name(const ark__elf_tables *tables, size_t index, const char *name) {
  return strcmp(tables->strings + tables->symbols[index].st_name, name) == 0 && ark__elf_is_exported(tables, index);
}

static uint32_t table_hash_gnu(const char *name) {
  uint32_t hash = 5381;
  for (const unsigned char *at = (const unsigned char *)name; *at; at++) hash = hash * 33 + *at;
  return hash;
}

static size_t table_find_gnu(const ark__elf_tables *tables, const char *name) {
  enum { BITS = 8 * sizeof(ElfW(Addr)) };
  gnu_table read = table_read_gnu(tables->gnu_hash);
  uint32_t hash = table_hash_gnu(name);
  ElfW(Addr) word = read.filter[hash / BITS % read.words];
  if (!read.buckets || !(word >> hash % BITS & word >> (hash >> read.shift) % BITS & 1)) return 0;
  size_t index = read.bucket[hash % read.buckets];
  if (index < read.first) return 0;
  for (;; index++) {
    uint32_t one = read.chain[index - read.first];
    if ((one | 1) == (hash | 1) && table_has_name(tables, index, name)) return index;
    if (one & 1) return 0;
  }
}

/* The older table: the number of buckets and of symbols, the buckets, and for each symbol the next one of its chain. */
static size_t table_find_old(const ark__elf_tables *tables, const char *name) {
  const uint32_t *bucket = tables->hash + 2, *chain = bucket + tables->hash[0];
  uint32_t hash = 0;
  for (const unsigned char *at = (const unsigned char *)name; *at; at++) {
    hash = (hash << 4) + *at;
    hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
  }
  size_t index = bucket[hash % tables->hash[0]];
  for (size_t left = tables->hash[1]; index && left; left--, index = chain[index]) {
    if (table_has_name(tables, index, name)) return index;
  }
  return 0;
}

size_t ark__elf_find(const ark__elf_tables *tables, const char *name) {
  if (tables->gnu_hash) return table_find_gnu(tables, name);
  return tables->hash[0] ? table_find_old(tables, name) : 0;
}
#endif
