#include "os/process_lock.h"
#include "os/windows_api.h"

#if ARK__WINDOWS

static SRWLOCK process_lock = SRWLOCK_INIT;

void ark__process_enter(void) {
  AcquireSRWLockExclusive(&process_lock);
}

void ark__process_leave(void) {
  ReleaseSRWLockExclusive(&process_lock);
}
#endif
