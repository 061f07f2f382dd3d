#include "closures/page_closure.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "arkffi/environment.h"
#include "os/pages.h"
#include "os/process_lock.h"
#include <string.h>

static ark__quarantine page_quarantine;

/* The closures of the entry points of one page. It is never freed, because C may hold any of their addresses. */
typedef struct block {
  struct block *older; /* keeps the block reachable for leak checkers */
  ark_closure closures[];
} block;

/* Protected by the process lock. */
static struct {
  block *newest;
  ark__quarantined *unused; /* closures that have never been used, linked by `next` */
  bool is_decided, is_refused;
} page_pool;

/* Makes the closures of a new block available. */
static void page_add_block(block *made, uint8_t *page, size_t count) {
  ark__process_enter();
  for (size_t i = 0; i < count; i++) {
    ark_closure *closure = &made->closures[i];
    closure->code = page + ark__entry_at(i);
    closure->link.next = page_pool.unused;
    page_pool.unused = &closure->link;
  }
  made->older = page_pool.newest;
  page_pool.newest = made;
  ark__process_leave();
}

ark_status ark__page_read_setting(ark_error *error) {
  static const char name[] = "ARKFFI_CLOSURES", only[] = "static";
  char *wanted;
  if (!ark_environment(name, &wanted)) return ark_fail_memory(error);
  bool is_static = wanted && strcmp(wanted, only) == 0;
  bool is_known = !wanted || !*wanted || is_static;
  ark__process_enter();
  bool is_decided = page_pool.is_decided;
  if (!is_decided && is_known) {
    page_pool.is_refused = is_static;
    page_pool.is_decided = true;
  }
  ark__process_leave();
  bool is_wrong = !is_decided && !is_known;
  ark_status status = is_wrong ? ark_fail_variable(error, name, "'static' or nothing", wanted) : ARK_OK;
  ark_free(wanted);
  return status;
}

/* Whether to ask the system for executable memory: neither if the environment forbids it, nor if the system has refused
 * it before. It may log each refusal. */
static ark_status page_may_be_asked_for(bool *out, ark_error *error) {
  ark_status status = ark__page_read_setting(error);
  ark__process_enter();
  *out = !status && !page_pool.is_refused;
  ark__process_leave();
  return status;
}

static void page_note_refusal(void) {
  ark__process_enter();
  page_pool.is_refused = true;
  ark__process_leave();
}

/* *is_made is false where the system gives no executable memory; this is not a failure. */
static ark_status page_create_block(bool *is_made, ark_error *error) {
  size_t size = 0;
  bool may_ask;
  *is_made = false;
  ark_status status = page_may_be_asked_for(&may_ask, error);
  if (!may_ask) return status;
  uint8_t *page = ark__page_create(&size);
  if (!page) return ARK_OK;
  size_t count = ark__entry_count(size);
  block *made = ark_alloc(1, sizeof *made + count * sizeof made->closures[0]);
  if (made) {
    ark__entries_write(page, size, made->closures, sizeof made->closures[0]);
    *is_made = ark__page_seal(page, size);
  }
  if (*is_made) {
    page_add_block(made, page, count);
    return ARK_OK;
  }
  ark__page_free(page, size);
  if (!made) return ark_fail_memory(error);
  ark_free(made);
  page_note_refusal();
  return ARK_OK;
}

static ark_closure *page_take_unused(void) {
  ark__process_enter();
  ark__quarantined *unused = page_pool.unused;
  if (unused) page_pool.unused = unused->next;
  ark__process_leave();
  return unused ? ark_container_of(unused, ark_closure, link) : NULL;
}

/* A closure that leaves quarantine, or one that has never been used; NULL when neither can be had. */
static ark_status page_take(size_t least, ark_closure **out, ark_error *error) {
  bool is_made = true;
  ark_status status = ARK_OK;
  ark__quarantined *oldest = ark__quarantine_leave(&page_quarantine, least);
  ark_closure *taken = oldest ? ark_container_of(oldest, ark_closure, link) : NULL;
  if (taken) {
    taken->freed(taken->context);
  } else {
    while (!status && is_made && !(taken = page_take_unused())) status = page_create_block(&is_made, error);
  }
  *out = taken;
  return status;
}

ark_status ark__page_closure_create(const ark_closure *wanted, size_t least, ark_closure **out, ark_error *error) {
  ark_status status = page_take(least, out, error);
  if (!status && *out) ark__closure_set(*out, wanted, &page_quarantine);
  return status;
}
