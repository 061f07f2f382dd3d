/* The little that arkffi needs of threads: who am I, a lock, a condition, a thread, the time.
 *
 * Thread rule: that of the names. A lock and a condition must not be moved while in use.
 */
#ifndef ARKFFI_THREAD_H
#define ARKFFI_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Large enough for every system's own object; src/os checks it. */
typedef union ark_lock {
  void *align;
  unsigned char storage[64];
} ark_lock;

typedef union ark_condition {
  void *align;
  unsigned char storage[64];
} ark_condition;

/* Tells threads that are alive apart. */
uintptr_t ark_thread_id(void);

void ark_lock_init(ark_lock *lock);
void ark_lock_destroy(ark_lock *lock);
void ark_lock_enter(ark_lock *lock);
void ark_lock_leave(ark_lock *lock);

void ark_condition_init(ark_condition *condition);
void ark_condition_destroy(ark_condition *condition);
/* Leaves the lock while it waits; may return without a signal. */
void ark_condition_wait(ark_condition *condition, ark_lock *lock);
/* The same for at most so long; false when the time was over first. */
bool ark_condition_wait_for(ark_condition *condition, ark_lock *lock, uint64_t nanoseconds);
void ark_condition_signal(ark_condition *condition);

/* A thread of our own. It has no JavaScript, ever. */
typedef struct ark_thread {
  uintptr_t id;
} ark_thread;

/* Runs `body` on a new thread. False when the system has none to give. */
bool ark_thread_start(ark_thread *thread, void (*body)(void *data), void *data);

/* Waits until it has ended. */
void ark_thread_join(ark_thread thread);

/* Nanoseconds since some moment in the past; never goes back. */
uint64_t ark_clock(void);

/* How many threads can run at the same time, at least 1. */
unsigned ark_processor_count(void);

/* The number of the processor that this thread runs on just now, or -1 where that is not known. */
int ark_processor(void);

/* Tells the processor that this thread waits for another in a loop. */
void ark_pause(void);

#ifdef __cplusplus
}
#endif
#endif
