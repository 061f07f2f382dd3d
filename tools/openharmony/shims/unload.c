/* Preloaded: the last dlclose of a library unloads it, as OpenHarmony's loader does. musl's own never does. What a
 * library does at its end (fini_array) runs; its memory stays mapped. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>

typedef struct counted {
  void *handle;
  int count;
  struct counted *next;
} counted;

static counted *all;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* More than any program closes a library: one that is never unloaded. */
enum { FOR_GOOD = 1 << 30 };

static void *real(const char *name) {
  return dlsym(RTLD_NEXT, name);
}

static counted *find(void *handle) {
  counted *one = all;
  while (one && one->handle != handle) one = one->next;
  return one;
}

static void count(void *handle, int mode) {
  pthread_mutex_lock(&lock);
  counted *one = find(handle);
  if (!one && (one = calloc(1, sizeof *one))) {
    *one = (counted){handle, 0, all};
    all = one;
  }
  if (one) one->count += mode & RTLD_NODELETE ? FOR_GOOD / 2 : 1;
  pthread_mutex_unlock(&lock);
}

void *dlopen(const char *path, int mode) {
  void *(*open)(const char *, int) = (void *(*)(const char *, int))real("dlopen");
  void *handle = open(path, mode);
  if (handle && path) count(handle, mode);
  return handle;
}

static void end(void *handle) {
  struct link_map *map;
  void (**last)(void) = NULL;
  size_t size = 0;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &map)) return;
  for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag; entry++) {
    if (entry->d_tag == DT_FINI_ARRAY) last = (void (**)(void))(map->l_addr + entry->d_un.d_ptr);
    if (entry->d_tag == DT_FINI_ARRAYSZ) size = entry->d_un.d_val;
  }
  for (size_t i = last ? size / sizeof *last : 0; i; i--) last[i - 1]();
}

int dlclose(void *handle) {
  int (*close)(void *) = (int (*)(void *))real("dlclose");
  pthread_mutex_lock(&lock);
  counted *one = find(handle);
  int is_last = one && one->count && --one->count == 0;
  pthread_mutex_unlock(&lock);
  if (is_last) end(handle);
  return close(handle);
}
