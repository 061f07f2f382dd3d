#include "os/macho_kind.h"
#include "os/file_kinds.h"
#include "os/macho_format.h"
#include <stdio.h>
#include <string.h>

/* The parts of a universal file are few; a class of Java begins with the same bytes, and then has a version from 45 on.
 */
enum { KIND_MOST_PARTS = 44 };

static uint32_t kind_big_endian(const unsigned char *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const char *kind_of_cpu(int32_t cpu) {
  switch (cpu) {
  case ARK__MACHO_ARM64: return "arm64";
  case ARK__MACHO_X86_64: return "x86-64";
  default: return "another processor";
  }
}

static bool kind_is_image_library(const ark__macho_header *header, int32_t cpu, char *out, size_t size) {
  if (header->cpu != cpu) {
    snprintf(out, size, "it is a library for %s, and this process is %s", kind_of_cpu(header->cpu), kind_of_cpu(cpu));
    return false;
  }
  switch (header->kind) {
  case ARK__MACHO_DYLIB:
  case ARK__MACHO_BUNDLE: return true;
  case ARK__MACHO_PROGRAM: snprintf(out, size, "it is a program, not a library"); break;
  case ARK__MACHO_OBJECT: snprintf(out, size, "it is an object file, which has to be linked: clang -dynamiclib"); break;
  case ARK__MACHO_DEBUG: snprintf(out, size, "it is the debug information of a library, and not the library"); break;
  default: snprintf(out, size, "it is no library"); break;
  }
  return false;
}

/* Each part begins with its processor; where the offsets have 64 bits it is longer. */
static bool kind_has_part(const unsigned char *bytes, size_t length, uint32_t count, int32_t cpu) {
  size_t part = kind_big_endian(bytes) == (uint32_t)ARK__MACHO_FAT_64 ? 32 : 20;
  for (size_t at = 8; count && at + part <= length; at += part, count--) {
    if (kind_big_endian(bytes + at) == (uint32_t)cpu) return true;
  }
  return false;
}

bool ark__macho_is_library(const unsigned char *bytes, size_t length, int32_t cpu, char *out, size_t size) {
  ark__macho_header header;
  uint32_t first = length >= 8 ? kind_big_endian(bytes) : 0, count = length >= 8 ? kind_big_endian(bytes + 4) : 0;
  if (first == (uint32_t)ARK__MACHO_FAT || first == (uint32_t)ARK__MACHO_FAT_64) {
    if (count <= KIND_MOST_PARTS) {
      if (kind_has_part(bytes, length, count, cpu)) return true;
      snprintf(out, size, "it is a universal library without a part for %s", kind_of_cpu(cpu));
    } else {
      snprintf(out, size, "it is no library");
    }
    return false;
  }
  if (length >= sizeof header) {
    memcpy(&header, bytes, sizeof header);
    if (header.magic == ARK__MACHO_MAGIC) return kind_is_image_library(&header, cpu, out, size);
    if (header.magic == ARK__MACHO_MAGIC_32) {
      snprintf(out, size, "it is a library for a processor of 32 bits, and this process has 64");
      return false;
    }
  }
  snprintf(out, size, "%s", ark__file_kind(bytes, length));
  return false;
}
