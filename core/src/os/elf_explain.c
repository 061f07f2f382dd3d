/* What a file is that the loader does not take, from its first bytes (System V gABI, chapters 4 and 5). */
#include "os/elf_tables.h"
#include "os/file_kinds.h"
#include "os/files.h"

#if ARK__ELF
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef ElfW(Ehdr) file_header;

enum { HEAD_SIZE = 4096, MOST_SEGMENTS = 64 };

typedef struct head {
  union {
    unsigned char bytes[HEAD_SIZE];
    file_header elf;
  };
  size_t length; /* bytes that were read */
  uint64_t file_size;
} head;

static bool explain_read(const char *path, head *out) {
  return ark__file_read_start(path, out->bytes, sizeof out->bytes, &out->length, &out->file_size);
}

static const char *explain_machine(unsigned machine) {
  switch (machine) {
  case EM_386: return "x86";
  case EM_X86_64: return "x86-64";
  case EM_ARM: return "ARM";
  case EM_AARCH64: return "AArch64";
  case EM_MIPS: return "MIPS";
  case EM_PPC: return "PowerPC";
  case EM_PPC64: return "PowerPC";
  case EM_S390: return "S/390";
  case 243: return "RISC-V";
  case 258: return "LoongArch";
  default: return NULL;
  }
}

static void explain_processor(const file_header *header, char *out, size_t size) {
  const char *name = explain_machine(header->e_machine);
  const char *bits = header->e_ident[EI_CLASS] == ELFCLASS32 ? "32-bit" : "64-bit";
  if (name) {
    snprintf(out, size, "%s (%s)", name, bits);
  } else {
    snprintf(out, size, "processor %u of ELF's list (%s)", (unsigned)header->e_machine, bits);
  }
}

/* The bytes that the loader will map, so that they must be in the file: 0 if the headers cannot be read. */
static uint64_t explain_mapped_size(const head *in) {
  const file_header *header = &in->elf;
  uint64_t end = 0;
  for (size_t i = 0; i < header->e_phnum && i < MOST_SEGMENTS; i++) {
    ElfW(Phdr) segment;
    uint64_t at = (uint64_t)header->e_phoff + i * sizeof segment;
    if (at > in->length || in->length - at < sizeof segment) break;
    memcpy(&segment, in->bytes + at, sizeof segment);
    if (segment.p_type == PT_LOAD && segment.p_offset + segment.p_filesz > end) {
      end = segment.p_offset + segment.p_filesz;
    }
  }
  return end;
}

static bool explain_is_elf(const head *in) {
  return in->length >= EI_NIDENT && memcmp(in->bytes, ELFMAG, SELFMAG) == 0;
}

static bool explain_is_for_this_machine(const head *in) {
  return in->length >= sizeof in->elf && ark__elf_is_for_this_machine(&in->elf);
}

static bool explain_elf(const head *in, char *out, size_t size) {
  const file_header *header = &in->elf, *own = ark__elf_own_header();
  char theirs[64], ours[64];
  if (in->length < sizeof *header || !own) {
    snprintf(out, size, "it is only the first %zu bytes of a library", in->length);
    return true;
  }
  if (!explain_is_for_this_machine(in)) {
    explain_processor(header, theirs, sizeof theirs);
    explain_processor(own, ours, sizeof ours);
    snprintf(out, size, "it is a library for %s, and this process is %s", theirs, ours);
    return true;
  }
  if (header->e_type == ET_REL) {
    snprintf(out, size, "it is an object file, which has to be linked: gcc -shared");
    return true;
  }
  if (header->e_type == ET_EXEC) {
    snprintf(out, size, "it is a program, not a library");
    return true;
  }
  uint64_t needed = explain_mapped_size(in);
  if (needed <= in->file_size) return false;
  snprintf(out, size, "it is only the first %llu bytes of a library, which has at least %llu",
           (unsigned long long)in->file_size, (unsigned long long)needed);
  return true;
}

bool ark__file_explain(const char *path, char *out, size_t size) {
  head in;
  if (!explain_read(path, &in)) {
    const char *kind = ark__file_irregular(path);
    if (kind) snprintf(out, size, "%s", kind);
    return kind != NULL;
  }
  if (explain_is_elf(&in)) return explain_elf(&in, out, size);
  snprintf(out, size, "%s", ark__file_kind(in.bytes, in.length));
  return true;
}

bool ark__file_is_unfit(const char *path) {
  head in;
  char why[256];
  if (!explain_read(path, &in)) return ark__file_irregular(path) != NULL;
  return ark__elf_own_header() && explain_is_elf(&in) && explain_elf(&in, why, sizeof why);
}

bool ark__file_is_library(const char *path) {
  head in;
  return explain_read(path, &in) && explain_is_elf(&in) && explain_is_for_this_machine(&in);
}
#endif
