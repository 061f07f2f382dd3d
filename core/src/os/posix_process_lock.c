#include "os/process_lock.h"
#include "os/system.h"

#if ARK__POSIX
#include <pthread.h>

static pthread_mutex_t process_lock = PTHREAD_MUTEX_INITIALIZER;

void ark__process_enter(void) {
  pthread_mutex_lock(&process_lock);
}

void ark__process_leave(void) {
  pthread_mutex_unlock(&process_lock);
}
#endif
