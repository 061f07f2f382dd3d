/* Windows' variant of AAPCS64. Functions that are not variadic follow AAPCS64, except that what a struct
 * as a whole asks for aligns it. The arguments of a variadic one, those
 * before the dots included, lie in words one after the other, of which the first eight are the integer registers and
 * the others the stack: float registers carry none of them, and a struct can begin in the last register and end on the
 * stack. Structs of more than 16 bytes are passed by the address of a copy, also those of floats. */
#include "cpu/aapcs64_steps.h"

enum { REGISTERS = ARK__AAPCS64_REGISTERS };

/* The word of the argument block for one of the words. */
static size_t windows_arm_word(size_t word) {
  return word < REGISTERS ? ARK__INTEGER_WORDS + word : ARK__STACK_WORDS + word - REGISTERS;
}

/* Takes `count` words, from an even one on if `is_pair`. False when the argument block would be too large. */
static bool windows_arm_take(size_t *used, size_t count, bool is_pair, size_t *first) {
  *first = is_pair ? ark__round_up(*used, 2) : *used;
  *used = *first + count;
  return *used <= ARK__MAX_WORDS - ARK__STACK_WORDS;
}

static bool windows_arm_place_aggregate(ark__placement *to, const ark_type *type, size_t argument, size_t *used) {
  bool is_reference = type->size > ARK__AAPCS64_LARGEST;
  size_t first, count = is_reference ? 1 : ark__words_of(type->size);
  if (ark__aapcs64_is_empty(type)) return true;
  bool is_pair = !is_reference && type->align > 8;
  if (!windows_arm_take(used, count, is_pair, &first)) return false;
  if (is_reference) {
    ark__add_move(to, (ark__move){ARK__MOVE_REFERENCE, argument, windows_arm_word(first), 0, 0, type->size, 0});
    return true;
  }
  for (size_t i = 0; i < count; i++) {
    size_t left = type->size - 8 * i;
    ark__move_bytes(to, argument, 8 * i, left < 8 ? left : 8, windows_arm_word(first + i));
  }
  return true;
}

static bool windows_arm_place_scalar(ark__placement *to, size_t argument, size_t *used) {
  ark__move move = {.kind = ARK__MOVE_SCALAR, .argument = argument};
  if (!windows_arm_take(used, 1, false, &move.word)) return false;
  move.word = windows_arm_word(move.word);
  ark__add_move(to, move);
  return true;
}

bool ark__place_windows_arm(const ark_signature *signature, ark__placement *out) {
  if (!signature->is_variadic) return ark__place_aapcs64_by(signature, true, out);
  *out = (ark__placement){.result_word = ARK__MAX_WORDS};
  ark__aapcs64_place_result(out, signature->result);
  bool fits = true;
  size_t used = 0; /* words */
  for (size_t i = 0; i < signature->count && fits; i++) {
    const ark_type *type = signature->parameters[i].type;
    fits = ark_aggregate_of(type) ? windows_arm_place_aggregate(out, type, i, &used)
                                  : windows_arm_place_scalar(out, i, &used);
  }
  out->integers = used < REGISTERS ? used : REGISTERS;
  out->stack = used - out->integers;
  return fits && ark__place_copies(signature, 1, out);
}
