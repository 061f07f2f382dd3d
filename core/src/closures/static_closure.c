#include "closures/static_closure.h"
#include "arkffi/container_of.h"
#include "cpu/static_entries.h"
#include "os/process_lock.h"

#ifdef ARK__STATIC_ENTRIES
#include <assert.h>

#define STATIC_TEXT_OF(number) #number
#define STATIC_TEXT(macro) STATIC_TEXT_OF(macro)

/* As the assembler knows it: bytes from one closure to the next. A cache line each, so that threads that call different
 * callbacks do not slow each other down. */
#define STATIC_STRIDE 64

typedef union static_cell {
  ark_closure closure;
  unsigned char place[STATIC_STRIDE];
} static_cell;

static_assert(sizeof(static_cell) == STATIC_STRIDE, "a closure fits into its place");
static_assert(ARKFFI_STATIC_CALLBACKS > 0, "C has no empty array");

/* Not initialised, so that it takes memory only as far as it is used. */
extern _Alignas(STATIC_STRIDE) static_cell ark__static_cells[ARKFFI_STATIC_CALLBACKS];
_Alignas(STATIC_STRIDE) static_cell ark__static_cells[ARKFFI_STATIC_CALLBACKS];

extern const uint8_t ark__static_entries[];
ARK__STATIC_ENTRIES("ark__static_entries", STATIC_TEXT(ARKFFI_STATIC_CALLBACKS), "ark__static_cells",
                    STATIC_TEXT(STATIC_STRIDE));

static ark__quarantine static_quarantine;

static size_t static_used; /* how many have been used; protected by the process lock */

/* One that has never been used; NULL if there is none. */
static ark_closure *static_take_unused(void) {
  ark_closure *unused = NULL;
  ark__process_enter();
  size_t index = static_used;
  if (index < ARKFFI_STATIC_CALLBACKS) {
    unused = &ark__static_cells[index].closure;
    unused->code = (void *)(uintptr_t)(ark__static_entries + index * ARK__STATIC_ENTRY_SIZE);
    static_used++;
  }
  ark__process_leave();
  return unused;
}

size_t ark__static_closure_count(void) {
  return ARKFFI_STATIC_CALLBACKS;
}

void ark__static_closure_create(const ark_closure *wanted, ark_closure **out) {
  ark_closure *taken = static_take_unused();
  if (!taken) {
    ark__quarantined *oldest = ark__quarantine_leave(&static_quarantine, 0);
    taken = oldest ? ark_container_of(oldest, ark_closure, link) : NULL;
    if (taken) taken->freed(taken->context);
  }
  if (taken) ark__closure_set(taken, wanted, &static_quarantine);
  *out = taken;
}
#else
/* For a processor that the core does not know, libffi makes all closures. */
size_t ark__static_closure_count(void) {
  return 0;
}

void ark__static_closure_create(const ark_closure *wanted, ark_closure **out) {
  (void)wanted;
  *out = NULL;
}
#endif
