/* The tables of symbols of an ELF object (System V gABI, chapter 5), for files that ask about symbols.
 *
 * Thread rule: any thread, while the object stays mapped.
 */
#ifndef ARK__ELF_TABLES_H
#define ARK__ELF_TABLES_H

#include "os/system.h"

#if ARK__ELF
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ark__elf_tables {
  const ElfW(Sym) * symbols; /* the first one is no symbol */
  const char *strings;
  const uint32_t *hash, *gnu_hash;
  const ElfW(Versym) * versions; /* of each symbol; NULL where the object has none */
  size_t count;                  /* of symbols, the first one included */
} ark__elf_tables;

/* The header of the object that has this code, in memory; NULL when the loader does not know where it begins. */
const ElfW(Ehdr) * ark__elf_own_header(void);

/* Whether a header is that of an object for this system's processor, width and byte order. */
bool ark__elf_is_for_this_machine(const ElfW(Ehdr) * header);

/* Finds the tables of an object that the loader has mapped. False when it has none. */
bool ark__elf_tables_of(const struct dl_phdr_info *object, ark__elf_tables *out);

/* The segment of an object that contains an address, or NULL. */
const ElfW(Phdr) * ark__elf_segment_at(const struct dl_phdr_info *object, const void *address);

/* The dynamic section of such an object; NULL when it has none. */
const ElfW(Dyn) * ark__elf_dynamic_of(const struct dl_phdr_info *object);

/* Sets `count`, from the tables of hashes. */
void ark__elf_tables_count(ark__elf_tables *tables);

/* Whether a table of hashes that has room for `size` bytes leads to no place outside it, and ends. */
bool ark__elf_gnu_hash_is_whole(const uint32_t *table, size_t size);
bool ark__elf_old_hash_is_whole(const uint32_t *table, size_t size);

/* Whether other objects can use the symbol at `index`. */
bool ark__elf_is_exported(const ark__elf_tables *tables, size_t index);

/* Whether it is a function. */
bool ark__elf_is_function(const ark__elf_tables *tables, size_t index);

/* Whether it is defined as the only one of its name, and not as one that any other may stand for. */
bool ark__elf_is_strong(const ark__elf_tables *tables, size_t index);

/* The index of the exported symbol of that name, or 0. */
size_t ark__elf_find(const ark__elf_tables *tables, const char *name);

#endif
#endif
