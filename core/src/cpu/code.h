/* Machine code that is written at run time: shims, which pass arguments on to another function, and entry points of
 * closures. One file per calling convention implements it.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__CODE_H
#define ARK__CODE_H

#include "cpu/block_enter.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Number of registers of each kind that carry arguments; 0 where no code can be written. Compare counters with `!=`:
 * compilers warn of `<` where the number is 0. */
#if ARK__SYSTEM_V
enum { ARK__CODE_INTEGERS = 6, ARK__CODE_FLOATS = 8 };
#elif ARK__MS
enum { ARK__CODE_INTEGERS = ARK__POSITIONS, ARK__CODE_FLOATS = ARK__POSITIONS };
#elif ARK__AAPCS64
enum { ARK__CODE_INTEGERS = 8, ARK__CODE_FLOATS = 8 };
#else
enum { ARK__CODE_INTEGERS = 0, ARK__CODE_FLOATS = 0 };
#endif

typedef enum ark__location_kind { ARK__IN_INTEGER, ARK__IN_FLOAT, ARK__ON_STACK } ark__location_kind;

/* Where one argument of a call is: the index of a register among those of its kind that carry arguments, or of an
 * 8-byte slot on the stack. */
typedef struct ark__location {
  ark__location_kind kind;
  uint8_t index;
} ark__location;

/* The index of an integer register that carries arguments in this machine's own convention, by its index in
 * Microsoft's, if that is meant. */
static inline uint8_t ark__own_index(bool is_ms, uint8_t index) {
  static const uint8_t rcx_rdx_r8_r9[] = {3, 2, 4, 5};
  return is_ms && ARK__SYSTEM_V ? rcx_rdx_r8_r9[index] : index;
}

/* Moves 8 bytes, unchanged or converted from a double to the integer it stands for. */
typedef struct ark__transfer {
  ark__location from, to;
  bool converts;
} ark__transfer;

typedef enum ark__result { ARK__NO_RESULT, ARK__INTEGER, ARK__WIDE_INTEGER, ARK__FLOAT } ark__result;

/* A function that is called by the machine's own convention, makes the moves in their order and then calls a function:
 * that whose address it is given, or that which *target points to at that time. */
typedef struct ark__shim {
  const ark__location *given; /* where the address of the function is, as a double; NULL if it is not given */
  bool is_ms;                 /* the target has Microsoft's convention; moves and `stack` include its unused words */
  const ark__transfer *moves;
  size_t count;
  size_t stack;       /* 8-byte slots of arguments that the target finds on the stack */
  uint8_t *called;    /* set to 1 before the call, and its lowest bit again after it; NULL for none */
  uint8_t *mark;      /* in the same block as `results`: 1 during the call and 0 after it; NULL for none */
  ark__result result; /* what is stored of the result; a wide integer is also returned as a double */
  uint64_t *results;  /* [0] receives the result as its register has it, [1] a wide integer as a double: see
                         ark__stores_doubles */
} ark__shim;

/* Whether the caller of a shim takes a wide result from memory only. */
static inline bool ark__stores_doubles(const ark__shim *shim) {
  return shim->called || shim->mark;
}

/* Writes the code of a shim to `out`, at most `room` bytes of it, and returns the size in bytes of the whole code. The
 * code is complete if that is at most `room`. With a room of 0, `out` may be NULL. A shim that is given the address of
 * the function reads no `target`. */
size_t ark__shim_write(const ark__shim *shim, void *const *target, uint8_t *out, size_t room);

/* Entry points of closures. Each belongs to one closure, whose first member is its ark__entered. */

enum {
#if ARK__MS
  ARK__ENTRY_SIZE = 16,
  ARK__ENTRIES_START = 48, /* bytes of code in front of the first entry point, which all of them share */
#else
  ARK__ENTRY_SIZE = 32,
  ARK__ENTRIES_START = 64,
#endif
};

/* The number of registers of each kind that an entry point stores: those of the convention that has most of them. C has
 * no empty array. */
#if ARK__MS
enum { ARK__STORED_INTEGERS = 6, ARK__STORED_FLOATS = 8 };
#else
enum {
  ARK__STORED_INTEGERS = ARK__CODE_INTEGERS ? ARK__CODE_INTEGERS : 1,
  ARK__STORED_FLOATS = ARK__CODE_FLOATS ? ARK__CODE_FLOATS : 1
};
#endif

/* A call of an entry point, as it lies on the stack: all registers that carry arguments, whatever the types are. */
typedef struct ark__received {
  ark__returned returned; /* room for a result in several registers */
  uint64_t indirect;      /* AAPCS64's x8: the address for a result in memory */
  uint64_t is_x87;        /* System V: whether the result is the number of 80 bits in `returned.integers` */
  uint64_t integers[ARK__STORED_INTEGERS];
  uint64_t floats[ARK__STORED_FLOATS];
  uint64_t frame[2]; /* the caller's frame pointer and the return address */
  uint64_t stack[];  /* the arguments on the stack; under Microsoft's convention after ARK__POSITIONS unused words */
} ark__received;

/* The result of a call of an entry point. */
typedef struct ark__answer {
  uint64_t value;              /* for the first register of either kind */
  const ark__returned *values; /* for all registers, instead of `value`; NULL for a result in one register */
} ark__answer;

/* Runs for each call of the closure's entry point. On Windows it has System V's convention nevertheless, so that one
 * piece of assembly serves everywhere. */
#if ARK__MS
#define ARK__RECEIVES __attribute__((sysv_abi))
#else
#define ARK__RECEIVES
#endif
typedef ARK__RECEIVES ark__answer (*ark__receiver)(const void *closure, ark__received *call);

/* The code that an entry point continues with: it stores the registers of the call, calls the receiver and loads the
 * registers of the result. */
typedef void (*ark__reception)(void);

/* What an entry point finds at the beginning of its closure. */
typedef struct ark__entered {
  ark__receiver receive;
  ark__reception reception; /* read by entry points on x86-64, which serve two conventions */
} ark__entered;

/* The code for calls by the convention of a signature. */
ark__reception ark__reception_of(const ark_signature *signature);

/* The number of entry points in a page of `page_size` bytes. */
static inline size_t ark__entry_count(size_t page_size) {
  return (page_size - ARK__ENTRIES_START) / ARK__ENTRY_SIZE;
}

/* The offset in bytes of an entry point in its page. */
static inline size_t ark__entry_at(size_t index) {
  return ARK__ENTRIES_START + index * ARK__ENTRY_SIZE;
}

/* Fills a page with entry points for ark__entry_count closures that lie `closure_size` bytes apart in memory. */
void ark__entries_write(uint8_t *page, size_t page_size, const void *closures, size_t closure_size);

#endif
