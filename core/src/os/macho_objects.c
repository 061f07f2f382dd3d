/* Loaded images: which one a handle or an address belongs to, and what each one exports and needs. */
#include "arkffi/process.h"
#include "os/loader.h"
#include "os/macho_image.h"
#include "os/system.h"

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

/* dyld has checked what it has loaded. */
static bool object_image(const void *header, ark__macho_image *out) {
  return ark__macho_image_read(header, SIZE_MAX, out);
}

const void *ark__base_of(const void *address) {
  Dl_info info;
  return dladdr(address, &info) ? info.dli_fbase : NULL;
}

/* The part that is given is the address alone: segments are described by addresses that dyld has changed. */
ark__part ark__part_at(const void *address) {
  ark__macho_image image;
  ark__macho_segment segment;
  if (!object_image(ark__base_of(address), &image) || !ark__macho_segment_at(&image, address, &segment)) {
    return (ark__part){0};
  }
  return (ark__part){(uintptr_t)address, 1, !(segment.access & ARK__MACHO_EXECUTABLE)};
}

bool ark__is_function(const char *name, const void *address) {
  (void)name;
  ark__macho_image image;
  return object_image(ark__base_of(address), &image) && ark__macho_is_code(&image, address);
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
  const char *address = (const char *)to->image->bytes + place.offset;
  to->visit(to->context, name, place.is_elsewhere || ark__macho_is_code(to->image, address));
  return false;
}

/* libSystem gives on what its parts export, and these may do the same. */
enum { OBJECT_DEEPEST = 8 };

typedef struct object_parts {
  ark__symbol_visitor visit;
  void *context;
  unsigned depth;
} object_parts;

static void object_each_symbol(const void *header, object_parts parts);

/* The loaded image that others know by this name. */
static const void *object_named(const char *name) {
  for (uint32_t i = _dyld_image_count(); i-- > 0;) {
    ark__macho_image image;
    const char *path = _dyld_get_image_name(i);
    if (path && strcmp(path, name) == 0) return _dyld_get_image_header(i);
    if (!object_image(_dyld_get_image_header(i), &image)) continue;
    const char *own = ark__macho_own_name(&image);
    if (own && strcmp(own, name) == 0) return _dyld_get_image_header(i);
  }
  return NULL;
}

static bool object_visit_part(void *context, const char *name) {
  object_parts parts = *(object_parts *)context;
  const void *header = parts.depth++ < OBJECT_DEEPEST ? object_named(name) : NULL;
  if (header) object_each_symbol(header, parts);
  return false;
}

static void object_each_symbol(const void *header, object_parts parts) {
  ark__macho_image image;
  if (!object_image(header, &image)) return;
  object_listing to = {&image, parts.visit, parts.context};
  if (image.trie) ark__trie_walk(image.trie, image.trie_size, object_visit_symbol, &to);
  ark__macho_each_reexported(&image, object_visit_part, &parts);
}

void ark__module_each_symbol(void *module, bool whole_process, ark__symbol_visitor visit, void *context) {
  if (!whole_process) {
    object_each_symbol(ark__module_base(module), (object_parts){visit, context, 0});
    return;
  }
  /* All parts are among the images. */
  object_parts alone = {visit, context, OBJECT_DEEPEST};
  for (uint32_t i = 0; i < _dyld_image_count(); i++) object_each_symbol(_dyld_get_image_header(i), alone);
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
    if (object_image(_dyld_get_image_header(i), &object.image) && test(context, &object)) return true;
  }
  return false;
}

bool ark_object_contains(const ark_object *object, const void *address) {
  ark__macho_segment segment;
  return ark__macho_segment_at(&object->image, address, &segment);
}

static bool object_has_name(void *wanted, const char *name, ark__trie_place place) {
  (void)place;
  return strcmp(name, wanted) == 0;
}

bool ark_object_exports(const ark_object *object, const char *name) {
  const ark__macho_image *image = &object->image;
  return image->trie && ark__trie_walk(image->trie, image->trie_size, object_has_name, (void *)name);
}

typedef struct object_wish {
  bool (*wanted)(const char *name);
} object_wish;

static bool object_is_wanted(void *context, const char *name) {
  return ((const object_wish *)context)->wanted(name);
}

bool ark_object_imports(const ark_object *object, bool (*wanted)(const char *name)) {
  object_wish wish = {wanted};
  return ark__macho_each_import(&object->image, object_is_wanted, &wish);
}
#endif
