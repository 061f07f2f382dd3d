/* Steps that calling conventions have in common when they place arguments.
 *
 * Thread rule: pure functions.
 */
#ifndef ARK__PLACEMENT_STEPS_H
#define ARK__PLACEMENT_STEPS_H

#include "base/like_clang.h"
#include "cpu/placement.h"

static inline size_t ark__round_up(size_t number, size_t to) {
  return (number + to - 1) / to * to;
}

static inline size_t ark__words_of(size_t bytes) {
  return (bytes + 7) / 8;
}

static inline void ark__add_move(ark__placement *to, ark__move move) {
  to->moves[to->move_count++] = move;
}

/* Moves some bytes of an aggregate to a word. */
static inline void ark__move_bytes(ark__placement *to, size_t argument, size_t offset, size_t size, size_t word) {
  ark__add_move(to, (ark__move){ARK__MOVE_BYTES, argument, word, 0, offset, size, 0});
}

/* Takes `size` bytes of the stack, aligned to `align` bytes, and sets *word to the first word of them in the argument
 * block. False when the block would be too large. */
static inline bool ark__take_stack(ark__placement *to, size_t size, size_t align, size_t *word) {
  if (size > ARK__MAX_BYTES || align > ARK__MAX_STACK_ALIGN) return false;
  size_t first = ark__round_up(to->stack, align < 8 ? 1 : align / 8);
  *word = ARK__STACK_WORDS + first;
  to->stack = first + ark__words_of(size);
  return ARK__STACK_WORDS + to->stack <= ARK__MAX_WORDS;
}

/* Moves a scalar or an address to the next of `registers` registers of its class, or to the stack if none is left.
 * False when the argument block would be too large. */
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

/* Makes room for the copies that references point to, after the words of the stack. Each is aligned as its type is, and
 * to at least `least` bytes. False when the argument block would be too large. */
static inline bool ark__place_copies(const ark_signature *signature, size_t least, ark__placement *to) {
  to->words = ARK__STACK_WORDS + to->stack;
  for (size_t i = 0; i < to->move_count; i++) {
    ark__move *move = &to->moves[i];
    if (move->kind != ARK__MOVE_REFERENCE) continue;
    size_t align = signature->parameters[move->argument].type->align;
    if (align < least) align = least;
    if (align > ARK__MAX_STACK_ALIGN || move->size > ARK__MAX_BYTES) return false;
    move->copy = ark__round_up(to->words, align < 8 ? 1 : align / 8);
    to->words = move->copy + ark__words_of(move->size);
    if (to->words > ARK__MAX_WORDS) return false;
  }
  return true;
}

static inline void ark__add_piece(ark__placement *to, size_t offset, size_t size, bool is_float) {
  to->pieces[to->piece_count++] = (ark__piece){offset, size, is_float};
}

#endif
