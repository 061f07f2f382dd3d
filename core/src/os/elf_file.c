#include "os/elf_file.h"

#if ARK__ELF
#include <fcntl.h>
#include <stdalign.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef ElfW(Ehdr) file_head;
typedef ElfW(Phdr) file_segment;
typedef ElfW(Dyn) file_item;

/* `length` bytes at an offset in the file, or NULL if they do not lie inside it or are not aligned for their type. */
static const void *file_bytes(const ark__elf_file *file, ElfW(Off) offset, size_t length, size_t align) {
  if (offset > file->size || length > file->size - offset) return NULL;
  return offset % align ? NULL : file->bytes + offset;
}

static const file_head *file_header(const ark__elf_file *file) {
  const file_head *header = file_bytes(file, 0, sizeof *header, alignof(file_head));
  return header && ark__elf_is_for_this_machine(header) && header->e_type == ET_DYN ? header : NULL;
}

static const file_segment *file_segments(const ark__elf_file *file, size_t *count) {
  const file_head *header = file_header(file);
  if (!header || header->e_phentsize != sizeof(file_segment)) return NULL;
  *count = header->e_phnum;
  return file_bytes(file, header->e_phoff, *count * sizeof(file_segment), alignof(file_segment));
}

/* The bytes that the loader will map at an address of the object, and how many of them the file has. */
static const void *file_at(const ark__elf_file *file, ElfW(Addr) address, size_t align, size_t *length) {
  size_t count;
  const file_segment *segments = file_segments(file, &count);
  for (size_t i = 0; segments && i < count; i++) {
    const file_segment *segment = &segments[i];
    if (segment->p_type != PT_LOAD || address < segment->p_vaddr) continue;
    ElfW(Addr) inside = address - segment->p_vaddr;
    if (inside >= segment->p_filesz || segment->p_offset > file->size) continue;
    *length = segment->p_filesz - inside;
    return file_bytes(file, segment->p_offset + inside, *length, align);
  }
  return NULL;
}

/* The first `length` of those bytes. */
static const void *file_table(const ark__elf_file *file, ElfW(Addr) address, size_t length, size_t align) {
  size_t there;
  const void *table = file_at(file, address, align, &there);
  return table && length <= there ? table : NULL;
}

static bool file_read_dynamic(ark__elf_file *file) {
  size_t count;
  const file_segment *segments = file_segments(file, &count);
  for (size_t i = 0; segments && i < count; i++) {
    if (segments[i].p_type != PT_DYNAMIC) continue;
    file->dynamic_count = segments[i].p_filesz / sizeof(file_item);
    file->dynamic = file_bytes(file, segments[i].p_offset, segments[i].p_filesz, alignof(file_item));
  }
  return file->dynamic != NULL;
}

/* The first entry of that kind in the dynamic section, or NULL. */
static const file_item *file_entry(const ark__elf_file *file, ElfW(Sxword) tag) {
  for (size_t i = 0; i < file->dynamic_count && file->dynamic[i].d_tag != DT_NULL; i++) {
    if (file->dynamic[i].d_tag == tag) return &file->dynamic[i];
  }
  return NULL;
}

/* Its value; 0 when there is none. */
static ElfW(Xword) file_value(const ark__elf_file *file, ElfW(Sxword) tag) {
  const file_item *entry = file_entry(file, tag);
  return entry ? entry->d_un.d_val : 0;
}

static bool file_read_strings(ark__elf_file *file) {
  file->strings_size = file_value(file, DT_STRSZ);
  file->tables.strings = file_table(file, file_value(file, DT_STRTAB), file->strings_size, 1);
  return file->tables.strings && file->strings_size && !file->tables.strings[file->strings_size - 1];
}

/* Both tables of hashes are checked for what ark__elf_find and ark__elf_tables_count rely on. */
static bool file_read_hashes(ark__elf_file *file) {
  size_t gnu_size = 0, old_size = 0;
  ElfW(Addr) gnu = file_value(file, DT_GNU_HASH), old = file_value(file, DT_HASH);
  if (gnu) file->tables.gnu_hash = file_at(file, gnu, alignof(ElfW(Addr)), &gnu_size);
  if (old) file->tables.hash = file_at(file, old, alignof(uint32_t), &old_size);
  if (file->tables.gnu_hash && !ark__elf_gnu_hash_is_whole(file->tables.gnu_hash, gnu_size)) return false;
  if (file->tables.hash && !ark__elf_old_hash_is_whole(file->tables.hash, old_size)) return false;
  if (!file->tables.gnu_hash && !file->tables.hash) return false;
  ark__elf_tables_count(&file->tables);
  return true;
}

static bool file_read_symbols(ark__elf_file *file) {
  size_t count = file->tables.count;
  if (count > file->size / sizeof(ElfW(Sym))) return false;
  ElfW(Addr) versions = file_value(file, DT_VERSYM);
  file->tables.symbols = file_table(file, file_value(file, DT_SYMTAB), count * sizeof(ElfW(Sym)), alignof(ElfW(Sym)));
  if (versions) {
    file->tables.versions = file_table(file, versions, count * sizeof(ElfW(Versym)), alignof(ElfW(Versym)));
  }
  for (size_t i = 0; file->tables.symbols && i < count; i++) {
    if (file->tables.symbols[i].st_name >= file->strings_size) return false;
  }
  return file->tables.symbols && (!versions || file->tables.versions);
}

static void file_read_relocations(ark__elf_file *file) {
  static const struct { ElfW(Sxword) at, size; } tags[] = {{DT_RELA, DT_RELASZ}, {DT_JMPREL, DT_PLTRELSZ}};
  for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
    ark__elf_relocations *read = &file->relocations[i];
    size_t size = file_value(file, tags[i].size);
    read->at = size ? file_table(file, file_value(file, tags[i].at), size, alignof(ElfW(Rela))) : NULL;
    read->count = read->at ? size / sizeof(ElfW(Rela)) : 0;
  }
}

static bool file_map(const char *path, ark__elf_file *out) {
  struct stat about;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return false;
  bool is_file = fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
  void *bytes = is_file ? mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
  close(file);
  if (bytes == MAP_FAILED) return false;
  *out = (ark__elf_file){.bytes = bytes, .size = (size_t)about.st_size};
  return true;
}

bool ark__elf_file_open(const char *path, ark__elf_file *out) {
  if (!file_map(path, out)) return false;
  if (file_read_dynamic(out) && file_read_strings(out) && file_read_hashes(out) && file_read_symbols(out)) {
    file_read_relocations(out);
    return true;
  }
  ark__elf_file_close(out);
  return false;
}

void ark__elf_file_close(ark__elf_file *file) {
  munmap((void *)file->bytes, file->size);
}

const char *ark__elf_file_text(const ark__elf_file *file, ElfW(Xword) offset) {
  return offset < file->strings_size ? file->tables.strings + offset : NULL;
}

const char *ark__elf_file_text_of(const ark__elf_file *file, ElfW(Sxword) tag) {
  const file_item *entry = file_entry(file, tag);
  return entry ? ark__elf_file_text(file, entry->d_un.d_val) : NULL;
}

bool ark__elf_file_is_symbolic(const ark__elf_file *file) {
  return file_entry(file, DT_SYMBOLIC) || file_value(file, DT_FLAGS) & DF_SYMBOLIC;
}
#endif
