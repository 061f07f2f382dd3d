/* What the conventions have in common when they place arguments. */
#ifndef ARK__PLACING_H
#define ARK__PLACING_H

#include "placement.h"

/* Where a standard can be read in more than one way, compilers disagree: on bit-fields without a name, and on what is
 * misaligned inside packed structs. What compiles arkffi is taken for what compiled the library. */
#ifdef __clang__
enum { ARK__LIKE_CLANG = 1 };
#else
enum { ARK__LIKE_CLANG = 0 };
#endif

static inline size_t ark__round_up(size_t number, size_t to) {
  return (number + to - 1) / to * to;
}

static inline size_t ark__words_of(size_t bytes) {
  return (bytes + 7) / 8;
}

static inline void ark__add_move(ark__placement *to, ark__move move) {
  to->moves[to->move_count++] = move;
}

/* Some bytes of an aggregate to a word. */
static inline void ark__move_bytes(ark__placement *to, size_t argument, size_t offset, size_t size, size_t word) {
  ark__add_move(to, (ark__move){ARK__MOVE_BYTES, argument, word, 0, offset, size});
}

/* Takes words of the stack, aligned to so many bytes. Gives the first as a word of the image. False when there is not
 * that much. */
static inline bool ark__take_stack(ark__placement *to, size_t size, size_t align, size_t *word) {
  if (size > ARK__MAX_BYTES || align > ARK__MAX_STACK_ALIGN) return false;
  size_t first = ark__round_up(to->stack, align < 8 ? 1 : align / 8);
  *word = ARK__STACK_WORDS + first;
  to->stack = first + ark__words_of(size);
  return ARK__STACK_WORDS + to->stack <= ARK__MAX_WORDS;
}

/* A scalar, or an address in the place of one, to the next register of its class, else to the stack. */
static inline bool ark__place_scalar(ark__placement *to, ark__move move, bool is_float, size_t registers) {
  size_t *used = is_float ? &to->floats : &to->integers;
  if (*used < registers) {
    move.word = (is_float ? ARK__FLOAT_WORDS : ARK__INTEGER_WORDS) + (*used)++;
  } else if (!ark__take_stack(to, 8, 8, &move.word)) {
    return false;
  }
  ark__add_move(to, move);
  return true;
}

static inline void ark__add_piece(ark__placement *to, size_t offset, size_t size, bool is_float) {
  to->pieces[to->piece_count++] = (ark__piece){offset, size, is_float};
}

#endif
