#include "os/macho_image.h"

#if ARK__MACOS
#include <mach-o/dyld.h>
#include <string.h>

/* Calls `visit` for each load command; true ends the walk. */
static bool image_each_command(const struct mach_header_64 *header,
                               bool (*visit)(const struct load_command *command, void *context), void *context) {
  const char *at = (const char *)(header + 1), *end = at + header->sizeofcmds;
  for (uint32_t i = 0; i < header->ncmds && at + sizeof(struct load_command) <= end; i++) {
    const struct load_command *command = (const void *)at;
    if (visit(command, context)) return true;
    at += command->cmdsize;
  }
  return false;
}

/* Offsets in the file of what the linker has made. */
typedef struct image_tables {
  const struct segment_command_64 *linkedit;
  const struct symtab_command *symbols;
  uint32_t trie, trie_size;
} image_tables;

static bool image_note_command(const struct load_command *command, void *context) {
  image_tables *tables = context;
  switch (command->cmd) {
  case LC_SEGMENT_64: {
    const struct segment_command_64 *segment = (const void *)command;
    if (strncmp(segment->segname, SEG_LINKEDIT, sizeof segment->segname) == 0) tables->linkedit = segment;
    break;
  }
  case LC_SYMTAB: tables->symbols = (const void *)command; break;
  case LC_DYLD_INFO:
  case LC_DYLD_INFO_ONLY: {
    const struct dyld_info_command *info = (const void *)command;
    tables->trie = info->export_off;
    tables->trie_size = info->export_size;
    break;
  }
  case LC_DYLD_EXPORTS_TRIE: {
    const struct linkedit_data_command *exports = (const void *)command;
    tables->trie = exports->dataoff;
    tables->trie_size = exports->datasize;
    break;
  }
  default: break;
  }
  return false;
}

static bool image_find_slide(const void *header, intptr_t *out) {
  for (uint32_t i = _dyld_image_count(); i-- > 0;) {
    if ((const void *)_dyld_get_image_header(i) != header) continue;
    *out = _dyld_get_image_vmaddr_slide(i);
    return true;
  }
  return false;
}

bool ark__macho_image_at(const void *header, ark__macho_image *out) {
  image_tables tables = {0};
  *out = (ark__macho_image){.header = header};
  if (!header || !image_find_slide(header, &out->slide) || out->header->magic != MH_MAGIC_64) return false;
  image_each_command(header, image_note_command, &tables);
  if (!tables.linkedit) return true;
  /* Offsets count from the beginning of the file, of which this segment has the end. */
  const char *file = (const char *)(tables.linkedit->vmaddr + (uint64_t)out->slide - tables.linkedit->fileoff);
  if (tables.trie_size) {
    out->trie = (const unsigned char *)file + tables.trie;
    out->trie_size = tables.trie_size;
  }
  if (tables.symbols) {
    out->symbols = (const void *)(file + tables.symbols->symoff);
    out->strings = file + tables.symbols->stroff;
    out->symbol_count = tables.symbols->nsyms;
  }
  return true;
}

typedef struct image_search {
  uint64_t address; /* in the file */
  const struct segment_command_64 *segment;
} image_search;

static bool image_look_at_segment(const struct load_command *command, void *context) {
  image_search *search = context;
  const struct segment_command_64 *segment = (const void *)command;
  if (command->cmd != LC_SEGMENT_64 || search->address - segment->vmaddr >= segment->vmsize) return false;
  search->segment = segment;
  return true;
}

const struct segment_command_64 *ark__macho_segment_at(const ark__macho_image *image, const void *address) {
  image_search search = {(uint64_t)address - (uint64_t)image->slide, NULL};
  image_each_command(image->header, image_look_at_segment, &search);
  return search.segment;
}

bool ark__macho_is_code(const ark__macho_image *image, const void *address) {
  const struct segment_command_64 *segment = ark__macho_segment_at(image, address);
  const struct section_64 *sections = segment ? (const void *)(segment + 1) : NULL;
  uint64_t in_file = (uint64_t)address - (uint64_t)image->slide;
  for (uint32_t i = 0; segment && i < segment->nsects; i++) {
    if (in_file - sections[i].addr >= sections[i].size) continue;
    return sections[i].flags & (S_ATTR_PURE_INSTRUCTIONS | S_ATTR_SOME_INSTRUCTIONS);
  }
  return false;
}
#endif
