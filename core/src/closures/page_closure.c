#include "closures/page_closure.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "arkffi/environment.h"
#include "closures/entry.h"
#include "os/pages.h"
#include "os/process_lock.h"
#include <string.h>

/* Of those with this machine's own calling convention, and with Microsoft's. */
static ark__quarantine page_quarantines[2];

/* The entries of one page, in the order of their entry points. It is never freed, because C may hold any of their
 * addresses. */
typedef struct block {
  struct block *older; /* keeps the block reachable for leak checkers */
  uint8_t *page;
  ark__entry entries[];
} block;

/* Protected by the process lock. */
static struct {
  block *newest;
  ark__entry *unused; /* those that have never been used, linked by `next` */
  bool is_decided, is_refused;
} page_pool;

/* Makes the entries of a new block available. */
static void page_add_block(block *made, uint8_t *page, size_t count) {
  ark__process_enter();
  for (size_t i = 0; i < count; i++) {
    ark__entry *entry = &made->entries[i];
    entry->index = (uint32_t)i;
    entry->next = page_pool.unused;
    page_pool.unused = entry;
  }
  made->page = page;
  made->older = page_pool.newest;
  page_pool.newest = made;
  ark__process_leave();
}

static bool page_is_decided(void) {
  ark__process_enter();
  bool is_decided = page_pool.is_decided;
  ark__process_leave();
  return is_decided;
}

ark_status ark__page_read_setting(ark_error *error) {
  static const char name[] = "ARKFFI_CLOSURES", only[] = "static";
  char *wanted;
  if (page_is_decided()) return ARK_OK;
  if (!ark_environment(name, &wanted)) return ark_fail_memory(error);
  bool is_static = wanted && strcmp(wanted, only) == 0;
  ark_status status = ARK_OK;
  if (wanted && *wanted && !is_static) {
    status = ark_fail_variable(error, name, "'static' or nothing", wanted);
  } else {
    ark__process_enter();
    if (!page_pool.is_decided) page_pool.is_refused = is_static;
    page_pool.is_decided = true;
    ark__process_leave();
  }
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
  block *made = ark_alloc(1, sizeof *made + count * sizeof made->entries[0]);
  if (made) {
    ark__entries_write(page, size, made->entries, sizeof made->entries[0]);
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

static ark__entry *page_take_unused(const ark_signature *signature) {
  ark__process_enter();
  ark__entry *unused = page_pool.unused;
  if (unused) page_pool.unused = unused->next;
  ark__process_leave();
  if (!unused) return NULL;
  unused->entered = ark__entered_for(signature);
  atomic_init(&unused->closure, NULL);
  return unused;
}

ark_status ark__page_closure_open(ark_closure *closure, size_t least, ark_error *error) {
  bool is_made = true;
  ark_status status = ARK_OK;
  ark__quarantine *home = &page_quarantines[ark__is_ms(closure->signature)];
  ark__entry *entry = ark__entry_take(home, least);
  while (!status && is_made && !entry && !(entry = page_take_unused(closure->signature))) {
    status = page_create_block(&is_made, error);
  }
  if (!status && entry) ark__entry_open(entry, closure, home);
  return status;
}

void *ark__page_closure_code(const ark__entry *entry) {
  const block *made = ark_container_of(entry - entry->index, block, entries[0]);
  return made->page + ark__entry_at(entry->index);
}
