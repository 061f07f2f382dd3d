#include "closures/static_closure.h"
#include "closures/entry.h"
#include "cpu/static_entries.h"
#include "os/process_lock.h"

#ifdef ARK__STATIC_ENTRIES
#include <assert.h>

#define STATIC_TEXT_OF(number) #number
#define STATIC_TEXT(macro) STATIC_TEXT_OF(macro)

/* As the assembler knows it: bytes from one entry to the next. A cache line each, so that threads that call different
 * callbacks do not slow each other down. */
#define STATIC_STRIDE 64

typedef union static_cell {
  ark__entry entry;
  unsigned char place[STATIC_STRIDE];
} static_cell;

static_assert(sizeof(static_cell) == STATIC_STRIDE, "an entry fits into its place");
static_assert(ARKFFI_STATIC_CALLBACKS > 0, "a process can have callbacks");

enum { STATIC_CELLS = ARKFFI_STATIC_CALLBACKS + ARK__STATIC_QUARANTINE };

/* Not initialised, so that it takes memory only as far as it is used. */
extern _Alignas(STATIC_STRIDE) static_cell ark__static_cells[STATIC_CELLS];
_Alignas(STATIC_STRIDE) static_cell ark__static_cells[STATIC_CELLS];

extern const uint8_t ark__static_entries[];
ARK__STATIC_ENTRIES("ark__static_entries", STATIC_TEXT(ARKFFI_STATIC_CALLBACKS) "+" STATIC_TEXT(ARK__STATIC_QUARANTINE),
                    "ark__static_cells", STATIC_TEXT(STATIC_STRIDE));

/* Of those with this machine's own calling convention, and with Microsoft's. */
static ark__quarantine static_quarantines[2];

static size_t static_used; /* how many have been used; protected by the process lock */

/* One that has never been used, unless as many are open as may be; NULL if there is none. */
static ark__entry *static_take_unused(const ark_signature *signature) {
  ark__entry *unused = NULL;
  ark__process_enter();
  size_t index = static_used;
  size_t open = index - static_quarantines[0].count - static_quarantines[1].count;
  if (index < STATIC_CELLS && open < ARKFFI_STATIC_CALLBACKS) {
    unused = &ark__static_cells[index].entry;
    unused->entered = ark__entered_for(signature);
    static_used++;
  }
  ark__process_leave();
  return unused;
}

size_t ark__static_closure_count(void) {
  return ARKFFI_STATIC_CALLBACKS;
}

/* The one that has been closed for longest; NULL where too few are closed, of either convention. */
static ark__entry *static_take_closed(ark__quarantine *of, const ark__quarantine *other) {
  ark__process_enter();
  size_t others = other->count;
  ark__process_leave();
  return ark__entry_take(of, others < ARK__STATIC_QUARANTINE ? ARK__STATIC_QUARANTINE - others : 0);
}

/* One that had the other calling convention. C that calls the address of a closed callback at this late time would meet
 * another callback anyway. */
static ark__entry *static_convert(const ark_signature *signature, ark__quarantine *home, ark__quarantine *other) {
  ark__entry *entry = static_take_closed(other, home);
  if (entry) entry->entered.reception = ark__reception_of(signature);
  return entry;
}

void ark__static_closure_open(ark_closure *closure) {
  bool is_ms = ark__is_ms(closure->signature);
  ark__quarantine *home = &static_quarantines[is_ms], *other = &static_quarantines[!is_ms];
  ark__entry *entry = static_take_unused(closure->signature);
  if (!entry) entry = static_take_closed(home, other);
  if (!entry) entry = static_convert(closure->signature, home, other);
  if (entry) ark__entry_open(entry, closure, home);
}

void *ark__static_closure_code(const ark__entry *entry) {
  uintptr_t offset = (uintptr_t)entry - (uintptr_t)ark__static_cells;
  if (offset >= sizeof ark__static_cells) return NULL;
  return (void *)(uintptr_t)(ark__static_entries + offset / STATIC_STRIDE * ARK__STATIC_ENTRY_SIZE);
}
#else
/* For a processor that the core does not know, libffi makes all closures. */
size_t ark__static_closure_count(void) {
  return 0;
}

void ark__static_closure_open(ark_closure *closure) {
  (void)closure;
}

void *ark__static_closure_code(const ark__entry *entry) {
  (void)entry;
  return NULL;
}
#endif
