/* Where the loader of glibc looks for libraries: its folders and its cache. */
#include "arkffi/alloc.h"
#include "arkffi/environment.h"
#include "os/files.h"
#include "os/system.h"

#if ARK__GLIBC
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* /etc/ld.so.cache of glibc 2.2 and later (sysdeps/generic/dl-cache.h): a header, then one entry for each library, then
 * text. Places of text are counted from the header. */
#define CACHE_PATH "/etc/ld.so.cache"
#define CACHE_MAGIC "glibc-ld.so.cache1.1"

typedef struct cache_header {
  char magic[sizeof CACHE_MAGIC - 1];
  uint32_t count, text_length, unused[5];
} cache_header;

typedef struct cache_entry {
  int32_t flags;
  uint32_t name, path, os_version;
  uint64_t hardware;
} cache_entry;

/* The text at an offset in the cache, or NULL if it does not end inside. */
static const char *folder_cache_text(const char *cache, size_t size, uint32_t offset) {
  return offset < size && memchr(cache + offset, '\0', size - offset) ? cache + offset : NULL;
}

static void folder_visit_cache(const char *cache, size_t size, ark__file_visitor visit, void *context) {
  const cache_header *header = (const cache_header *)cache;
  const cache_entry *entries = (const cache_entry *)(header + 1);
  if (size < sizeof *header || memcmp(header->magic, CACHE_MAGIC, sizeof header->magic) != 0) return;
  if (header->count > (size - sizeof *header) / sizeof *entries) return;
  for (uint32_t i = 0; i < header->count; i++) {
    const char *name = folder_cache_text(cache, size, entries[i].name),
               *path = folder_cache_text(cache, size, entries[i].path);
    if (name && path) visit(context, name, path);
  }
}

/* False when out of memory. */
static bool folder_each_cached(ark__file_visitor visit, void *context) {
  struct stat about;
  int file = open(CACHE_PATH, O_RDONLY | O_CLOEXEC);
  if (file < 0) return true;
  size_t size = fstat(file, &about) == 0 && about.st_size > 0 ? (size_t)about.st_size : 0;
  void *cache = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
  bool lacks_memory = size && cache == MAP_FAILED && errno == ENOMEM;
  close(file);
  if (cache == MAP_FAILED) return !lacks_memory;
  folder_visit_cache(cache, size, visit, context);
  munmap(cache, size);
  return true;
}

/* Asks the loader for its folders: those of LD_LIBRARY_PATH, of the program's run path, and its own. */
static bool folder_each_of_module(void *module, ark__folder_visitor visit, void *context) {
  Dl_serinfo size;
  if (dlinfo(module, RTLD_DI_SERINFOSIZE, &size) != 0) return true;
  Dl_serinfo *folders = ark_alloc(1, size.dls_size);
  if (!folders) return false;
  folders->dls_size = size.dls_size;
  folders->dls_cnt = size.dls_cnt;
  bool is_over = dlinfo(module, RTLD_DI_SERINFO, folders) != 0;
  for (unsigned i = 0; !is_over && i < folders->dls_cnt; i++)
    is_over = visit(context, folders->dls_serpath[i].dls_name);
  ark_free(folders);
  return true;
}

/* False when out of memory. */
static bool folder_each(ark__folder_visitor visit, void *context) {
  void *module = dlopen(NULL, RTLD_LAZY);
  bool done = !module || folder_each_of_module(module, visit, context);
  if (module) dlclose(module);
  return done;
}

bool ark__each_loadable(ark__file_visitor visit, void *context) {
  ark__folder_listing listing = {visit, context};
  bool has_memory = folder_each_cached(visit, context);
  return folder_each(ark__folder_list, &listing) && has_memory;
}

static void folder_look_at(void *context, const char *file, const char *path) {
  ark__folder_search *search = context;
  if (search->is_found || strcmp(file, search->name) != 0) return;
  int length = snprintf(search->path, search->size, "%s", path);
  search->is_found = length > 0 && (size_t)length < search->size && ark__file_is_library(path);
}

bool ark__find_loadable(const char *name, char *out, size_t size) {
  ark__folder_search search = {name, out, size, false};
  char *list;
  if (!ark_environment("LD_LIBRARY_PATH", &list)) return false;
  ark__each_folder_in(list, ark__folder_look_in, &search);
  ark_free(list);
  if (search.is_found) return true;
  bool has_memory = folder_each_cached(folder_look_at, &search);
  if (!search.is_found) has_memory = folder_each(ark__folder_look_in, &search) && has_memory;
  if (!search.is_found) *out = '\0';
  return has_memory || search.is_found;
}
#endif
