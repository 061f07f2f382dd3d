#include "closures/page_closure.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "cpu/code.h"
#include "os/pages.h"
#include "os/process_lock.h"

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
} page_pool;

/* What an entry point calls. `words` are registers and stack of the call, see ark__receiver. */

static uint64_t closure_call_handler(const ark_closure *closure, const uint64_t *words, ark_value *values) {
  const ark_signature *signature = closure->signature;
  size_t integer = 0, real = 0, stack = ARK__RECEIVED_STACK;
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    size_t word;
    if (type->kind == ARK_KIND_FLOAT) {
      word = real != ARK__CODE_FLOATS ? ARK__RECEIVED_FLOATS + real++ : stack++;
    } else {
      word = integer != ARK__CODE_INTEGERS ? integer++ : stack++;
    }
    values[i] = ark_value_widen(type, (ark_value){.bits = words[word]});
  }
  ark_value value = {0};
  closure->handler(closure->context, values, &value);
  return value.bits;
}

static ARK_NOINLINE uint64_t closure_receive_many(const ark_closure *closure, const uint64_t *words) {
  ark_value values[ARK_MAX_ARGS];
  return closure_call_handler(closure, words, values);
}

static uint64_t closure_receive(const void *called, const uint64_t *words) {
  const ark_closure *closure = called;
  ark_value values[ARK__FEW_ARGS];
  return closure->signature->count <= ARK__FEW_ARGS ? closure_call_handler(closure, words, values)
                                                    : closure_receive_many(closure, words);
}

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

/* *is_made is false where the system gives no executable memory; this is not a failure. */
static ark_status page_create_block(bool *is_made, ark_error *error) {
  size_t size = 0;
  uint8_t *page = ARK__CODE_INTEGERS ? ark__page_create(&size) : NULL;
  *is_made = false;
  if (!page) return ARK_OK;
  size_t count = ark__entry_count(size);
  block *made = ark_alloc(1, sizeof *made + count * sizeof made->closures[0]);
  if (made) {
    ark__entries_write(page, size, closure_receive, made->closures, sizeof made->closures[0]);
    *is_made = ark__page_seal(page, size);
  }
  if (*is_made) {
    page_add_block(made, page, count);
    return ARK_OK;
  }
  ark__page_free(page, size);
  if (!made) return ark_fail_memory(error);
  ark_free(made);
  return ARK_OK;
}

static ark_closure *closure_take_unused(void) {
  ark__process_enter();
  ark__quarantined *unused = page_pool.unused;
  if (unused) page_pool.unused = unused->next;
  ark__process_leave();
  return unused ? ark_container_of(unused, ark_closure, link) : NULL;
}

/* A closure that leaves quarantine, or one that has never been used; NULL when neither can be had. */
static ark_status closure_take(size_t least, ark_closure **out, ark_error *error) {
  bool is_made = true;
  ark_status status = ARK_OK;
  ark__quarantined *oldest = ark__quarantine_leave(&page_quarantine, least);
  ark_closure *taken = oldest ? ark_container_of(oldest, ark_closure, link) : NULL;
  if (taken) {
    taken->freed(taken->context);
  } else {
    while (!status && is_made && !(taken = closure_take_unused())) status = page_create_block(&is_made, error);
  }
  *out = taken;
  return status;
}

ark_status ark__page_closure_create(const ark_closure *wanted, size_t least, ark_closure **out, ark_error *error) {
  ark_status status = closure_take(least, out, error);
  if (status || !*out) return status;
  void *code = (*out)->code;
  **out = *wanted;
  (*out)->code = code;
  (*out)->home = &page_quarantine;
  return ARK_OK;
}
