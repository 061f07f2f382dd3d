/* A Mach-O image that the loader has mapped (<mach-o/loader.h>).
 *
 * Thread rule: any thread, while the image stays loaded.
 */
#ifndef ARK__MACHO_IMAGE_H
#define ARK__MACHO_IMAGE_H

#include "os/system.h"

#if ARK__MACOS
#include "os/macho_trie.h"
#include <mach-o/loader.h>
#include <mach-o/nlist.h>

typedef struct ark__macho_image {
  const struct mach_header_64 *header;
  intptr_t slide;            /* from addresses in the file to those in memory */
  const unsigned char *trie; /* of exports; NULL when it has none */
  size_t trie_size;
  const struct nlist_64 *symbols;
  const char *strings;
  uint32_t symbol_count;
} ark__macho_image;

/* The image that begins at an address, or false if none does. */
bool ark__macho_image_at(const void *header, ark__macho_image *out);

/* The segment of an image that contains an address, or NULL. */
const struct segment_command_64 *ark__macho_segment_at(const ark__macho_image *image, const void *address);

/* Whether an address of an image is in a section of machine code. */
bool ark__macho_is_code(const ark__macho_image *image, const void *address);

#endif
#endif
