/* The tables of an ELF object that is a file and not yet loaded (System V gABI, chapter 5).
 *
 * A file may be anything: whatever the functions give lies inside it.
 * Thread rule: any thread; a file that was opened belongs to one.
 */
#ifndef ARK__ELF_FILE_H
#define ARK__ELF_FILE_H

#include "os/elf_tables.h"

#if ARK__ELF

typedef struct ark__elf_relocations {
  const ElfW(Rela) * at;
  size_t count;
} ark__elf_relocations;

typedef struct ark__elf_file {
  const unsigned char *bytes; /* the mapped file */
  size_t size;
  ark__elf_tables tables;
  size_t strings_size;                 /* of tables.strings, whose last byte is a NUL */
  ark__elf_relocations relocations[2]; /* the general ones, and those of the procedure linkage table */
  const ElfW(Dyn) * dynamic;
  size_t dynamic_count;
} ark__elf_file;

/* Maps the file at a path. False if it cannot be read, or is no shared object for this processor with tables that are
 * whole. On true the caller ends it with ark__elf_file_close. */
bool ark__elf_file_open(const char *path, ark__elf_file *out);
void ark__elf_file_close(ark__elf_file *file);

/* The text at an offset that an entry of the dynamic section has; NULL if it does not lie in the file's texts. */
const char *ark__elf_file_text(const ark__elf_file *file, ElfW(Xword) offset);

/* The text of the first entry of that kind, or NULL. */
const char *ark__elf_file_text_of(const ark__elf_file *file, ElfW(Sxword) tag);

/* Whether the object looks for names in itself first, as the linker's option -Bsymbolic makes it. */
bool ark__elf_file_is_symbolic(const ark__elf_file *file);

#endif
#endif
