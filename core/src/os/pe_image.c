#include "os/pe_image.h"

#if ARK__WINDOWS
#include <string.h>

static const IMAGE_NT_HEADERS *image_headers(const unsigned char *bytes, size_t size) {
  const IMAGE_DOS_HEADER *dos = (const void *)bytes;
  if (size < sizeof *dos || dos->e_magic != IMAGE_DOS_SIGNATURE || dos->e_lfanew < 0) return NULL;
  size_t at = (size_t)dos->e_lfanew;
  if (at % sizeof(DWORD) || at > size || size - at < sizeof(IMAGE_NT_HEADERS)) return NULL;
  const IMAGE_NT_HEADERS *headers = (const void *)(bytes + at);
  return headers->Signature == IMAGE_NT_SIGNATURE ? headers : NULL;
}

WORD ark__pe_own_machine(void) {
  HMODULE own = NULL;
  const DWORD how = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  if (!GetModuleHandleExW(how, (LPCWSTR)(uintptr_t)ark__pe_own_machine, &own)) return 0;
  const IMAGE_NT_HEADERS *headers = image_headers((const unsigned char *)own, 4096);
  return headers ? headers->FileHeader.Machine : 0;
}

/* Sets the headers of an image whose bytes and size are set. */
static bool image_read(ark__pe_image *image) {
  image->headers = image_headers(image->bytes, image->size);
  if (!image->headers || image->headers->OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR_MAGIC) return false;
  image->sections = IMAGE_FIRST_SECTION(image->headers);
  size_t at = (size_t)((const unsigned char *)image->sections - image->bytes);
  size_t size = image->headers->FileHeader.NumberOfSections * sizeof *image->sections;
  return at <= image->size && image->size - at >= size;
}

bool ark__pe_image_of(HMODULE module, ark__pe_image *out) {
  const IMAGE_NT_HEADERS *headers = image_headers((const unsigned char *)module, 4096);
  if (!headers) return false;
  *out = (ark__pe_image){.bytes = (const unsigned char *)module, .size = headers->OptionalHeader.SizeOfImage};
  return image_read(out);
}

/* Maps a file that is one on a disk: opening a device could wait. NULL if that fails or the file is empty. */
static const unsigned char *image_map(const wchar_t *path, size_t *size) {
  LARGE_INTEGER length = {.QuadPart = 0};
  const DWORD sharing = FILE_SHARE_READ | FILE_SHARE_DELETE;
  HANDLE file = CreateFileW(path, GENERIC_READ, sharing, NULL, OPEN_EXISTING, 0, NULL), mapping = NULL;
  if (file == INVALID_HANDLE_VALUE) return NULL;
  if (GetFileType(file) == FILE_TYPE_DISK && GetFileSizeEx(file, &length) && length.QuadPart > 0) {
    mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
  }
  const void *bytes = mapping ? MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0) : NULL;
  if (mapping) CloseHandle(mapping);
  CloseHandle(file);
  *size = (size_t)length.QuadPart;
  return bytes;
}

bool ark__pe_file_open(const char *path, ark__pe_image *out) {
  *out = (ark__pe_image){.is_file = true};
  wchar_t *wide = ark__wide_path(path);
  out->bytes = wide ? image_map(wide, &out->size) : NULL;
  ark__system_free(wide);
  if (!out->bytes) return false;
  if (image_read(out) && out->headers->FileHeader.Machine == ark__pe_own_machine()) return true;
  ark__pe_file_close(out);
  return false;
}

void ark__pe_file_close(ark__pe_image *file) {
  UnmapViewOfFile(file->bytes);
}

/* What lies at an address of the loaded image, of which *rest is the size that can be read; NULL if it is outside. */
static const void *image_at(const ark__pe_image *image, uint64_t at, size_t *rest) {
  if (!image->is_file) {
    *rest = at < image->size ? image->size - (size_t)at : 0;
    return *rest ? image->bytes + at : NULL;
  }
  for (WORD i = 0; i < image->headers->FileHeader.NumberOfSections; i++) {
    const IMAGE_SECTION_HEADER *section = &image->sections[i];
    if (at < section->VirtualAddress || at - section->VirtualAddress >= section->SizeOfRawData) continue;
    uint64_t inside = at - section->VirtualAddress, place = section->PointerToRawData + inside;
    size_t size = section->SizeOfRawData - (size_t)inside;
    if (place >= image->size) return NULL;
    *rest = size < image->size - place ? size : image->size - (size_t)place;
    return image->bytes + place;
  }
  return NULL;
}

/* Copies `size` bytes, which need not be aligned. */
static bool image_read_at(const ark__pe_image *image, uint64_t at, void *out, size_t size) {
  size_t rest = 0;
  const void *bytes = image_at(image, at, &rest);
  if (!bytes || rest < size) return false;
  memcpy(out, bytes, size);
  return true;
}

