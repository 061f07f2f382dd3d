#include "os/macho_image.h"
#include <string.h>

/* Called for each load command, which is `size` bytes long; true ends the walk. */
typedef bool (*image_visitor)(void *context, const ark__macho_command *command, const unsigned char *at);

static bool image_each_command(const ark__macho_image *image, image_visitor visit, void *context) {
  size_t left = image->header.commands_size;
  const unsigned char *at = image->bytes + sizeof image->header;
  for (uint32_t i = 0; i < image->header.command_count && left >= sizeof(ark__macho_command); i++) {
    ark__macho_command command;
    memcpy(&command, at, sizeof command);
    if (command.size < sizeof command || command.size > left) return false;
    if (visit(context, &command, at)) return true;
    at += command.size;
    left -= command.size;
  }
  return false;
}

/* Copies a command, which lies at any address; false where it is shorter than its kind. */
static bool image_copy_command(void *out, size_t size, const ark__macho_command *command, const unsigned char *at) {
  if (command->size < size) return false;
  memcpy(out, at, size);
  return true;
}

/* What the commands say of the tables, whose places are counted in the file. */
typedef struct image_tables {
  ark__macho_segment first, last; /* with the header, and with the tables */
  ark__macho_symtab symtab;
  uint32_t trie, trie_size;
  bool has_first, has_last, has_symtab;
} image_tables;

static void image_note_segment(image_tables *tables, const ark__macho_segment *segment) {
  if (!tables->has_first && !segment->file_offset && segment->file_size) {
    tables->first = *segment;
    tables->has_first = true;
  }
  if (strncmp(segment->name, "__LINKEDIT", sizeof segment->name) != 0) return;
  tables->last = *segment;
  tables->has_last = true;
}

static bool image_note_command(void *context, const ark__macho_command *command, const unsigned char *at) {
  image_tables *tables = context;
  ark__macho_segment segment;
  ark__macho_dyld_info info;
  ark__macho_exports exports;
  switch (command->kind) {
  case ARK__MACHO_SEGMENT:
    if (image_copy_command(&segment, sizeof segment, command, at)) image_note_segment(tables, &segment);
    break;
  case ARK__MACHO_SYMTAB:
    tables->has_symtab = image_copy_command(&tables->symtab, sizeof tables->symtab, command, at);
    break;
  case ARK__MACHO_DYLD_INFO:
  case ARK__MACHO_DYLD_INFO_ONLY:
    if (!image_copy_command(&info, sizeof info, command, at)) break;
    tables->trie = info.exports;
    tables->trie_size = info.exports_size;
    break;
  case ARK__MACHO_EXPORTS_TRIE:
    if (!image_copy_command(&exports, sizeof exports, command, at)) break;
    tables->trie = exports.offset;
    tables->trie_size = exports.size;
    break;
  default: break;
  }
  return false;
}

/* Where a table is in memory; NULL if it does not lie in the segment with the tables, or outside of what may be read.
 */
static const unsigned char *image_table(const ark__macho_image *image, const image_tables *tables, uint32_t offset,
                                        uint64_t size) {
  const ark__macho_segment *last = &tables->last;
  if (!size || offset < last->file_offset || last->address < image->address) return NULL;
  uint64_t in_segment = offset - last->file_offset, begin = last->address - image->address;
  if (in_segment > last->file_size || size > last->file_size - in_segment || in_segment > last->size) return NULL;
  if (begin > image->size || in_segment > image->size - begin || size > image->size - begin - in_segment) return NULL;
  return image->bytes + begin + in_segment;
}

bool ark__macho_image_read(const void *bytes, size_t size, ark__macho_image *out) {
  image_tables tables = {.trie_size = 0};
  *out = (ark__macho_image){.bytes = bytes, .size = size};
  if (!bytes || size < sizeof out->header) return false;
  memcpy(&out->header, bytes, sizeof out->header);
  if (out->header.magic != ARK__MACHO_MAGIC || out->header.commands_size > size - sizeof out->header) return false;
  image_each_command(out, image_note_command, &tables);
  if (!tables.has_first) return false;
  out->address = tables.first.address;
  if (!tables.has_last) return true;
  out->trie = image_table(out, &tables, tables.trie, tables.trie_size);
  out->trie_size = out->trie ? tables.trie_size : 0;
  if (!tables.has_symtab) return true;
  const ark__macho_symtab *symtab = &tables.symtab;
  uint64_t symbols_size = (uint64_t)symtab->symbol_count * sizeof(ark__macho_symbol);
  out->symbols = image_table(out, &tables, symtab->symbols, symbols_size);
  out->strings = (const char *)image_table(out, &tables, symtab->strings, symtab->strings_size);
  if (!out->symbols || !out->strings) return true;
  out->symbol_count = symtab->symbol_count;
  out->strings_size = symtab->strings_size;
  return true;
}

