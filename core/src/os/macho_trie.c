#include "os/macho_trie.h"
#include <string.h>

/* Longer names are left out, and deeper nodes: each level has at least one letter, unless the trie is damaged. A trie
 * whose nodes lead back to earlier ones has more nodes than bytes. */
enum { LONGEST_NAME = 1024, DEEPEST_NODE = 512 };

enum { KIND_MASK = 3, KIND_ABSOLUTE = 2, IS_REEXPORT = 8 };

typedef struct trie_walk {
  const unsigned char *trie;
  size_t size, visited;
  char name[LONGEST_NAME];
  ark__trie_visitor visit;
  void *context;
} trie_walk;

/* Reads a number of seven bits a byte. False where it does not end inside or has more than 64 bits. */
static bool trie_read(const trie_walk *in, size_t *at, uint64_t *out) {
  *out = 0;
  for (unsigned shift = 0; *at < in->size && shift < 64; shift += 7) {
    unsigned char byte = in->trie[(*at)++];
    *out |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return true;
  }
  return false;
}

/* The symbol that ends at a node. An absolute one is at no place. */
static bool trie_visit_symbol(trie_walk *in, size_t at, size_t length) {
  uint64_t flags, offset;
  if (!trie_read(in, &at, &flags) || !trie_read(in, &at, &offset)) return false;
  if ((flags & KIND_MASK) == KIND_ABSOLUTE || !length || in->name[0] != '_') return false;
  in->name[length] = '\0';
  bool is_elsewhere = flags & IS_REEXPORT;
  return in->visit(in->context, in->name + 1, (ark__trie_place){is_elsewhere, is_elsewhere ? 0 : offset});
}

static bool trie_walk_node(trie_walk *in, size_t at, size_t length, size_t depth) {
  uint64_t own_size, child;
  if (depth > DEEPEST_NODE || in->visited++ > in->size || !trie_read(in, &at, &own_size)) return false;
  if (own_size > in->size - at) return false;
  if (own_size && trie_visit_symbol(in, at, length)) return true;
  at += (size_t)own_size;
  if (at >= in->size) return false;
  for (unsigned children = in->trie[at++]; children; children--) {
    const unsigned char *end = memchr(in->trie + at, '\0', in->size - at);
    size_t part = end ? (size_t)(end - in->trie) - at : 0;
    if (!end || length + part >= LONGEST_NAME) return false;
    memcpy(in->name + length, in->trie + at, part);
    at += part + 1;
    if (!trie_read(in, &at, &child)) return false;
    if (child < in->size && trie_walk_node(in, (size_t)child, length + part, depth + 1)) return true;
  }
  return false;
}

bool ark__trie_walk(const unsigned char *trie, size_t size, ark__trie_visitor visit, void *context) {
  trie_walk in = {.trie = trie, .size = size, .visit = visit, .context = context};
  return size && trie_walk_node(&in, 0, 0, 0);
}
