/* Bun's build for musl, the host of the sandbox, runs with Debian's libstdc++ and libgcc_s, which are built for glibc.
 * This library, which is preloaded, has the names that they want of glibc and musl lacks. No part of arkffi. */
#define _GNU_SOURCE
#include <link.h>
#include <locale.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded = 0;
char __cpu_model[64];

int __cpu_indicator_init(void) {
  return 0;
}

unsigned long __getauxval(unsigned long type) {
  return getauxval(type);
}

size_t __strftime_l(char *text, size_t size, const char *format, const struct tm *time, locale_t locale) {
  return strftime_l(text, size, format, time, locale);
}

uint32_t arc4random(void) {
  uint32_t value;
  return getrandom(&value, sizeof value, 0) == sizeof value ? value : 4;
}

/* Destructors of thread-local objects, the last one first. */
struct destructor {
  void (*run)(void *);
  void *object;
  struct destructor *next;
};
static pthread_key_t destructors;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void run_destructors(void *list) {
  for (struct destructor *one = list; one;) {
    struct destructor *next = one->next;
    one->run(one->object);
    free(one);
    one = next;
  }
}

static void make_key(void) {
  pthread_key_create(&destructors, run_destructors);
}

int __cxa_thread_atexit_impl(void (*run)(void *), void *object, void *library) {
  (void)library;
  pthread_once(&once, make_key);
  struct destructor *one = malloc(sizeof *one);
  if (!one) return 1;
  *one = (struct destructor){run, object, pthread_getspecific(destructors)};
  return pthread_setspecific(destructors, one);
}

/* glibc's _dl_find_object, by which libgcc finds the unwind tables of some code. */
struct dl_find_object {
  unsigned long long flags;
  void *map_start, *map_end;
  struct link_map *link_map;
  void *eh_frame;
  unsigned long long reserved[7];
};

struct query {
  uintptr_t code;
  struct dl_find_object *out;
  int is_found;
};

static int visit(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  struct query *query = data;
  const ElfW(Phdr) *tables = NULL;
  uintptr_t low = UINTPTR_MAX, high = 0;
  int contains = 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
    uintptr_t at = info->dlpi_addr + segment->p_vaddr;
    if (segment->p_type == PT_GNU_EH_FRAME) tables = segment;
    if (segment->p_type != PT_LOAD) continue;
    if (at < low) low = at;
    if (at + segment->p_memsz > high) high = at + segment->p_memsz;
    if (query->code >= at && query->code < at + segment->p_memsz) contains = 1;
  }
  if (!contains || !tables) return contains;
  *query->out = (struct dl_find_object){
      .map_start = (void *)low,
      .map_end = (void *)high,
      .eh_frame = (void *)(info->dlpi_addr + tables->p_vaddr),
  };
  query->is_found = 1;
  return 1;
}

int _dl_find_object(void *code, struct dl_find_object *out) {
  struct query query = {(uintptr_t)code, out, 0};
  dl_iterate_phdr(visit, &query);
  return query.is_found ? 0 : -1;
}
