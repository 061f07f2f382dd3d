/* Loaded images: which one a handle or an address belongs to, and what each one exports and needs. */
#include "arkffi/process.h"
#include "os/loader.h"
#include "os/macho_image.h"

#if ARK__MACOS
#include <dlfcn.h>
#include <mach-o/dyld.h>
#include <string.h>

/* The lowest bits of a handle are flags of the call that opened it. */
static bool object_is_same(const void *module, const void *other) {
  return ((uintptr_t)module | 3) == ((uintptr_t)other | 3);
}

const void *ark__module_base(void *module) {
  for (uint32_t i = _dyld_image_count(); i-- > 0;) {
    const char *path = _dyld_get_image_name(i);
    void *same = path ? dlopen(path, RTLD_LAZY | RTLD_NOLOAD) : NULL;
    if (same) dlclose(same);
    if (same && object_is_same(same, module)) return _dyld_get_image_header(i);
  }
  return NULL;
}

bool ark__is_data(const void *address) {
  ark__macho_image image;
  if (!ark__macho_image_at(ark__base_of(address), &image)) return false;
  const struct segment_command_64 *segment = ark__macho_segment_at(&image, address);
  return segment && !(segment->initprot & VM_PROT_EXECUTE);
}

/* A library finds its own functions, and those of the libraries that it was linked with, by library and name: no other
 * one replaces them. */
bool ark__find_replaced(const char *path, char *name, size_t size) {
  (void)path, (void)size;
  *name = '\0';
  return true;
}

bool ark__can_open_deep(void) {
  return false;
}

/* ---- The symbols that images export */

typedef struct object_listing {
  const ark__macho_image *image;
  ark__symbol_visitor visit;
  void *context;
} object_listing;

static bool object_visit_symbol(void *context, const char *name, ark__trie_place place) {
  const object_listing *to = context;
  const char *address = (const char *)to->image->header + place.offset;
  to->visit(to->context, name, place.is_elsewhere || ark__macho_is_code(to->image, address));
  return false;
}

static void object_each_symbol(const void *header, ark__symbol_visitor visit, void *context) {
  ark__macho_image image;
  if (!ark__macho_image_at(header, &image) || !image.trie) return;
  object_listing to = {&image, visit, context};
  ark__trie_walk(image.trie, image.trie_size, object_visit_symbol, &to);
}

void ark__module_each_symbol(void *module, bool whole_process, ark__symbol_visitor visit, void *context) {
  if (!whole_process) {
    object_each_symbol(ark__module_base(module), visit, context);
    return;
  }
  for (uint32_t i = 0; i < _dyld_image_count(); i++) object_each_symbol(_dyld_get_image_header(i), visit, context);
}

/* ---- What images need of each other */

struct ark_object {
  ark__macho_image image;
};

/* dyld counts only what is loaded now. */
uint64_t ark_process_loads(void) {
  return 0;
}

bool ark_process_has(ark_object_test test, const void *context) {
  for (uint32_t i = 0; i < _dyld_image_count(); i++) {
    ark_object object;
    if (ark__macho_image_at(_dyld_get_image_header(i), &object.image) && test(context, &object)) return true;
  }
  return false;
}

bool ark_object_contains(const ark_object *object, const void *address) {
  return ark__macho_segment_at(&object->image, address) != NULL;
}

static bool object_has_name(void *wanted, const char *name, ark__trie_place place) {
  (void)place;
  return strcmp(name, wanted) == 0;
}

bool ark_object_exports(const ark_object *object, const char *name) {
  const ark__macho_image *image = &object->image;
  return image->trie && ark__trie_walk(image->trie, image->trie_size, object_has_name, (void *)name);
}

bool ark_object_imports(const ark_object *object, bool (*wanted)(const char *name)) {
  const ark__macho_image *image = &object->image;
  for (uint32_t i = 0; i < image->symbol_count; i++) {
    const struct nlist_64 *symbol = &image->symbols[i];
    const char *name = image->strings + symbol->n_un.n_strx;
    bool is_import = (symbol->n_type & (N_STAB | N_EXT)) == N_EXT && (symbol->n_type & N_TYPE) == N_UNDF;
    if (is_import && *name == '_' && wanted(name + 1)) return true;
  }
  return false;
}
#endif
