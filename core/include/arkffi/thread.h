/* Threads, locks, conditions and the clock, as the operating system has them.
 *
 * Thread rule: any thread, as for the POSIX functions of the same names. A lock or condition must not be moved after it
 * is initialized.
 */
#ifndef ARKFFI_THREAD_H
#define ARKFFI_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Large enough for the lock of every operating system, which src/os checks. Not recursive. */
typedef union ark_lock {
  void *align;
  unsigned char storage[64];
} ark_lock;

typedef union ark_condition {
  void *align;
  unsigned char storage[64];
} ark_condition;

/* The id of the calling thread; no two threads that are alive have the same. */
uintptr_t ark_thread_id(void);

void ark_lock_init(ark_lock *lock);
void ark_lock_destroy(ark_lock *lock);
void ark_lock_enter(ark_lock *lock);
void ark_lock_leave(ark_lock *lock);

void ark_condition_init(ark_condition *condition);
void ark_condition_destroy(ark_condition *condition);

/* Leaves the lock, waits for a signal and enters the lock again. It may return without a signal. */
void ark_condition_wait(ark_condition *condition, ark_lock *lock);

/* As ark_condition_wait, but waits at most `nanoseconds`. Returns false if that time was over first. */
bool ark_condition_wait_for(ark_condition *condition, ark_lock *lock, uint64_t nanoseconds);

/* Wakes one thread that waits, if there is one. */
void ark_condition_signal(ark_condition *condition);

/* A thread of arkffi's own, which never runs JavaScript. */
typedef struct ark_thread {
  uintptr_t id;
} ark_thread;

/* Runs body(data) on a new thread, which the caller ends with ark_thread_join. False when out of memory or if the
 * system cannot start another thread. */
bool ark_thread_start(ark_thread *thread, void (*body)(void *data), void *data);

/* Waits until a thread has ended. */
void ark_thread_join(ark_thread thread);

/* The addresses of a stack: from `low` to just below `high`. */
typedef struct ark_stack {
  uintptr_t low, high;
} ark_stack;

/* The stack on which the operating system started the calling thread, as far as it may grow. The thread may be on
 * another one at the moment. False if the operating system does not know it. */
bool ark_thread_stack(ark_stack *out);

/* Nanoseconds since some moment in the past; never goes back. */
uint64_t ark_clock(void);

/* The number of threads of this process that can run at the same time, at least 1. */
unsigned ark_processor_count(void);

/* The number of the processor that the calling thread runs on, or -1 if unknown. It may change at any time. */
int ark_processor(void);

/* Hints to the processor that the calling thread waits for another one in a loop. */
void ark_pause(void);

#ifdef __cplusplus
}
#endif
#endif