/* An address in memory, as the image counts. */
static uint64_t image_address(const ark__macho_image *image, const void *address) {
  return (uint64_t)(uintptr_t)address - (uint64_t)(uintptr_t)image->bytes + image->address;
}

typedef struct image_search {
  uint64_t address;
  ark__macho_segment *segment;
  const unsigned char *sections;
  uint32_t section_count;
} image_search;

static bool image_look_at_segment(void *context, const ark__macho_command *command, const unsigned char *at) {
  image_search *search = context;
  ark__macho_segment *segment = search->segment;
  if (command->kind != ARK__MACHO_SEGMENT || !image_copy_command(segment, sizeof *segment, command, at)) return false;
  if (search->address - segment->address >= segment->size) return false;
  size_t most = (command->size - sizeof *segment) / sizeof(ark__macho_section);
  search->sections = at + sizeof *segment;
  search->section_count = segment->section_count < most ? segment->section_count : (uint32_t)most;
  return true;
}

bool ark__macho_segment_at(const ark__macho_image *image, const void *address, ark__macho_segment *out) {
  image_search search = {.address = image_address(image, address), .segment = out};
  return image_each_command(image, image_look_at_segment, &search);
}

bool ark__macho_is_code(const ark__macho_image *image, const void *address) {
  ark__macho_segment segment;
  image_search search = {.address = image_address(image, address), .segment = &segment};
  if (!image_each_command(image, image_look_at_segment, &search)) return false;
  for (uint32_t i = 0; i < search.section_count; i++) {
    ark__macho_section section;
    memcpy(&section, search.sections + i * sizeof section, sizeof section);
    if (search.address - section.address < section.size) return section.flags & ARK__MACHO_HAS_CODE;
  }
  return false;
}

bool ark__macho_each_import(const ark__macho_image *image, ark__macho_name_visitor visit, void *context) {
  for (size_t i = 0; i < image->symbol_count; i++) {
    ark__macho_symbol symbol;
    memcpy(&symbol, image->symbols + i * sizeof symbol, sizeof symbol);
    bool is_import = (symbol.type & (ARK__MACHO_STAB | ARK__MACHO_KIND | ARK__MACHO_EXTERNAL)) == ARK__MACHO_EXTERNAL;
    if (!is_import || symbol.name >= image->strings_size || image->strings[symbol.name] != '_') continue;
    const char *name = image->strings + symbol.name + 1;
    if (memchr(name, '\0', image->strings_size - symbol.name - 1) && visit(context, name)) return true;
  }
  return false;
}

typedef struct image_names {
  int32_t kind; /* of the commands */
  ark__macho_name_visitor visit;
  void *context;
} image_names;

static bool image_look_at_name(void *context, const ark__macho_command *command, const unsigned char *at) {
  const image_names *names = context;
  ark__macho_dylib dylib;
  if (command->kind != names->kind || !image_copy_command(&dylib, sizeof dylib, command, at)) return false;
  if (dylib.name < sizeof dylib || dylib.name >= command->size) return false;
  const char *name = (const char *)at + dylib.name;
  return memchr(name, '\0', command->size - dylib.name) && names->visit(names->context, name);
}

bool ark__macho_each_reexported(const ark__macho_image *image, ark__macho_name_visitor visit, void *context) {
  image_names names = {ARK__MACHO_REEXPORT_DYLIB, visit, context};
  return image_each_command(image, image_look_at_name, &names);
}

static bool image_take_name(void *context, const char *name) {
  *(const char **)context = name;
  return true;
}

const char *ark__macho_own_name(const ark__macho_image *image) {
  const char *own = NULL;
  image_names names = {ARK__MACHO_ID_DYLIB, image_take_name, &own};
  image_each_command(image, image_look_at_name, &names);
  return own;
}
