/* A Mach-O image as the loader has mapped it.
 *
 * An image may be anything: whatever the functions read lies inside the bytes that may be read.
 * Thread rule: any thread, while the image stays mapped.
 */
#ifndef ARK__MACHO_IMAGE_H
#define ARK__MACHO_IMAGE_H

#include "os/macho_format.h"
#include "os/macho_trie.h"

typedef struct ark__macho_image {
  const unsigned char *bytes; /* its header */
  size_t size;                /* bytes from the header on that may be read */
  ark__macho_header header;
  uint64_t address;          /* of the header, as the image counts */
  const unsigned char *trie; /* of exports; NULL when it has none */
  size_t trie_size;
  const unsigned char *symbols; /* ark__macho_symbol */
  size_t symbol_count;
  const char *strings;
  size_t strings_size;
} ark__macho_image;

/* Reads the image that begins at an address. `size` bytes from there on may be read: SIZE_MAX for an image that the
 * loader has checked. False where none begins. */
bool ark__macho_image_read(const void *bytes, size_t size, ark__macho_image *out);

/* The segment of an image that contains an address in memory; false where there is none. */
bool ark__macho_segment_at(const ark__macho_image *image, const void *address, ark__macho_segment *out);

/* Whether an address in memory is in a section of machine code. */
bool ark__macho_is_code(const ark__macho_image *image, const void *address);

/* Called with a name, which is valid while the image is mapped; true ends the walk. */
typedef bool (*ark__macho_name_visitor)(void *context, const char *name);

/* Calls `visit` for each symbol that the image takes from other images, by its name in C. True when the visitor ended
 * the walk. */
bool ark__macho_each_import(const ark__macho_image *image, ark__macho_name_visitor visit, void *context);

/* Calls `visit` for each library whose symbols the image exports as its own, by the name that this library has for
 * others. True when the visitor ended the walk. */
bool ark__macho_each_reexported(const ark__macho_image *image, ark__macho_name_visitor visit, void *context);

/* The name that a library has for others; NULL where it has none. */
const char *ark__macho_own_name(const ark__macho_image *image);

#endif
