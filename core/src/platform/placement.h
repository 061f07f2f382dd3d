/* Where the arguments and the result of a call go when registers alone do not hold them, or structs are among them: by the
 * calling convention alone, with no memory touched, so that each convention can be tested on any machine.
 *
 * Thread rule: pure functions.
 */
#ifndef ARK__PLACEMENT_H
#define ARK__PLACEMENT_H

#include "arkffi/signature.h"
#include "convention.h"

/* The image of a call is what the called function finds, in words of 8 bytes: registers first, then the stack from its
 * first argument on, then what is behind pointers. System V has six integer registers, and leaves two words unused. */
enum {
  ARK__INTEGER_WORDS = 0,
  ARK__FLOAT_WORDS = 8,
  ARK__INDIRECT_WORD = 16, /* AAPCS64's x8 */
  ARK__STACK_WORDS = 18
};

/* No call needs more; so it is known how much stack one takes: 16 KB. */
#define ARK__MAX_WORDS 2048
#define ARK__MAX_BYTES ((size_t)8 * ARK__MAX_WORDS)

/* The largest alignment that the stack is given. */
#define ARK__MAX_STACK_ALIGN 64

typedef enum ark__move_kind {
  ARK__MOVE_SCALAR,   /* the whole of an ark_value to a word */
  ARK__MOVE_BYTES,    /* some bytes of an aggregate to a word, and on from there */
  ARK__MOVE_REFERENCE /* an aggregate to `copy`, and the address of the copy to the word */
} ark__move_kind;

typedef struct ark__move {
  ark__move_kind kind;
  size_t argument, word, copy;
  size_t offset, size; /* bytes of the aggregate */
} ark__move;

/* A part of an aggregate that comes back in a register: the next one of its kind. */
typedef struct ark__piece {
  size_t offset, size;
  bool is_float;
} ark__piece;

/* AAPCS64 needs four registers for { float x, y, z, w; }; no aggregate needs more anywhere. */
enum { ARK__MAX_PIECES = 4 };

typedef struct ark__placement {
  size_t integers, floats; /* registers that arguments use, or that are passed over */
  size_t stack;            /* words */
  size_t words;            /* of the whole image */
  size_t result_word;      /* of the address that a result in memory goes to; ARK__MAX_WORDS where there is none */
  size_t piece_count;      /* of an aggregate result that comes in registers */
  ark__piece pieces[ARK__MAX_PIECES];
  size_t move_count;
  ark__move moves[]; /* room for ARK__MAX_PIECES of each argument */
} ark__placement;

/* False where an image would be larger than ARK__MAX_WORDS, or need a larger alignment than the stack is given.
 * System V: "System V Application Binary Interface, AMD64 Architecture Processor Supplement", 3.2.3.
 * AAPCS64: "Procedure Call Standard for the Arm 64-bit Architecture", 6.8.2. */
bool ark__place_system_v(const ark_signature *signature, ark__placement *out);
bool ark__place_aapcs64(const ark_signature *signature, ark__placement *out);

/* The one of this machine, which places what is behind a "..." as it does what is declared; Apple's on 64-bit ARM does
 * not. ARK__PLACES_ALL is 0 where it is not known. */
#if ARK__SYSTEM_V
#define ARK__PLACES_ALL 1
#define ark__place_here ark__place_system_v
#elif ARK__AAPCS64
#define ARK__PLACES_ALL 1
#define ark__place_here ark__place_aapcs64
#else
#define ARK__PLACES_ALL 0
static inline bool ark__place_here(const ark_signature *signature, ark__placement *out) {
  (void)signature, (void)out;
  return false;
}
#endif

#endif
