#include "arkffi/alloc.h"
#include "arkffi/thread.h"
#include "cpu/pause.h"
#include "os/windows_api.h"

#if ARK__WINDOWS
#include <assert.h>
#include <process.h>

enum { SECOND = 1000000000, MILLISECOND = 1000000 }; /* nanoseconds */

/* Reserved for the stack of a thread, and taken only as far as it grows. The default, which each program chooses, is 1
 * MiB in most, and libraries that were written on Linux expect its 8. */
enum { STACK_SIZE = 8 << 20 };

static_assert(sizeof(SRWLOCK) <= sizeof(ark_lock), "ark_lock is too small");
static_assert(sizeof(CONDITION_VARIABLE) <= sizeof(ark_condition), "ark_condition is too small");

static SRWLOCK *thread_lock(ark_lock *lock) {
  return (SRWLOCK *)lock->storage;
}

static CONDITION_VARIABLE *thread_condition(ark_condition *condition) {
  return (CONDITION_VARIABLE *)condition->storage;
}

uintptr_t ark_thread_id(void) {
  return GetCurrentThreadId();
}

void ark_lock_init(ark_lock *lock) {
  InitializeSRWLock(thread_lock(lock));
}

void ark_lock_destroy(ark_lock *lock) {
  (void)lock; /* Windows keeps nothing for it */
}

void ark_lock_enter(ark_lock *lock) {
  AcquireSRWLockExclusive(thread_lock(lock));
}

void ark_lock_leave(ark_lock *lock) {
  ReleaseSRWLockExclusive(thread_lock(lock));
}

void ark_condition_init(ark_condition *condition) {
  InitializeConditionVariable(thread_condition(condition));
}

void ark_condition_destroy(ark_condition *condition) {
  (void)condition;
}

void ark_condition_wait(ark_condition *condition, ark_lock *lock) {
  SleepConditionVariableSRW(thread_condition(condition), thread_lock(lock), INFINITE, 0);
}

bool ark_condition_wait_for(ark_condition *condition, ark_lock *lock, uint64_t nanoseconds) {
  uint64_t milliseconds = nanoseconds / MILLISECOND + (nanoseconds % MILLISECOND != 0);
  DWORD most = milliseconds < INFINITE ? (DWORD)milliseconds : INFINITE - 1;
  return SleepConditionVariableSRW(thread_condition(condition), thread_lock(lock), most, 0);
}

void ark_condition_signal(ark_condition *condition) {
  WakeConditionVariable(thread_condition(condition));
}

/* What a new thread is to do. */
typedef struct start {
  void (*body)(void *data);
  void *data;
} start;

static unsigned __stdcall thread_run(void *data) {
  start begin = *(start *)data;
  ark_free(data);
  begin.body(begin.data);
  return 0;
}

bool ark_thread_start(ark_thread *thread, void (*body)(void *data), void *data) {
  start *begin = ark_alloc(1, sizeof *begin);
  if (!begin) return false;
  *begin = (start){body, data};
  /* Not CreateThread, because the C library needs to know of threads that use it. */
  thread->id = _beginthreadex(NULL, STACK_SIZE, thread_run, begin, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  if (!thread->id) ark_free(begin);
  return thread->id != 0;
}

void ark_thread_join(ark_thread thread) {
  WaitForSingleObject((HANDLE)thread.id, INFINITE);
  CloseHandle((HANDLE)thread.id);
}

bool ark_thread_stack(ark_stack *out) {
  ULONG_PTR low = 0, high = 0;
  GetCurrentThreadStackLimits(&low, &high);
  *out = (ark_stack){low, high};
  return low && high;
}

uint64_t ark_clock(void) {
  LARGE_INTEGER frequency, now;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&now);
  uint64_t each = (uint64_t)frequency.QuadPart, count = (uint64_t)now.QuadPart;
  return count / each * SECOND + count % each * SECOND / each;
}

unsigned ark_processor_count(void) {
  /* Those that this process may use. */
  DWORD_PTR usable = 0, all;
  if (!GetProcessAffinityMask(GetCurrentProcess(), &usable, &all)) return 1;
  unsigned count = 0;
  for (; usable; usable &= usable - 1) count++;
  return count ? count : 1;
}

int ark_processor(void) {
  return (int)GetCurrentProcessorNumber();
}

void ark_pause(void) {
  ark__pause();
}
#endif
