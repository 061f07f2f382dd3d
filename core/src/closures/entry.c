#include "closures/entry.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "arkffi/error.h"
#include "arkffi/thread.h"
#include "os/process_lock.h"

/* Closures that have been replaced while threads were in their entries; protected by the process lock. */
static ark__quarantined *entry_replaced;

/* The order of these two steps, and of those of entry_is_left, makes it certain: a thread that is counted after the
 * count was read finds the new closure. */
static ARK_NOINLINE ark__answer entry_receive_counted(ark__entry *entry, ark__received *call) {
  atomic_fetch_add(&entry->entering, 1);
  const ark_closure *closure = atomic_load(&entry->closure);
  ark__answer answer = closure->receive(closure, call);
  atomic_fetch_sub(&entry->entering, 1);
  return answer;
}

/* The receiver of every entry: passes a call on to the receiver of the closure. */
static ARK__RECEIVES ark__answer entry_receive(const void *entered, ark__received *call) {
  ark__entry *entry = (ark__entry *)(uintptr_t)entered;
  if (atomic_load_explicit(&entry->owner, memory_order_relaxed) != ark_thread_id()) {
    return entry_receive_counted(entry, call);
  }
  const ark_closure *closure = atomic_load_explicit(&entry->closure, memory_order_relaxed);
  return closure->receive(closure, call);
}

ark__entered ark__entered_for(const ark_signature *signature) {
  return (ark__entered){entry_receive, ark__reception_of(signature)};
}

/* Whether no thread uses a closure that the entry led to before. */
static bool entry_is_left(ark__entry *entry) {
  return atomic_load(&entry->entering) == 0;
}

static void entry_free(ark_closure *closure) {
  closure->freed(closure->context);
  ark_free(closure);
}

static void entry_put_off(ark_closure *closure) {
  ark__process_enter();
  closure->link.next = entry_replaced;
  entry_replaced = &closure->link;
  ark__process_leave();
}

/* One that has been put off and that no thread uses any more; NULL for none. */
static ark_closure *entry_take_left(void) {
  ark_closure *left = NULL;
  ark__process_enter();
  for (ark__quarantined **link = &entry_replaced; *link; link = &(*link)->next) {
    ark_closure *closure = ark_container_of(*link, ark_closure, link);
    if (entry_is_left(closure->entry)) {
      left = closure;
      *link = closure->link.next;
      break;
    }
  }
  ark__process_leave();
  return left;
}

void ark__entry_open(ark__entry *entry, ark_closure *closure, ark__quarantine *home) {
  closure->entry = entry;
  closure->home = home;
  ark_closure *replaced = atomic_exchange(&entry->closure, closure);
  atomic_store_explicit(&entry->owner, ark_thread_id(), memory_order_relaxed);
  if (replaced && entry_is_left(entry)) {
    entry_free(replaced);
  } else if (replaced) {
    entry_put_off(replaced);
  }
  for (ark_closure *left; (left = entry_take_left());) entry_free(left);
}

void ark__entry_close(ark_closure *closure) {
  atomic_store_explicit(&closure->entry->owner, 0, memory_order_relaxed);
  ark__quarantine_enter(closure->home, &closure->link);
}

/* How many closures are passed over because threads are in their entries. It would be safe to take the first. */
enum { ENTRY_PASSED_OVER = 8 };

ark__entry *ark__entry_take(ark__quarantine *quarantine, size_t least) {
  for (int passed_over = 0;; passed_over++) {
    ark__quarantined *link = ark__quarantine_leave(quarantine, least);
    if (!link) return NULL;
    ark__entry *entry = ark_container_of(link, ark_closure, link)->entry;
    if (passed_over == ENTRY_PASSED_OVER || entry_is_left(entry)) return entry;
    ark__quarantine_enter(quarantine, link);
  }
}
