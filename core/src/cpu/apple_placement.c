/* Apple's variant of AAPCS64. Registers are used as in AAPCS64, but a struct that is aligned to 16 bytes need not begin
 * at an even one. On the stack, scalars take as many bytes as they have, and structs of floats are aligned like a
 * float; other structs take whole words, aligned to 16 bytes if the struct is. Variadic arguments are always on the
 * stack and take whole words. */
#include "cpu/aapcs64_steps.h"

enum { WORD = 8 };

/* A call whose arguments are being placed. */
typedef struct apple_call {
  ark__placement *to;
  size_t bytes;     /* of the stack that are in use */
  bool is_variadic; /* whether the next argument stands for one of the dots */
} apple_call;

/* Moves an argument to `size` bytes of the stack, aligned to `align`. False when the block would be too large. */
static bool apple_place_on_stack(apple_call *call, ark__move move, size_t size, size_t align) {
  size_t first = ark__round_up(call->bytes, align);
  if (size > ARK__MAX_BYTES) return false;
  call->bytes = first + size;
  call->to->stack = ark__words_of(call->bytes);
  move.word = ARK__STACK_WORDS + first / WORD;
  move.byte = first % WORD;
  ark__add_move(call->to, move);
  return ARK__STACK_WORDS + call->to->stack <= ARK__MAX_WORDS;
}

/* Whether the registers of one kind, of which `used` are in use, have `count` left. If not, this argument and all later
 * ones of that kind are on the stack. */
static bool apple_take_registers(const apple_call *call, size_t *used, size_t first, size_t count) {
  if (call->is_variadic) return false;
  bool fits = first + count <= ARK__AAPCS64_REGISTERS;
  *used = fits ? first + count : ARK__AAPCS64_REGISTERS;
  return fits;
}

static bool apple_place_scalar(apple_call *call, ark__move move, size_t size, bool is_float) {
  size_t *used = is_float ? &call->to->floats : &call->to->integers, first = *used;
  if (apple_take_registers(call, used, first, 1)) {
    move.word = (is_float ? ARK__FLOAT_WORDS : ARK__INTEGER_WORDS) + first;
    ark__add_move(call->to, move);
    return true;
  }
  if (call->is_variadic || size == WORD) return apple_place_on_stack(call, move, WORD, WORD);
  move.kind = ARK__MOVE_PACKED;
  move.size = size;
  return apple_place_on_stack(call, move, size, size);
}

static bool apple_place_floats(apple_call *call, ark__move move, size_t count, size_t size) {
  size_t first = call->to->floats;
  if (!apple_take_registers(call, &call->to->floats, first, count)) {
    return apple_place_on_stack(call, move, move.size, call->is_variadic ? WORD : size);
  }
  for (size_t i = 0; i < count; i++) {
    ark__move_bytes(call->to, move.argument, i * size, size, ARK__FLOAT_WORDS + first + i);
  }
  return true;
}

static bool apple_place_integers(apple_call *call, ark__move move, size_t align) {
  size_t words = ark__words_of(move.size), first = call->to->integers;
  if (!apple_take_registers(call, &call->to->integers, first, words)) {
    size_t pair = (size_t)2 * WORD;
    return apple_place_on_stack(call, move, WORD * words, align >= pair ? pair : WORD);
  }
  move.word = ARK__INTEGER_WORDS + first;
  ark__add_move(call->to, move);
  return true;
}

static bool apple_place_aggregate(apple_call *call, const ark_type *type, size_t argument) {
  ark__move move = {.kind = ARK__MOVE_BYTES, .argument = argument, .size = type->size};
  size_t size, floats = ark__aapcs64_homogeneous_floats(type, &size);
  if (ark__aapcs64_is_empty(type)) return true;
  if (floats) return apple_place_floats(call, move, floats, size);
  if (type->size <= ARK__AAPCS64_LARGEST) return apple_place_integers(call, move, type->align);
  move.kind = ARK__MOVE_REFERENCE;
  return apple_place_scalar(call, move, WORD, false);
}

bool ark__place_apple(const ark_signature *signature, ark__placement *out) {
  *out = (ark__placement){.result_word = ARK__MAX_WORDS};
  apple_call call = {.to = out};
  ark__aapcs64_place_result(out, signature->result);
  bool fits = true;
  for (size_t i = 0; i < signature->count && fits; i++) {
    const ark_type *type = signature->parameters[i].type;
    ark__move scalar = {.kind = ARK__MOVE_SCALAR, .argument = i};
    call.is_variadic = i >= signature->fixed;
    fits = ark_aggregate_of(type) ? apple_place_aggregate(&call, type, i)
                                  : apple_place_scalar(&call, scalar, type->size, type->kind == ARK_KIND_FLOAT);
  }
  return fits && ark__place_copies(signature, 1, out);
}
