/* Machine code: how a CPU brings arguments from one call to the next, and where code may lie.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__CODE_H
#define ARK__CODE_H

#include "convention.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Registers that carry arguments, of each kind; 0 where no code can be made. To be counted up to with `!=`: compilers warn of
 * what is never less than 0. */
#if ARK__SYSTEM_V
enum { ARK__CODE_INTEGERS = 6, ARK__CODE_FLOATS = 8 };
#elif ARK__AAPCS64
enum { ARK__CODE_INTEGERS = 8, ARK__CODE_FLOATS = 8 };
#else
enum { ARK__CODE_INTEGERS = 0, ARK__CODE_FLOATS = 0 };
#endif

typedef enum ark__place_kind { ARK__IN_INTEGER, ARK__IN_FLOAT, ARK__ON_STACK } ark__place_kind;

/* A register of either kind, by its number among those that carry arguments, or an eight-byte slot of the stack. */
typedef struct ark__place {
  ark__place_kind kind;
  uint8_t index;
} ark__place;

/* Eight bytes go from one place to another, as they are or from a double to the integer that it stands for. */
typedef struct ark__transfer {
  ark__place from, to;
  bool converts;
} ark__transfer;

typedef enum ark__result { ARK__NO_RESULT, ARK__INTEGER, ARK__WIDE_INTEGER, ARK__FLOAT } ark__result;

/* A function that makes the moves, in that order, and calls what *target then points to. */
typedef struct ark__shim {
  const ark__transfer *moves;
  size_t count;
  size_t stack;       /* slots that the target finds on the stack */
  uint8_t *called;    /* becomes 1 before the call; NULL for none */
  ark__result result; /* to be stored; a wide one becomes a double after that */
  uint64_t *results;  /* where: as it is in its register, and behind that a wide one as a double */
} ark__shim;

/* Writes the code of a shim to `out`, and gives its size in bytes. */
size_t ark__code_write(const ark__shim *shim, void *const *target, uint8_t *out);

/* No shim with up to 16 arguments is longer. */
enum { ARK__CODE_MOST = 512 };

/* Entry points of closures: each stands for a cell, and leads to ark__received with it. */

enum {
#if ARK__SYSTEM_V
  ARK__ENTRY_SIZE = 16,
#else
  ARK__ENTRY_SIZE = 32,
#endif
  /* Where ark__received finds what was passed, in words: registers of both kinds, two words between, and the stack. */
  ARK__RECEIVED_FLOATS = ARK__CODE_INTEGERS,
  ARK__RECEIVED_STACK = ARK__CODE_INTEGERS + ARK__CODE_FLOATS + 2,
};

/* How many entries a page of that size takes, and where in it each begins. The first place is the way to ark__received,
 * which all of them share. */
static inline size_t ark__entry_count(size_t page_size) {
  return page_size / ARK__ENTRY_SIZE - 1;
}

static inline size_t ark__entry_at(size_t index) {
  return (index + 1) * ARK__ENTRY_SIZE;
}

/* Writes the entries of a page for consecutive cells. */
void ark__entries_write(uint8_t *page, size_t count, const void *cells, size_t cell_size);

/* Whatever the types, it takes what the registers and the stack have, and gives what becomes the result register of either
 * kind. */
uint64_t ark__received(const void *cell, const uint64_t *words);

/* A page that can be written, and its size; NULL when there is none. Then it is sealed, which makes it executable and
 * read-only, or fails. */
void *ark__page_create(size_t *size);
bool ark__page_seal(void *page, size_t size);
void ark__page_free(void *page, size_t size);

#endif
