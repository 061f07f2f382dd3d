/* Whether a file is a library, and what else it is. */
#include "os/file_kinds.h"
#include "os/files.h"
#include "os/macho_format.h"
#include "os/macho_kind.h"
#include "os/system.h"

#if ARK__MACOS
#include <mach-o/dyld.h>
#include <stdio.h>

#if defined(__aarch64__)
enum { OWN_CPU = ARK__MACHO_ARM64 };
#else
enum { OWN_CPU = ARK__MACHO_X86_64 };
#endif

/* The first bytes, with all that a universal file says of its parts. */
typedef struct head {
  unsigned char bytes[4096];
  size_t length;
} head;

static bool explain_read(const char *path, head *out) {
  uint64_t file_size;
  return ark__file_read_start(path, out->bytes, sizeof out->bytes, &out->length, &file_size);
}

bool ark__file_explain(const char *path, char *out, size_t size) {
  head in;
  if (explain_read(path, &in)) return !ark__macho_is_library(in.bytes, in.length, OWN_CPU, out, size);
  const char *kind = ark__file_irregular(path);
  if (kind) snprintf(out, size, "%s", kind);
  return kind != NULL;
}

/* dyld checks a file itself, before it maps anything. */
bool ark__file_is_unfit(const char *path) {
  return ark__file_irregular(path) != NULL;
}

bool ark__file_is_library(const char *path) {
  head in;
  char why[128];
  if (explain_read(path, &in)) return ark__macho_is_library(in.bytes, in.length, OWN_CPU, why, sizeof why);
  /* The system's own libraries are in dyld's cache and have no files. */
  return !ark__file_irregular(path) && _dyld_shared_cache_contains_path(path);
}
#endif
