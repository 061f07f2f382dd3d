/* What a file is that the loader does not take, from its first bytes (<mach-o/fat.h>, <mach-o/loader.h>). */
#include "os/file_kinds.h"
#include "os/files.h"
#include "os/system.h"

#if ARK__MACOS
#include <mach-o/dyld.h>
#include <mach-o/fat.h>
#include <mach-o/loader.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_SIZE = 4096, MOST_PARTS = 64 };

typedef struct head {
  union {
    unsigned char bytes[HEAD_SIZE];
    struct mach_header_64 image;
    struct fat_header fat; /* its numbers are big-endian */
  };
  size_t length; /* bytes that were read */
} head;

#if defined(__aarch64__)
enum { OWN_CPU = CPU_TYPE_ARM64 };
#else
enum { OWN_CPU = CPU_TYPE_X86_64 };
#endif

static bool explain_read(const char *path, head *out) {
  uint64_t file_size;
  return ark__file_read_start(path, out->bytes, sizeof out->bytes, &out->length, &file_size);
}

static uint32_t explain_number(uint32_t big_endian) {
  return __builtin_bswap32(big_endian);
}

static bool explain_is_image(const head *in) {
  return in->length >= sizeof in->image && in->image.magic == MH_MAGIC_64;
}

/* Java's class files begin in the same way, with a number of versions that no universal file has parts. */
static bool explain_is_universal(const head *in) {
  return in->length >= sizeof in->fat && explain_number(in->fat.magic) == FAT_MAGIC &&
         explain_number(in->fat.nfat_arch) < MOST_PARTS - 1;
}

static bool explain_has_part(const head *in) {
  uint32_t count = explain_number(in->fat.nfat_arch);
  for (uint32_t i = 0; i < count; i++) {
    struct fat_arch part;
    size_t at = sizeof in->fat + i * sizeof part;
    if (at + sizeof part > in->length) return false;
    memcpy(&part, in->bytes + at, sizeof part);
    if (explain_number((uint32_t)part.cputype) == OWN_CPU) return true;
  }
  return false;
}

static const char *explain_cpu(uint32_t cpu) {
  switch (cpu) {
  case CPU_TYPE_ARM64: return "arm64";
  case CPU_TYPE_X86_64: return "x86-64";
  default: return "another processor";
  }
}

/* Whether an image cannot be a library for this process; then `out` says why. */
static bool explain_image(const head *in, char *out, size_t size) {
  uint32_t type = in->image.filetype, cpu = (uint32_t)in->image.cputype;
  if (cpu != OWN_CPU) {
    snprintf(out, size, "it is a library for %s, and this process is %s", explain_cpu(cpu), explain_cpu(OWN_CPU));
  } else if (type == MH_EXECUTE) {
    snprintf(out, size, "it is a program, not a library");
  } else if (type == MH_OBJECT) {
    snprintf(out, size, "it is an object file, which has to be linked: clang -dynamiclib");
  } else {
    return false;
  }
  return true;
}

bool ark__file_explain(const char *path, char *out, size_t size) {
  head in;
  if (!explain_read(path, &in)) {
    const char *kind = ark__file_irregular(path);
    if (kind) snprintf(out, size, "%s", kind);
    return kind != NULL;
  }
  if (explain_is_image(&in)) return explain_image(&in, out, size);
  if (explain_is_universal(&in)) {
    if (explain_has_part(&in)) return false;
    snprintf(out, size, "it is a universal library without a part for %s", explain_cpu(OWN_CPU));
    return true;
  }
  snprintf(out, size, "%s", ark__file_kind(in.bytes, in.length));
  return true;
}

/* dyld checks a file itself, before it maps anything. */
bool ark__file_is_unfit(const char *path) {
  return ark__file_irregular(path) != NULL;
}

bool ark__file_is_library(const char *path) {
  head in;
  char why[128];
  /* The system's own libraries are in dyld's cache and have no files. */
  if (!explain_read(path, &in)) return !ark__file_irregular(path) && _dyld_shared_cache_contains_path(path);
  if (explain_is_image(&in)) return !explain_image(&in, why, sizeof why);
  return explain_is_universal(&in) && explain_has_part(&in);
}
#endif
