#include "platform.h"
#include "arkffi/alloc.h"
#include "arkffi/open_flags.h"
#include "arkffi/thread.h"
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000000 }; /* nanoseconds */

static pthread_mutex_t process_lock = PTHREAD_MUTEX_INITIALIZER;

void ark__process_enter(void) {
  pthread_mutex_lock(&process_lock);
}

void ark__process_leave(void) {
  pthread_mutex_unlock(&process_lock);
}

/* RTLD_DEEPBIND is glibc's own. */
#ifdef RTLD_DEEPBIND
enum { DEEP = RTLD_DEEPBIND };
const unsigned ark__unknown_flags = 0;
#else
enum { DEEP = 0 };
const unsigned ark__unknown_flags = ARK_OPEN_DEEP;
#endif

void *ark__module_open(const char *path, unsigned flags, char *message, size_t size) {
  int mode = flags & ARK_OPEN_NOW ? RTLD_NOW : RTLD_LAZY;
  mode |= flags & ARK_OPEN_GLOBAL ? RTLD_GLOBAL : RTLD_LOCAL;
  if (flags & ARK_OPEN_NODELETE) mode |= RTLD_NODELETE;
  if (flags & ARK_OPEN_DEEP) mode |= DEEP;
  void *module = dlopen(path, mode);
  if (!module) {
    const char *reason = dlerror();
    snprintf(message, size, "%s", reason ? reason : "the loader gave no reason");
  }
  return module;
}

void ark__module_close(void *module) {
  dlclose(module);
}

void *ark__module_symbol(void *module, const char *name) {
  return dlsym(module, name);
}

void *ark__process_symbol(const char *name) {
  return dlsym(RTLD_DEFAULT, name);
}

const void *ark__module_base(void *module) {
  struct link_map *map;
  /* The dynamic section lies inside the object, wherever the object begins. */
  return dlinfo(module, RTLD_DI_LINKMAP, &map) == 0 ? ark__base_of(map->l_ld) : NULL;
}

const void *ark__base_of(const void *address) {
  Dl_info info;
  return dladdr(address, &info) ? info.dli_fbase : NULL;
}

const char *ark__path_of(const void *address) {
  Dl_info info;
  return dladdr(address, &info) ? info.dli_fname : NULL;
}

bool ark__file_exists(const char *path) {
  return access(path, F_OK) == 0;
}

uintptr_t ark_thread_id(void) {
  return (uintptr_t)pthread_self();
}

_Static_assert(sizeof(pthread_mutex_t) <= sizeof(ark_lock), "ark_lock is too small");
_Static_assert(sizeof(pthread_cond_t) <= sizeof(ark_condition), "ark_condition is too small");

static pthread_mutex_t *mutex(ark_lock *lock) {
  return (pthread_mutex_t *)lock->storage;
}

static pthread_cond_t *cond(ark_condition *condition) {
  return (pthread_cond_t *)condition->storage;
}

void ark_lock_init(ark_lock *lock) {
  pthread_mutex_init(mutex(lock), NULL);
}

void ark_lock_destroy(ark_lock *lock) {
  pthread_mutex_destroy(mutex(lock));
}

void ark_lock_enter(ark_lock *lock) {
  pthread_mutex_lock(mutex(lock));
}

void ark_lock_leave(ark_lock *lock) {
  pthread_mutex_unlock(mutex(lock));
}

void ark_condition_init(ark_condition *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(cond(condition), &attributes);
  pthread_condattr_destroy(&attributes);
}

void ark_condition_destroy(ark_condition *condition) {
  pthread_cond_destroy(cond(condition));
}

void ark_condition_wait(ark_condition *condition, ark_lock *lock) {
  pthread_cond_wait(cond(condition), mutex(lock));
}

bool ark_condition_wait_for(ark_condition *condition, ark_lock *lock, uint64_t nanoseconds) {
  uint64_t end = ark_clock() + nanoseconds;
  struct timespec moment = {(time_t)(end / SECOND), (long)(end % SECOND)};
  return pthread_cond_timedwait(cond(condition), mutex(lock), &moment) == 0;
}

void ark_condition_signal(ark_condition *condition) {
  pthread_cond_signal(cond(condition));
}

typedef struct start {
  void (*body)(void *data);
  void *data;
} start;

static void *run_body(void *data) {
  start begin = *(start *)data;
  ark_free(data);
  begin.body(begin.data);
  return NULL;
}

bool ark_thread_start(ark_thread *thread, void (*body)(void *data), void *data) {
  pthread_t id;
  start *begin = ark_alloc(1, sizeof *begin);
  if (!begin) return false;
  *begin = (start){body, data};
  if (pthread_create(&id, NULL, run_body, begin) != 0) {
    ark_free(begin);
    return false;
  }
  thread->id = (uintptr_t)id;
  return true;
}

void ark_thread_join(ark_thread thread) {
  pthread_join((pthread_t)thread.id, NULL);
}

void ark_thread_detach(ark_thread thread) {
  pthread_detach((pthread_t)thread.id);
}

uint64_t ark_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

unsigned ark_processor_count(void) {
  /* What this process may use, which a container or taskset makes fewer than there are. */
  cpu_set_t usable;
  int count = sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable) : 0;
  return count > 0 ? (unsigned)count : 1;
}

int ark_processor(void) {
  return sched_getcpu();
}

void ark_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield");
#endif
}
