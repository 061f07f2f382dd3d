#include "calls/block_call.h"
#include <string.h>

/* Calls nest, so those with small blocks take little stack. */
enum { FEW_WORDS = 64 };

/* `block` has room for all words; words that no argument goes to are zero. */
static ark_value block_fill_and_enter(const ark_plan *plan, ark_c_function function, const ark_value *args,
                                      uint64_t *block) {
  ark__returned returned;
  for (size_t i = 0; i < plan->signature->count; i++) {
    block[plan->words[i]] = ark__promoted(plan->signature, i, args[i]).bits;
  }
  return ark__block_enter(plan, function, block, plan->stack, &returned);
}

static ARK_NOINLINE ark_value block_call_small(const ark_plan *plan, ark_c_function function, const ark_value *args) {
  uint64_t block[FEW_WORDS];
  memset(block, 0, ARK__STACK_WORDS * sizeof block[0]);
  return block_fill_and_enter(plan, function, args, block);
}

static ARK_NOINLINE ark_value block_call_large(const ark_plan *plan, ark_c_function function, const ark_value *args) {
  uint64_t block[ARK__STACK_WORDS + ARK_MAX_ARGS] = {0};
  return block_fill_and_enter(plan, function, args, block);
}

ark_value ark__block_call(const ark_plan *plan, ark_c_function function, const ark_value *args) {
  bool is_small = ARK__STACK_WORDS + plan->stack <= FEW_WORDS;
  return (is_small ? block_call_small : block_call_large)(plan, function, args);
}

/* Most pieces of structs are whole words; a copy of a fixed size needs no call of memcpy. */
static void block_copy_piece(void *to, const void *from, size_t size) {
  if (size == sizeof(uint64_t)) {
    memcpy(to, from, sizeof(uint64_t));
  } else {
    memcpy(to, from, size);
  }
}

static void block_fill(const ark_plan *plan, const ark_value *args, uint64_t *block) {
  const ark__placement *placement = plan->placement;
  for (size_t i = 0; i < placement->words; i++) block[i] = 0;
  for (size_t i = 0; i < placement->move_count; i++) {
    const ark__move *move = &placement->moves[i];
    ark_value arg = ark__promoted(plan->signature, move->argument, args[move->argument]);
    switch (move->kind) {
    case ARK__MOVE_SCALAR: block[move->word] = arg.bits; break;
    case ARK__MOVE_PACKED: memcpy((char *)&block[move->word] + move->byte, &arg.bits, move->size); break;
    case ARK__MOVE_BYTES:
      block_copy_piece((char *)&block[move->word] + move->byte, (const char *)arg.pointer + move->offset, move->size);
      break;
    case ARK__MOVE_REFERENCE:
      memcpy(&block[move->copy], arg.pointer, move->size);
      block[move->word] = (uintptr_t)&block[move->copy];
    }
  }
}

/* Copies an aggregate that was returned in registers to `out`. */
static void block_store_pieces(const ark__placement *placement, const ark__returned *returned, void *out) {
  const uint64_t *integer = returned->integers, *number = returned->floats;
  for (size_t i = 0; i < placement->piece_count; i++) {
    const ark__piece *piece = &placement->pieces[i];
    block_copy_piece((char *)out + piece->offset, piece->is_float ? number++ : integer++, piece->size);
  }
}

static void block_call_structs(const ark_plan *plan, ark_c_function function, const ark_value *args, ark_value *result,
                               uint64_t *block) {
  const ark__placement *placement = plan->placement;
  const ark_type *type = plan->signature->result;
  ark__returned returned;
  block_fill(plan, args, block);
  if (placement->result_word < placement->words) block[placement->result_word] = (uintptr_t)result->pointer;
  ark_value value = ark__block_enter(plan, function, block, placement->stack, &returned);
  if (placement->is_x87) {
    ark__take_x87(result->pointer);
  } else if (type->kind == ARK_KIND_AGGREGATE) {
    block_store_pieces(placement, &returned, result->pointer);
  } else {
    *result = ark_value_widen(type, value);
  }
}

static ARK_NOINLINE void block_call_small_structs(const ark_plan *plan, ark_c_function function, const ark_value *args,
                                                  ark_value *result) {
  _Alignas(ARK__MAX_STACK_ALIGN) uint64_t block[FEW_WORDS];
  block_call_structs(plan, function, args, result, block);
}

static ARK_NOINLINE void block_call_large_structs(const ark_plan *plan, ark_c_function function, const ark_value *args,
                                                  ark_value *result) {
  _Alignas(ARK__MAX_STACK_ALIGN) uint64_t block[ARK__MAX_WORDS];
  block_call_structs(plan, function, args, result, block);
}

void ark__block_call_with_structs(const ark_plan *plan, ark_c_function function, const ark_value *args,
                                  ark_value *result) {
  bool is_small = plan->placement->words <= FEW_WORDS;
  (is_small ? block_call_small_structs : block_call_large_structs)(plan, function, args, result);
}
