/* Microsoft's convention, x86-64: each argument has one register, chosen by its position, or one word of the stack.
 * What does not fit into that is passed by the address of a copy. */
#include "cpu/placement_steps.h"

/* Bytes to which a copy of an aggregate is aligned. */
enum { LEAST_COPY_ALIGN = 16 };

/* Whether an aggregate is passed and returned like an integer of its size. */
static bool ms_fits_register(const ark_type *type) {
  return type->size == 1 || type->size == 2 || type->size == 4 || type->size == 8;
}

/* Moves an argument to the register of the next position, or to the stack after the last one. False when the argument
 * block would be too large. */
static bool ms_place(ark__placement *to, ark__move move, bool is_float) {
  if (to->integers < ARK__POSITIONS) {
    move.word = (is_float ? ARK__FLOAT_WORDS : ARK__INTEGER_WORDS) + to->integers++;
  } else if (!ark__take_stack(to, 8, 8, &move.word)) {
    return false;
  }
  ark__add_move(to, move);
  return true;
}

static bool ms_place_aggregate(ark__placement *to, const ark_type *type, size_t argument) {
  ark__move move = {.kind = ARK__MOVE_REFERENCE, .argument = argument, .size = type->size};
  if (ms_fits_register(type)) move.kind = ARK__MOVE_BYTES;
  return ms_place(to, move, false);
}

/* A variadic function looks for floats in integer registers, and GCC's also in float registers: they go to both. */
static bool ms_place_scalar(ark__placement *to, const ark_signature *signature, size_t argument) {
  ark__move move = {.kind = ARK__MOVE_SCALAR, .argument = argument};
  bool is_float = signature->parameters[argument].type->kind == ARK_KIND_FLOAT;
  bool is_twice = is_float && signature->is_variadic && to->integers < ARK__POSITIONS;
  if (!ms_place(to, move, is_float)) return false;
  if (!is_twice) return true;
  move.word = ARK__INTEGER_WORDS + to->integers - 1;
  ark__add_move(to, move);
  return true;
}

/* The first integer register holds the address for a result in memory. GCC and Clang return __int128 in xmm0. */
static void ms_place_result(ark__placement *to, const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) return;
  if (ms_fits_register(type) || whole->wide == ARK_WIDE_INTEGER) {
    ark__add_piece(to, 0, type->size, whole->wide == ARK_WIDE_INTEGER);
  } else {
    to->result_word = ARK__INTEGER_WORDS + to->integers++;
  }
}

bool ark__place_ms(const ark_signature *signature, ark__placement *out) {
  *out = (ark__placement){.result_word = ARK__MAX_WORDS};
  ms_place_result(out, signature->result);
  bool fits = true;
  for (size_t i = 0; i < signature->count && fits; i++) {
    const ark_type *type = signature->parameters[i].type;
    fits = ark_aggregate_of(type) ? ms_place_aggregate(out, type, i) : ms_place_scalar(out, signature, i);
  }
  return fits && ark__place_copies(signature, LEAST_COPY_ALIGN, out);
}
