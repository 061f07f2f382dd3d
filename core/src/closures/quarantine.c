#include "closures/quarantine.h"
#include "os/process_lock.h"

void ark__quarantine_enter(ark__quarantine *quarantine, ark__quarantined *entering) {
  ark__process_enter();
  if (quarantine->count) {
    quarantine->newest->next = entering;
  } else {
    quarantine->oldest = entering;
  }
  quarantine->newest = entering;
  quarantine->count++;
  ark__process_leave();
}

ark__quarantined *ark__quarantine_leave(ark__quarantine *quarantine, size_t least) {
  ark__quarantined *oldest = NULL;
  ark__process_enter();
  if (quarantine->count > least) {
    oldest = quarantine->oldest;
    quarantine->oldest = oldest->next;
    quarantine->count--;
  }
  ark__process_leave();
  return oldest;
}
