/* AAPCS64: a struct of up to four floats of one type travels in float registers, any other of up to 16 bytes in integer
 * registers, and of a larger one the callee gets the address of a copy. */
#include "cpu/aapcs64_steps.h"

enum { REGISTERS = ARK__AAPCS64_REGISTERS, MAX_FLOATS = 4, LARGEST_IN_REGISTERS = ARK__AAPCS64_LARGEST };

/* The number of floats of type *base that an aggregate consists of; 0 if it has any other member, or padding. */
static size_t aapcs64_count_floats(const ark_type *type, const ark_type **base) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) {
    if (type->kind != ARK_KIND_FLOAT || (*base && *base != type)) return 0;
    *base = type;
    return 1;
  }
  if (whole->form == ARK_ARRAY) {
    size_t each = aapcs64_count_floats(whole->members->type, base);
    return whole->count > MAX_FLOATS ? 0 : each * whole->count;
  }
  size_t count = 0;
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    /* To GCC, a bit-field of width 0 is no member of a struct, to Clang 15 and newer neither of a union. */
    if (member->is_bit_field && !member->width && (ARK__LIKE_CLANG || whole->form == ARK_STRUCT)) continue;
    size_t floats = member->is_bit_field ? 0 : aapcs64_count_floats(member->type, base);
    if (!floats) return 0;
    if (whole->form == ARK_STRUCT) {
      count += floats;
    } else if (floats > count) {
      count = floats;
    }
  }
  return count && count * (*base)->size == type->size ? count : 0;
}

size_t ark__aapcs64_homogeneous_floats(const ark_type *type, size_t *size) {
  const ark_type *base = NULL;
  size_t count = aapcs64_count_floats(type, &base);
  if (!count || count > MAX_FLOATS) return 0;
  *size = base->size;
  return count;
}

bool ark__aapcs64_is_empty(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole || whole->form == ARK_WIDE_SCALAR) return false;
  if (whole->form == ARK_ARRAY) return !whole->count || ark__aapcs64_is_empty(whole->members->type);
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    if (!member->has_no_name && !ark__aapcs64_is_empty(member->type)) return false;
  }
  return true;
}

size_t ark__aapcs64_natural_align(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (whole->form == ARK_WIDE_SCALAR) return type->align;
  size_t align = 1;
  for (size_t i = 0; i < whole->count; i++) {
    if (whole->members[i].align > align) align = whole->members[i].align;
  }
  return align;
}

/* Passes an aggregate on the stack. From then on, no more registers of its class are used (C.3, C.12). */
static bool aapcs64_place_on_stack(ark__placement *to, const ark_type *type, size_t argument, size_t align,
                                   size_t *used) {
  size_t word;
  *used = REGISTERS;
  if (!ark__take_stack(to, type->size, align >= 16 ? 16 : 8, &word)) return false;
  ark__move_bytes(to, argument, 0, type->size, word);
  return true;
}

static bool aapcs64_place_floats(ark__placement *to, const ark_type *type, size_t argument, size_t count, size_t size) {
  if (to->floats + count > REGISTERS)
    return aapcs64_place_on_stack(to, type, argument, ark__aapcs64_natural_align(type), &to->floats);
  for (size_t i = 0; i < count; i++) {
    ark__move_bytes(to, argument, i * size, size, ARK__FLOAT_WORDS + to->floats++);
  }
  return true;
}

static bool aapcs64_place_integers(ark__placement *to, const ark_type *type, size_t argument, size_t align) {
  size_t words = ark__words_of(type->size), first = to->integers;
  if (align >= 16) first = ark__round_up(first, 2);
  if (first + words > REGISTERS) return aapcs64_place_on_stack(to, type, argument, align, &to->integers);
  ark__move_bytes(to, argument, 0, type->size, ARK__INTEGER_WORDS + first);
  to->integers = first + words;
  return true;
}

static bool aapcs64_place_aggregate(ark__placement *to, const ark_type *type, size_t argument, bool by_whole) {
  size_t size, floats = ark__aapcs64_homogeneous_floats(type, &size);
  if (ARK__LIKE_CLANG && ark__aapcs64_is_empty(type)) return true;
  if (floats) return aapcs64_place_floats(to, type, argument, floats, size);
  if (type->size <= LARGEST_IN_REGISTERS)
    return aapcs64_place_integers(to, type, argument, by_whole ? type->align : ark__aapcs64_natural_align(type));
  ark__move move = {.kind = ARK__MOVE_REFERENCE, .argument = argument, .size = type->size};
  return ark__place_scalar(to, move, false, REGISTERS);
}

void ark__aapcs64_place_result(ark__placement *to, const ark_type *type) {
  if (!ark_aggregate_of(type) || (ARK__LIKE_CLANG && ark__aapcs64_is_empty(type))) return;
  size_t size, floats = ark__aapcs64_homogeneous_floats(type, &size);
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

bool ark__place_aapcs64_by(const ark_signature *signature, bool by_whole, ark__placement *out) {
  *out = (ark__placement){.result_word = ARK__MAX_WORDS};
  ark__aapcs64_place_result(out, signature->result);
  bool fits = true;
  for (size_t i = 0; i < signature->count && fits; i++) {
    const ark_type *type = signature->parameters[i].type;
    ark__move scalar = {.kind = ARK__MOVE_SCALAR, .argument = i};
    fits = ark_aggregate_of(type) ? aapcs64_place_aggregate(out, type, i, by_whole)
                                  : ark__place_scalar(out, scalar, type->kind == ARK_KIND_FLOAT, REGISTERS);
  }
  return fits && ark__place_copies(signature, 1, out);
}

bool ark__place_aapcs64(const ark_signature *signature, ark__placement *out) {
  return ark__place_aapcs64_by(signature, false, out);
}
