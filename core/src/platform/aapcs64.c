/* AAPCS64: up to four floats of one kind go to float registers, other structs of up to 16 bytes to integer registers,
 * and of all else the callee gets the address of a copy. */
#include "placing.h"

enum { REGISTERS = 8, MAX_FLOATS = 4, LARGEST_IN_REGISTERS = 16 };

/* How many floats of type *base an aggregate consists of; 0 when it has anything else. Its padding is not looked at. */
static size_t count_floats(const ark_type *type, const ark_type **base) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) {
    if (type->kind != ARK_KIND_FLOAT || (*base && *base != type)) return 0;
    *base = type;
    return 1;
  }
  if (whole->form == ARK_ARRAY) {
    size_t each = count_floats(whole->members->type, base);
    return whole->count > MAX_FLOATS ? 0 : each * whole->count;
  }
  size_t count = 0;
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    bool is_nothing = member->is_bit_field && !member->width && whole->form == ARK_STRUCT;
    if (is_nothing && !ARK__LIKE_CLANG) continue;
    size_t floats = member->is_bit_field ? 0 : count_floats(member->type, base);
    if (!floats) return 0;
    if (whole->form == ARK_STRUCT) {
      count += floats;
    } else if (floats > count) {
      count = floats;
    }
  }
  return count;
}

/* A homogeneous floating-point aggregate (5.9.5): how many floats, and how large one of them is. 0 for none. */
static size_t homogeneous_floats(const ark_type *type, size_t *size) {
  const ark_type *base = NULL;
  size_t count = count_floats(type, &base);
  if (!count || count > MAX_FLOATS || count * base->size != type->size) return 0;
  *size = base->size;
  return count;
}

/* The natural alignment (5.9): what the members ask for, but not the aggregate as a whole. */
static size_t natural_align(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  size_t align = 1;
  for (size_t i = 0; i < whole->count; i++) {
    if (whole->members[i].align > align) align = whole->members[i].align;
  }
  return align;
}

/* On the stack, where no more registers of that class are given out from now on (C.3, C.12). */
static bool place_on_stack(ark__placement *to, const ark_type *type, size_t argument, size_t *used) {
  size_t word;
  *used = REGISTERS;
  if (!ark__take_stack(to, type->size, natural_align(type) >= 16 ? 16 : 8, &word)) return false;
  ark__move_bytes(to, argument, 0, type->size, word);
  return true;
}

static bool place_floats(ark__placement *to, const ark_type *type, size_t argument, size_t count, size_t size) {
  if (to->floats + count > REGISTERS) return place_on_stack(to, type, argument, &to->floats);
  for (size_t i = 0; i < count; i++) {
    ark__move_bytes(to, argument, i * size, size, ARK__FLOAT_WORDS + to->floats++);
  }
  return true;
}

static bool place_integers(ark__placement *to, const ark_type *type, size_t argument) {
  size_t words = ark__words_of(type->size), first = to->integers;
  if (natural_align(type) >= 16) first = ark__round_up(first, 2);
  if (first + words > REGISTERS) return place_on_stack(to, type, argument, &to->integers);
  ark__move_bytes(to, argument, 0, type->size, ARK__INTEGER_WORDS + first);
  to->integers = first + words;
  return true;
}

static bool place_aggregate(ark__placement *to, const ark_type *type, size_t argument) {
  size_t size, floats = homogeneous_floats(type, &size);
  if (floats) return place_floats(to, type, argument, floats, size);
  if (type->size <= LARGEST_IN_REGISTERS) return place_integers(to, type, argument);
  ark__move move = {.kind = ARK__MOVE_REFERENCE, .argument = argument, .size = type->size};
  return ark__place_scalar(to, move, false, REGISTERS);
}

static void place_result(ark__placement *to, const ark_type *type) {
  if (!ark_aggregate_of(type)) return;
  size_t size, floats = homogeneous_floats(type, &size);
  if (floats) {
    for (size_t i = 0; i < floats; i++) ark__add_piece(to, i * size, size, true);
  } else if (type->size <= LARGEST_IN_REGISTERS) {
    for (size_t at = 0; at < type->size; at += 8) {
      ark__add_piece(to, at, type->size - at < 8 ? type->size - at : 8, false);
    }
  } else {
    to->result_word = ARK__INDIRECT_WORD;
  }
}

/* Room for the copies, behind the stack. */
static bool place_copies(const ark_signature *signature, ark__placement *to) {
  to->words = ARK__STACK_WORDS + to->stack;
  for (size_t i = 0; i < to->move_count; i++) {
    ark__move *move = &to->moves[i];
    if (move->kind != ARK__MOVE_REFERENCE) continue;
    size_t align = signature->parameters[move->argument].type->align;
    if (align > ARK__MAX_STACK_ALIGN || move->size > ARK__MAX_BYTES) return false;
    move->copy = ark__round_up(to->words, align < 8 ? 1 : align / 8);
    to->words = move->copy + ark__words_of(move->size);
    if (to->words > ARK__MAX_WORDS) return false;
  }
  return true;
}

bool ark__place_aapcs64(const ark_signature *signature, ark__placement *out) {
  *out = (ark__placement){.result_word = ARK__MAX_WORDS};
  place_result(out, signature->result);
  bool fits = true;
  for (size_t i = 0; i < signature->count && fits; i++) {
    const ark_type *type = signature->parameters[i].type;
    ark__move scalar = {.kind = ARK__MOVE_SCALAR, .argument = i};
    fits = ark_aggregate_of(type) ? place_aggregate(out, type, i)
                                  : ark__place_scalar(out, scalar, type->kind == ARK_KIND_FLOAT, REGISTERS);
  }
  return fits && place_copies(signature, out);
}
