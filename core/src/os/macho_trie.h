/* The export trie of a Mach-O image: the names of its symbols, of which each node has the next part
 * (<mach-o/loader.h>, dyld_info_command).
 *
 * Thread rule: pure functions, over bytes that stay as they are.
 */
#ifndef ARK__MACHO_TRIE_H
#define ARK__MACHO_TRIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the exported symbol is: bytes from the image's header, or in another image. */
typedef struct ark__trie_place {
  bool is_elsewhere;
  uint64_t offset;
} ark__trie_place;

/* Called for each symbol, with its name without the underscore that C's names begin with; `name` is valid until it
 * returns. True ends the walk. */
typedef bool (*ark__trie_visitor)(void *context, const char *name, ark__trie_place place);

/* Visits each symbol of a trie of `size` bytes, which may be damaged: then the walk leaves out what it cannot read.
 * True when the visitor ended the walk. */
bool ark__trie_walk(const unsigned char *trie, size_t size, ark__trie_visitor visit, void *context);

#endif
