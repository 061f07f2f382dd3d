/* The tables of a library of Windows (PE format), mapped by the loader or as a file.
 *
 * A file may be anything: whatever the functions give lies inside it.
 * Thread rule: any thread, while the library or file stays mapped.
 */
#ifndef ARK__PE_IMAGE_H
#define ARK__PE_IMAGE_H

#include "os/windows_api.h"

#if ARK__WINDOWS
#include <stdint.h>

typedef struct ark__pe_image {
  const unsigned char *bytes;
  size_t size;
  bool is_file; /* as it lies on the disk, and not as the loader maps it */
  const IMAGE_NT_HEADERS *headers;
  const IMAGE_SECTION_HEADER *sections;
} ark__pe_image;

/* The processor that this code is compiled for, by its number in PE's headers. */
WORD ark__pe_own_machine(void);

/* The tables of a module that stays loaded meanwhile. False if it has none. */
bool ark__pe_image_of(HMODULE module, ark__pe_image *out);

/* Maps the file at a path. False if it cannot be read, or is no library for this processor. On true the caller ends it
 * with ark__pe_file_close. */
bool ark__pe_file_open(const char *path, ark__pe_image *out);
void ark__pe_file_close(ark__pe_image *file);

/* Whether an address of the loaded image, counted from its beginning, lies in code. */
bool ark__pe_is_code(const ark__pe_image *image, DWORD at);

/* Called with a name; true ends the walk. */
typedef bool (*ark__pe_name_visitor)(void *context, const char *name);

/* Calls `visit` for each library that the image needs when it is loaded. True when the visitor ended the walk. */
bool ark__pe_each_needed(const ark__pe_image *image, ark__pe_name_visitor visit, void *context);

/* Calls `visit` for each symbol that the image takes from others by its name, at once or at the first use. True when
 * the visitor ended the walk. */
bool ark__pe_each_import(const ark__pe_image *image, ark__pe_name_visitor visit, void *context);

/* Called with the name of a symbol, and whether it is a function; true ends the walk. */
typedef bool (*ark__pe_symbol_visitor)(void *context, const char *name, bool is_function);

/* Calls `visit` for each symbol that the image exports by a name. True when the visitor ended the walk. */
bool ark__pe_each_export(const ark__pe_image *image, ark__pe_symbol_visitor visit, void *context);

#endif
#endif