/* A text, or NULL if it does not end inside. */
static const char *image_text(const ark__pe_image *image, uint64_t at) {
  size_t rest = 0;
  const char *text = image_at(image, at, &rest);
  return text && memchr(text, '\0', rest) ? text : NULL;
}

static IMAGE_DATA_DIRECTORY image_directory(const ark__pe_image *image, unsigned which) {
  const IMAGE_OPTIONAL_HEADER *header = &image->headers->OptionalHeader;
  return which < header->NumberOfRvaAndSizes ? header->DataDirectory[which] : (IMAGE_DATA_DIRECTORY){0, 0};
}

bool ark__pe_is_code(const ark__pe_image *image, DWORD at) {
  for (WORD i = 0; i < image->headers->FileHeader.NumberOfSections; i++) {
    const IMAGE_SECTION_HEADER *section = &image->sections[i];
    bool is_inside = at >= section->VirtualAddress && at - section->VirtualAddress < section->Misc.VirtualSize;
    if (is_inside) return section->Characteristics & IMAGE_SCN_MEM_EXECUTE;
  }
  return false;
}

bool ark__pe_each_needed(const ark__pe_image *image, ark__pe_name_visitor visit, void *context) {
  IMAGE_IMPORT_DESCRIPTOR needed;
  uint64_t at = image_directory(image, IMAGE_DIRECTORY_ENTRY_IMPORT).VirtualAddress;
  for (; at && image_read_at(image, at, &needed, sizeof needed) && needed.Name; at += sizeof needed) {
    const char *name = image_text(image, needed.Name);
    if (name && visit(context, name)) return true;
  }
  return false;
}

/* Visits the names in a table of those that come from one library. */
static bool image_each_name(const ark__pe_image *image, uint64_t table, ark__pe_name_visitor visit, void *context) {
  IMAGE_THUNK_DATA entry;
  for (uint64_t at = table; image_read_at(image, at, &entry, sizeof entry) && entry.u1.AddressOfData;
       at += sizeof entry) {
    if (IMAGE_SNAP_BY_ORDINAL(entry.u1.Ordinal)) continue;
    const char *name = image_text(image, entry.u1.AddressOfData + offsetof(IMAGE_IMPORT_BY_NAME, Name));
    if (name && visit(context, name)) return true;
  }
  return false;
}

/* As winnt.h has it in newer versions: IMAGE_DELAYLOAD_DESCRIPTOR. */
typedef struct delayed {
  DWORD attributes, name, handle, addresses, names, bound, unload, time;
} delayed;

bool ark__pe_each_import(const ark__pe_image *image, ark__pe_name_visitor visit, void *context) {
  IMAGE_IMPORT_DESCRIPTOR needed;
  uint64_t at = image_directory(image, IMAGE_DIRECTORY_ENTRY_IMPORT).VirtualAddress;
  for (; at && image_read_at(image, at, &needed, sizeof needed) && needed.Name; at += sizeof needed) {
    if (needed.OriginalFirstThunk && image_each_name(image, needed.OriginalFirstThunk, visit, context)) return true;
  }
  delayed late;
  at = image_directory(image, IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT).VirtualAddress;
  for (; at && image_read_at(image, at, &late, sizeof late) && late.name; at += sizeof late) {
    /* Without this bit they are pointers, as compilers of 32 bits made them once. */
    if (late.attributes & 1 && image_each_name(image, late.names, visit, context)) return true;
  }
  return false;
}

bool ark__pe_each_export(const ark__pe_image *image, ark__pe_symbol_visitor visit, void *context) {
  IMAGE_EXPORT_DIRECTORY table;
  IMAGE_DATA_DIRECTORY place = image_directory(image, IMAGE_DIRECTORY_ENTRY_EXPORT);
  if (!place.Size || !image_read_at(image, place.VirtualAddress, &table, sizeof table)) return false;
  for (uint64_t i = 0; i < table.NumberOfNames; i++) {
    DWORD name_at, at;
    WORD index;
    if (!image_read_at(image, table.AddressOfNames + i * sizeof name_at, &name_at, sizeof name_at)) return false;
    if (!image_read_at(image, table.AddressOfNameOrdinals + i * sizeof index, &index, sizeof index)) return false;
    if (!image_read_at(image, table.AddressOfFunctions + (uint64_t)index * sizeof at, &at, sizeof at)) continue;
    const char *name = image_text(image, name_at);
    /* What lies in the table itself is the name of a symbol of another library, which is almost always a function. */
    bool is_elsewhere = at >= place.VirtualAddress && at - place.VirtualAddress < place.Size;
    if (name && visit(context, name, is_elsewhere || ark__pe_is_code(image, at))) return true;
  }
  return false;
}
#endif
