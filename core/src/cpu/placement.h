/* Where the arguments and the result of a call go if registers alone do not hold them, or structs are among them. The
 * functions work out the layout by the rules of a calling convention and touch no memory of the call, so every
 * convention can be tested on any machine.
 *
 * Thread rule: pure functions.
 */
#ifndef ARK__PLACEMENT_H
#define ARK__PLACEMENT_H

#include "cpu/abi.h"

/* An argument block is what a called function finds, in words of 8 bytes: the registers, then the stack from its first
 * argument on, then copies that the callee gets the address of. System V has six integer registers and leaves two words
 * unused; Microsoft's convention has four registers of each kind. */
enum {
  ARK__INTEGER_WORDS = 0,
  ARK__FLOAT_WORDS = 8,
  ARK__INDIRECT_WORD = 16, /* AAPCS64's x8: the address for a result in memory */
  ARK__STACK_WORDS = 18
};

/* The registers of each kind in Microsoft's convention, of which each argument uses one, chosen by its position. */
enum { ARK__POSITIONS = 4 };

/* The largest argument block, which limits the stack that a call takes to 16 KB. */
#define ARK__MAX_WORDS 2048
#define ARK__MAX_BYTES ((size_t)8 * ARK__MAX_WORDS)

/* The largest alignment in bytes that arguments on the stack can have. */
#define ARK__MAX_STACK_ALIGN 64

typedef enum ark__move_kind {
  ARK__MOVE_SCALAR,   /* a whole ark_value to a word */
  ARK__MOVE_PACKED,   /* the low bytes of an ark_value to a part of a word, which other arguments share */
  ARK__MOVE_BYTES,    /* some bytes of an aggregate to a word and those after it */
  ARK__MOVE_REFERENCE /* an aggregate to the word `copy` and on, and the address of that to the word */
} ark__move_kind;

typedef struct ark__move {
  ark__move_kind kind;
  size_t argument, word, copy;
  size_t offset, size; /* bytes of the aggregate, or of the ark_value */
  size_t byte;         /* of the word, where the bytes begin: 0 unless arguments on the stack are packed */
} ark__move;

/* A part of an aggregate result that is returned in a register: the next one of its kind. A piece of 16 bytes fills a
 * whole vector register. */
typedef struct ark__piece {
  size_t offset, size;
  bool is_float;
} ark__piece;

/* AAPCS64 needs four registers for { float x, y, z, w; }; no aggregate needs more anywhere. */
enum { ARK__MAX_PIECES = 4 };

typedef struct ark__placement {
  size_t integers, floats; /* registers that arguments use, or that are skipped */
  size_t stack;            /* words */
  size_t words;            /* of the whole argument block */
  size_t result_word;      /* for the address of a result in memory; ARK__MAX_WORDS for none */
  size_t piece_count;      /* of an aggregate result that is returned in registers */
  ark__piece pieces[ARK__MAX_PIECES];
  bool is_x87; /* the result is a number of 80 bits, which x86 returns in st(0) */
  size_t move_count;
  ark__move moves[]; /* room for ARK__MAX_PIECES of each argument */
} ark__placement;

/* Places the arguments and the result. `out` must have room for the moves. False if the argument block would have more
 * than ARK__MAX_WORDS words, or an argument a larger alignment than ARK__MAX_STACK_ALIGN.
 * System V: "System V Application Binary Interface, AMD64 Architecture Processor Supplement", 3.2.3.
 * Microsoft: "x64 calling convention", learn.microsoft.com/cpp/build/x64-calling-convention.
 * AAPCS64: "Procedure Call Standard for the Arm 64-bit Architecture", 6.8.2.
 * Apple: "Writing ARM64 code for Apple platforms", and what Clang does.
 * Windows on 64-bit ARM: "Overview of ARM64 ABI conventions",
 * learn.microsoft.com/cpp/build/arm64-windows-abi-conventions, and what Clang does. */
bool ark__place_system_v(const ark_signature *signature, ark__placement *out);
bool ark__place_ms(const ark_signature *signature, ark__placement *out);
bool ark__place_aapcs64(const ark_signature *signature, ark__placement *out);
bool ark__place_apple(const ark_signature *signature, ark__placement *out);
bool ark__place_windows_arm(const ark_signature *signature, ark__placement *out);

/* Whether placements are known for this machine's own convention. */
#define ARK__PLACES_ALL (ARK__SYSTEM_V || ARK__MS || ARK__AAPCS64)

/* The placement of a signature by its own convention; ARK__PLACES_ALL must be 1. */
static inline bool ark__place(const ark_signature *signature, ark__placement *out) {
  if (ark__is_ms(signature)) return ark__place_ms(signature, out);
  if (ARK__SYSTEM_V) return ark__place_system_v(signature, out);
  if (ARK__WINDOWS_AAPCS64) return ark__place_windows_arm(signature, out);
  return (ARK__APPLE_AAPCS64 ? ark__place_apple : ark__place_aapcs64)(signature, out);
}

#endif
