#include "v8/symbols.h"
#include "arkffi/library.h"
#include "arkffi/plan.h"
#include "arkffi/thread.h"
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The versions whose layouts are known from tests: those of Node.js 20 to 26. */
static const struct {
  unsigned major, minor, type_size;
} symbol_versions[] = {{11, 3, 3}, {11, 8, 3}, {12, 4, 3}, {12, 9, 3}, {13, 6, 3}, {14, 1, 2}, {14, 6, 2}};

static bool symbol_knows_version(arkjs_v8_symbols *v8) {
  unsigned major, minor;
  if (sscanf(v8->version(), "%u.%u.", &major, &minor) != 2) return false;
  for (size_t i = 0; i < sizeof symbol_versions / sizeof symbol_versions[0]; i++) {
    if (symbol_versions[i].major != major || symbol_versions[i].minor != minor) continue;
    v8->major = major;
    v8->type_size = symbol_versions[i].type_size;
    return true;
  }
  return false;
}

/* Whether objects lie in V8's sandbox, which implies 32-bit pointers. Only a V8 with a sandbox has this function:
 * v8::V8::GetSandboxSizeInBytes. */
static bool symbol_has_sandbox(void) {
  return ark_process_symbol("_ZN2v82V821GetSandboxSizeInBytesEv");
}

/* Whether V8 reads back what was put into an info with two arguments. */
static bool symbol_has_layout(const arkjs_v8_symbols *v8) {
  uint8_t result[ARKJS_V8_MOST_TYPE_SIZE] = {ARKJS_V8_FLOAT64}, args[2 * ARKJS_V8_MOST_TYPE_SIZE] = {0};
  arkjs_v8_info info[2];
  memset(info, 0xa5, sizeof info);
  args[0] = ARKJS_V8_VALUE;
  args[v8->type_size] = ARKJS_V8_INT32;
  v8->init_info(info, result, 2, args, 0);
  uint64_t beyond;
  memset(&beyond, 0xa5, sizeof beyond);
  return v8->argument_of_info(info, 0) == args && v8->argument_of_info(info, 1) == args + v8->type_size &&
         !memcmp(info, result, v8->type_size) && info[1].words[0] == beyond;
}

typedef struct symbol_row {
  size_t offset; /* of the member */
  unsigned uses;
  const char *name, *other; /* `other` may be NULL */
} symbol_row;

static const symbol_row symbol_rows[] = {
#define ARKJS_V8_SYMBOL(uses, declaration, member, name, other) {offsetof(arkjs_v8_symbols, member), uses, name, other},
#include "v8/symbols.def"
#undef ARKJS_V8_SYMBOL
};
enum { SYMBOL_COUNT = sizeof symbol_rows / sizeof symbol_rows[0] };

_Static_assert(offsetof(arkjs_v8_symbols, uses) == SYMBOL_COUNT * sizeof(void *), "each row has a member, a pointer");
_Static_assert(sizeof(void (*)(void)) == sizeof(void *), "an address of code is what the loader answers with");

static void symbols_find(arkjs_v8_symbols *out) {
  out->uses = ARKJS_V8_FAST | ARKJS_V8_CALLS | ARKJS_V8_BUFFERS;
  for (size_t i = 0; i < SYMBOL_COUNT; i++) {
    const symbol_row *row = &symbol_rows[i];
    void *found = ark_process_symbol(row->name);
    if (!found && row->other) found = ark_process_symbol(row->other);
    if (!found) out->uses &= ~row->uses;
    memcpy((char *)out + row->offset, &found, sizeof found);
  }
  if (symbol_has_sandbox()) {
    out->failure = "this V8 compresses its pointers";
  } else if (!(out->uses & ARKJS_V8_FAST)) {
    out->failure = "this host does not have the functions of V8 that it needs";
  } else if (!symbol_knows_version(out)) {
    out->failure = "this version of V8 is not one that it knows";
  } else if (!symbol_has_layout(out)) {
    out->failure = "this V8 is laid out in another way than its version tells";
  }
}

/* The table of this process. The first thread that asks fills it in; other threads wait during that short time. */
static const arkjs_v8_symbols *symbols_table(void) {
  enum { UNKNOWN, SEARCHING, KNOWN };
  static arkjs_v8_symbols table;
  static atomic_int state;
  int seen = UNKNOWN;
  /* The acquire pairs with the release below: a thread that reads KNOWN sees the complete table. */
  if (atomic_load_explicit(&state, memory_order_acquire) == KNOWN) return &table;
  if (atomic_compare_exchange_strong_explicit(&state, &seen, SEARCHING, memory_order_acquire, memory_order_acquire)) {
    symbols_find(&table);
    atomic_store_explicit(&state, KNOWN, memory_order_release);
  }
  while (atomic_load_explicit(&state, memory_order_acquire) != KNOWN) ark_pause();
  return &table;
}

const arkjs_v8_symbols *arkjs_v8_find(const char **reason) {
  const arkjs_v8_symbols *symbols = symbols_table();
  *reason = symbols->failure;
  return symbols->failure ? NULL : symbols;
}

const arkjs_v8_symbols *arkjs_v8_find_for(arkjs_v8_use use) {
  const arkjs_v8_symbols *symbols = symbols_table();
  return symbols->uses & use ? symbols : NULL;
}
