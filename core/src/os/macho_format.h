/* The parts of Mach-O that arkffi reads, as every 64-bit image has them (<mach-o/loader.h>, <mach-o/nlist.h> and
 * <mach-o/fat.h> of Apple's SDK, which only macOS has: the readers are tested on every system).
 *
 * Thread rule: types and numbers alone.
 */
#ifndef ARK__MACHO_FORMAT_H
#define ARK__MACHO_FORMAT_H

#include <stdint.h>

enum { ARK__MACHO_MAGIC = (int)0xfeedfacf, ARK__MACHO_MAGIC_32 = (int)0xfeedface };

/* Of universal files, whose numbers are big-endian: with offsets of 32 and of 64 bits. */
enum { ARK__MACHO_FAT = (int)0xcafebabe, ARK__MACHO_FAT_64 = (int)0xcafebabf };

enum { ARK__MACHO_X86_64 = 0x01000007, ARK__MACHO_ARM64 = 0x0100000c };

/* Kinds of files. */
enum {
  ARK__MACHO_OBJECT = 1,
  ARK__MACHO_PROGRAM = 2,
  ARK__MACHO_DYLIB = 6,
  ARK__MACHO_BUNDLE = 8,
  ARK__MACHO_DEBUG = 10
};

/* Load commands. A library that is given on as part of this one has the last. */
enum {
  ARK__MACHO_SYMTAB = 0x2,
  ARK__MACHO_ID_DYLIB = 0xd,
  ARK__MACHO_SEGMENT = 0x19,
  ARK__MACHO_DYLD_INFO = 0x22,
  ARK__MACHO_DYLD_INFO_ONLY = (int)0x80000022,
  ARK__MACHO_EXPORTS_TRIE = (int)0x80000033,
  ARK__MACHO_REEXPORT_DYLIB = (int)0x8000001f
};

enum { ARK__MACHO_EXECUTABLE = 4, ARK__MACHO_HAS_CODE = (int)0x80000400 };

/* Of the type of a symbol: for debuggers, the kind, that other images see it. */
enum { ARK__MACHO_STAB = 0xe0, ARK__MACHO_KIND = 0x0e, ARK__MACHO_EXTERNAL = 0x01 };

typedef struct ark__macho_header {
  int32_t magic;
  int32_t cpu;
  int32_t cpu_variant;
  uint32_t kind;
  uint32_t command_count, commands_size;
  uint32_t flags, reserved;
} ark__macho_header;

typedef struct ark__macho_command {
  int32_t kind;
  uint32_t size;
} ark__macho_command;

typedef struct ark__macho_segment {
  ark__macho_command command;
  char name[16]; /* may have no NUL */
  uint64_t address, size, file_offset, file_size;
  int32_t most_access, access;
  uint32_t section_count, flags;
} ark__macho_segment;

typedef struct ark__macho_section {
  char name[16], segment[16];
  uint64_t address, size;
  uint32_t offset, alignment, relocations_offset, relocation_count;
  int32_t flags;
  uint32_t reserved[3];
} ark__macho_section;

typedef struct ark__macho_symtab {
  ark__macho_command command;
  uint32_t symbols, symbol_count, strings, strings_size;
} ark__macho_symtab;

typedef struct ark__macho_symbol {
  uint32_t name;
  uint8_t type, section;
  uint16_t description;
  uint64_t value;
} ark__macho_symbol;

typedef struct ark__macho_dyld_info {
  ark__macho_command command;
  uint32_t others[8], exports, exports_size;
} ark__macho_dyld_info;

typedef struct ark__macho_exports {
  ark__macho_command command;
  uint32_t offset, size;
} ark__macho_exports;

typedef struct ark__macho_dylib {
  ark__macho_command command;
  uint32_t name; /* bytes from the beginning of the command */
  uint32_t time, version, compatible_version;
} ark__macho_dylib;

#endif
