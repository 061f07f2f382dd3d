/* What GCC's libraries for glibc need and musl lacks, so that a program for musl that is linked with them runs on a
 * Debian machine: Debian has no libraries of GCC for musl. Used by tests only. */
#define _GNU_SOURCE
#include <link.h>
#include <locale.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>

/* Programs have several threads. */
char __libc_single_threaded = 0;

/* libgcc_s has these two itself, but in a version for old programs, which musl's loader does not see. */
int __cpu_model[4];

int __cpu_indicator_init(void) {
  return 0;
}

unsigned long __getauxval(unsigned long type) {
  return getauxval(type);
}

size_t __strftime_l(char *out, size_t size, const char *format, const struct tm *time, locale_t locale) {
  return strftime_l(out, size, format, time, locale);
}

uint32_t arc4random(void) {
  uint32_t value = 0;
  while (getrandom(&value, sizeof value, 0) != sizeof value) continue;
  return value;
}

/* ---- Destructors of thread-local objects of C++: the newest first, when the thread ends */

typedef struct destructor {
  void (*run)(void *object);
  void *object;
  struct destructor *older;
} destructor;

static pthread_key_t destructors;

static void destructors_run(void *newest) {
  for (destructor *one = newest; one;) {
    destructor *older = one->older;
    one->run(one->object);
    free(one);
    one = older;
  }
}

static void destructors_make_key(void) {
  pthread_key_create(&destructors, destructors_run);
}

int __cxa_thread_atexit_impl(void (*run)(void *object), void *object, void *library) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)library;
  pthread_once(&once, destructors_make_key);
  destructor *one = malloc(sizeof *one);
  if (!one) return 1;
  *one = (destructor){run, object, pthread_getspecific(destructors)};
  return pthread_setspecific(destructors, one);
}

/* ---- The tables for exceptions of the library that has an address */

/* As <dlfcn.h> of glibc has it. */
struct dl_find_object {
  unsigned long long flags;
  void *map_start, *map_end;
  struct link_map *link_map;
  void *eh_frame;
  unsigned long long reserved[7];
};

typedef struct search {
  uintptr_t address;
  struct dl_find_object *out;
  bool is_found;
} search;

static int search_visit(struct dl_phdr_info *library, size_t size, void *context) {
  search *it = context;
  uintptr_t start = UINTPTR_MAX, end = 0, tables = 0;
  bool has_address = false;
  (void)size;
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &library->dlpi_phdr[i];
    uintptr_t from = library->dlpi_addr + segment->p_vaddr, to = from + segment->p_memsz;
    if (segment->p_type == PT_GNU_EH_FRAME) tables = from;
    if (segment->p_type != PT_LOAD) continue;
    if (from < start) start = from;
    if (to > end) end = to;
    if (it->address >= from && it->address < to) has_address = true;
  }
  if (!has_address) return 0;
  it->is_found = tables != 0;
  *it->out = (struct dl_find_object){.map_start = (void *)start, .map_end = (void *)end, .eh_frame = (void *)tables};
  return 1;
}

int _dl_find_object(void *address, struct dl_find_object *out) {
  search it = {.address = (uintptr_t)address, .out = out};
  dl_iterate_phdr(search_visit, &it);
  return it.is_found ? 0 : -1;
}
