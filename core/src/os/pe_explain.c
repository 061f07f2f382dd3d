/* What a file is that the loader does not take (Microsoft's description of the PE format). */
#include "os/file_kinds.h"
#include "os/files.h"
#include "os/pe_image.h"

#if ARK__WINDOWS
#include <stdio.h>
#include <string.h>

enum { HEAD_SIZE = 4096, MOST_SECTIONS = 96 };

/* The first part of a file. The headers of a library fit into it. */
typedef struct head {
  _Alignas(8) unsigned char bytes[HEAD_SIZE];
  size_t length; /* bytes that were read */
  uint64_t file_size;
} head;

static bool explain_read(const char *path, head *out, bool *is_folder) {
  *is_folder = false;
  wchar_t *wide = ark__wide_path(path);
  DWORD attributes = wide ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES, length = 0;
  bool is_there = attributes != INVALID_FILE_ATTRIBUTES, is_read = false;
  *is_folder = is_there && attributes & FILE_ATTRIBUTE_DIRECTORY;
  HANDLE file = INVALID_HANDLE_VALUE;
  const DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  if (is_there && !*is_folder) file = CreateFileW(wide, GENERIC_READ, sharing, NULL, OPEN_EXISTING, 0, NULL);
  ark__system_free(wide);
  if (file == INVALID_HANDLE_VALUE) return false;
  LARGE_INTEGER size;
  /* A device may wait for a reader. */
  if (GetFileType(file) == FILE_TYPE_DISK && GetFileSizeEx(file, &size)) {
    is_read = ReadFile(file, out->bytes, sizeof out->bytes, &length, NULL);
    out->length = length;
    out->file_size = (uint64_t)size.QuadPart;
  }
  CloseHandle(file);
  return is_read;
}

/* The header that all processors have in common, or NULL if it does not lie in the head. */
static const IMAGE_FILE_HEADER *explain_header(const head *in) {
  IMAGE_DOS_HEADER dos;
  DWORD signature;
  if (in->length < sizeof dos) return NULL;
  memcpy(&dos, in->bytes, sizeof dos);
  size_t at = (size_t)dos.e_lfanew, needed = sizeof signature + sizeof(IMAGE_FILE_HEADER);
  if (dos.e_magic != IMAGE_DOS_SIGNATURE || at % sizeof(DWORD) || at > in->length || in->length - at < needed)
    return NULL;
  memcpy(&signature, in->bytes + at, sizeof signature);
  return signature == IMAGE_NT_SIGNATURE ? (const void *)(in->bytes + at + sizeof signature) : NULL;
}

static const char *explain_machine(WORD machine) {
  switch (machine) {
  case IMAGE_FILE_MACHINE_I386: return "x86 (32-bit)";
  case IMAGE_FILE_MACHINE_AMD64: return "x86-64 (64-bit)";
  case IMAGE_FILE_MACHINE_ARMNT: return "ARM (32-bit)";
  case 0xAA64: return "AArch64 (64-bit)";
  default: return NULL;
  }
}

static void explain_processor(WORD machine, char *out, size_t size) {
  const char *name = explain_machine(machine);
  if (name) {
    snprintf(out, size, "%s", name);
  } else {
    snprintf(out, size, "processor 0x%x of PE's list", machine);
  }
}

/* The bytes that the loader will map, so that they must be in the file. */
static uint64_t explain_mapped_size(const head *in, const IMAGE_FILE_HEADER *header) {
  uint64_t end = 0;
  size_t at = (size_t)((const unsigned char *)(header + 1) - in->bytes) + header->SizeOfOptionalHeader;
  for (WORD i = 0; i < header->NumberOfSections && i < MOST_SECTIONS; i++, at += sizeof(IMAGE_SECTION_HEADER)) {
    IMAGE_SECTION_HEADER section;
    if (at > in->length || in->length - at < sizeof section) {
      uint64_t table = at + (uint64_t)(header->NumberOfSections - i) * sizeof section;
      return table > end ? table : end;
    }
    memcpy(&section, in->bytes + at, sizeof section);
    uint64_t last = (uint64_t)section.PointerToRawData + section.SizeOfRawData;
    if (section.SizeOfRawData && last > end) end = last;
  }
  return end;
}

static bool explain_is_pe(const head *in) {
  return in->length >= 2 && memcmp(in->bytes, "MZ", 2) == 0;
}

static bool explain_pe(const head *in, char *out, size_t size) {
  const IMAGE_FILE_HEADER *header = explain_header(in);
  char theirs[64], ours[64];
  if (!header) {
    snprintf(out, size, "it is a program for MS-DOS, or damaged");
    return true;
  }
  if (header->Machine != ark__pe_own_machine()) {
    explain_processor(header->Machine, theirs, sizeof theirs);
    explain_processor(ark__pe_own_machine(), ours, sizeof ours);
    snprintf(out, size, "it is a library for %s, and this process is %s", theirs, ours);
    return true;
  }
  if (!(header->Characteristics & IMAGE_FILE_DLL)) {
    snprintf(out, size, "it is a program, not a library");
    return true;
  }
  uint64_t needed = explain_mapped_size(in, header);
  if (needed <= in->file_size) return false;
  snprintf(out, size, "it is only the first %llu bytes of a library, which has at least %llu",
           (unsigned long long)in->file_size, (unsigned long long)needed);
  return true;
}

bool ark__file_explain(const char *path, char *out, size_t size) {
  head in;
  bool is_folder;
  if (!explain_read(path, &in, &is_folder)) {
    if (is_folder) snprintf(out, size, "it is a folder");
    return is_folder;
  }
  if (explain_is_pe(&in)) return explain_pe(&in, out, size);
  snprintf(out, size, "%s", ark__file_kind(in.bytes, in.length));
  return true;
}

bool ark__file_is_unfit(const char *path) {
  head in;
  bool is_folder;
  char why[256];
  return explain_read(path, &in, &is_folder) && explain_is_pe(&in) && explain_pe(&in, why, sizeof why);
}

bool ark__file_is_library(const char *path) {
  head in;
  bool is_folder;
  const IMAGE_FILE_HEADER *header = explain_read(path, &in, &is_folder) ? explain_header(&in) : NULL;
  return header && header->Machine == ark__pe_own_machine() && header->Characteristics & IMAGE_FILE_DLL;
}
#endif
