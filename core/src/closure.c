#include "ffi_closure.h"
#include "arkffi/alloc.h"
#include "platform/code.h"
#include "platform/platform.h"
#include "structs.h"

static ark__quarantine own, by_libffi;

/* As many closures as a page has entries for. Never freed, because C may hold any of the entries. */
typedef struct block {
  struct block *older; /* so that leak checkers see what the closures refer to */
  ark_closure closures[];
} block;

/* Under the process lock. */
static struct {
  block *newest;
  ark_closure *unused; /* that nobody has been given yet, by `next` */
} pool;

/* What our entries reach. Registers and stack are one after the other, see platform/code.h. */

static uint64_t call_handler(const ark_closure *closure, const uint64_t *words, ark_value *values) {
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

static ARK_NOINLINE uint64_t call_with_many(const ark_closure *closure, const uint64_t *words) {
  ark_value values[ARK_MAX_ARGS];
  return call_handler(closure, words, values);
}

uint64_t ark__received(const void *cell, const uint64_t *words) {
  const ark_closure *closure = cell;
  ark_value values[ARK__FEW_ARGS];
  return closure->signature->count <= ARK__FEW_ARGS ? call_handler(closure, words, values)
                                                    : call_with_many(closure, words);
}

/* A new block's closures become unused ones. */
static void add(block *made, uint8_t *page, size_t count) {
  ark__process_enter();
  for (size_t i = 0; i < count; i++) {
    ark_closure *closure = &made->closures[i];
    closure->entry = page + ark__entry_at(i);
    closure->next = pool.unused;
    pool.unused = closure;
  }
  made->older = pool.newest;
  pool.newest = made;
  ark__process_leave();
}

/* False where the system gives no executable memory; that is no failure. */
static ark_status create_block(bool *is_made, ark_error *error) {
  size_t size = 0;
  uint8_t *page = ARK__CODE_INTEGERS ? ark__page_create(&size) : NULL;
  *is_made = false;
  if (!page) return ARK_OK;
  size_t count = ark__entry_count(size);
  block *made = ark_alloc(1, sizeof *made + count * sizeof made->closures[0]);
  if (made) {
    ark__entries_write(page, count, made->closures, sizeof made->closures[0]);
    *is_made = ark__page_seal(page, size);
  }
  if (*is_made) {
    add(made, page, count);
    return ARK_OK;
  }
  ark__page_free(page, size);
  if (!made) return ark_fail_memory(error);
  ark_free(made);
  return ARK_OK;
}

static ark_closure *take_unused(void) {
  ark__process_enter();
  ark_closure *closure = pool.unused;
  if (closure) pool.unused = closure->next;
  ark__process_leave();
  return closure;
}

/* One that leaves quarantine, or has never been used. NULL where there are none. */
static ark_status take(ark_closure **out, ark_error *error) {
  bool is_made = true;
  ark_status status = ARK_OK;
  ark_closure *taken = ark__quarantine_leave(&own);
  if (taken) {
    taken->freed(taken->context);
  } else {
    while (!status && is_made && !(taken = take_unused())) status = create_block(&is_made, error);
  }
  *out = taken;
  return status;
}

ark_status ark_closure_create(const ark_signature *signature, ark_closure_handler handler, void *context,
                              void (*freed)(void *context), ark_closure **out, ark_error *error) {
  if (signature->is_variadic) return ark_fail(error, ARK_BAD_SIGNATURE, "a callback cannot be variadic");
  ark_closure wanted = {.signature = signature, .handler = handler, .context = context, .freed = freed, .home = &own};
  ark_closure *taken = NULL;
  ark_status status = ark__passes_structs(signature) ? ARK_OK : take(&taken, error);
  if (status) return status;
  if (!taken) return ark__ffi_closure_create(&wanted, &by_libffi, out, error);
  wanted.entry = taken->entry;
  *taken = wanted;
  *out = taken;
  return ARK_OK;
}

ark_entry ark_closure_entry(const ark_closure *closure) {
  return (ark_entry)(uintptr_t)closure->entry;
}

ark_closure *ark__quarantine_leave(ark__quarantine *closed) {
  ark_closure *oldest = NULL;
  ark__process_enter();
  if (closed->count > ARK_CLOSURE_QUARANTINE) {
    oldest = closed->oldest;
    closed->oldest = oldest->next;
    closed->count--;
  }
  ark__process_leave();
  return oldest;
}

void ark_closure_retire(ark_closure *closure) {
  if (!closure) return;
  ark__quarantine *home = closure->home;
  ark__process_enter();
  if (home->count) {
    home->newest->next = closure;
  } else {
    home->oldest = closure;
  }
  home->newest = closure;
  home->count++;
  ark__process_leave();
}
