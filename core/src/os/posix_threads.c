#include "arkffi/alloc.h"
#include "arkffi/thread.h"
#include "cpu/pause.h"
#include "os/system.h"

#if ARK__POSIX
#include <assert.h>
#include <pthread.h>
#include <time.h>

enum { SECOND = 1000000000 }; /* nanoseconds */

uintptr_t ark_thread_id(void) {
  return (uintptr_t)pthread_self();
}

static_assert(sizeof(pthread_mutex_t) <= sizeof(ark_lock), "ark_lock is too small");
static_assert(sizeof(pthread_cond_t) <= sizeof(ark_condition), "ark_condition is too small");

static pthread_mutex_t *thread_mutex(ark_lock *lock) {
  return (pthread_mutex_t *)lock->storage;
}

static pthread_cond_t *thread_cond(ark_condition *condition) {
  return (pthread_cond_t *)condition->storage;
}

void ark_lock_init(ark_lock *lock) {
  pthread_mutex_init(thread_mutex(lock), NULL);
}

void ark_lock_destroy(ark_lock *lock) {
  pthread_mutex_destroy(thread_mutex(lock));
}

void ark_lock_enter(ark_lock *lock) {
  pthread_mutex_lock(thread_mutex(lock));
}

void ark_lock_leave(ark_lock *lock) {
  pthread_mutex_unlock(thread_mutex(lock));
}

#if ARK__MACOS
/* The clock of a condition variable cannot be chosen, but a wait can be of a span of time. */
void ark_condition_init(ark_condition *condition) {
  pthread_cond_init(thread_cond(condition), NULL);
}

static int thread_wait(ark_condition *condition, ark_lock *lock, uint64_t nanoseconds) {
  struct timespec span = {(time_t)(nanoseconds / SECOND), (long)(nanoseconds % SECOND)};
  return pthread_cond_timedwait_relative_np(thread_cond(condition), thread_mutex(lock), &span);
}
#else
void ark_condition_init(ark_condition *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(thread_cond(condition), &attributes);
  pthread_condattr_destroy(&attributes);
}

static int thread_wait(ark_condition *condition, ark_lock *lock, uint64_t nanoseconds) {
  uint64_t end = ark_clock() + nanoseconds;
  struct timespec moment = {(time_t)(end / SECOND), (long)(end % SECOND)};
  return pthread_cond_timedwait(thread_cond(condition), thread_mutex(lock), &moment);
}
#endif

void ark_condition_destroy(ark_condition *condition) {
  pthread_cond_destroy(thread_cond(condition));
}

void ark_condition_wait(ark_condition *condition, ark_lock *lock) {
  pthread_cond_wait(thread_cond(condition), thread_mutex(lock));
}

bool ark_condition_wait_for(ark_condition *condition, ark_lock *lock, uint64_t nanoseconds) {
  return thread_wait(condition, lock, nanoseconds) == 0;
}

void ark_condition_signal(ark_condition *condition) {
  pthread_cond_signal(thread_cond(condition));
}

/* What a new thread is to do. */
typedef struct start {
  void (*body)(void *data);
  void *data;
} start;

static void *thread_run(void *data) {
  start begin = *(start *)data;
  ark_free(data);
  begin.body(begin.data);
  return NULL;
}

#if ARK__MACOS
/* A thread has 512 KiB there by default, where other systems give it 8 MiB, which are only taken as it uses them. */
static int thread_create(pthread_t *id, start *begin) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return -1;
  pthread_attr_setstacksize(&attributes, (size_t)8 << 20);
  int failed = pthread_create(id, &attributes, thread_run, begin);
  pthread_attr_destroy(&attributes);
  return failed;
}
#else
static int thread_create(pthread_t *id, start *begin) {
  return pthread_create(id, NULL, thread_run, begin);
}
#endif

bool ark_thread_start(ark_thread *thread, void (*body)(void *data), void *data) {
  pthread_t id;
  start *begin = ark_alloc(1, sizeof *begin);
  if (!begin) return false;
  *begin = (start){body, data};
  if (thread_create(&id, begin) != 0) {
    ark_free(begin);
    return false;
  }
  thread->id = (uintptr_t)id;
  return true;
}

void ark_thread_join(ark_thread thread) {
  pthread_join((pthread_t)thread.id, NULL);
}

uint64_t ark_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

void ark_pause(void) {
  ark__pause();
}
#endif
