#include "types/has_padding.h"
#include "arkffi/padding.h"
#include <string.h>

/* The bytes of the floating-point number of x86; padding follows it. */
enum { X87_BYTES = 10 };

/* The bytes of a member, without those behind its end that the next one does not use. */
static size_t padding_end_of(const ark_member *member) {
  if (member->is_bit_field) return member->offset + (member->bit + member->width + 7u) / 8;
  return member->offset + member->type->size;
}

static bool padding_is_inside(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  return whole && whole->has_padding;
}

/* A bit-field without a name holds no value. */
static bool padding_is_value(const ark_member *member) {
  return !member->has_no_name && !(member->is_bit_field && !member->width);
}

bool ark__has_padding(const ark_aggregate *whole) {
  size_t end = 0;
  if (whole->form == ARK_ARRAY) return padding_is_inside(whole->members[0].type);
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    if (!padding_is_value(member)) continue;
    /* What one member of a union leaves out may belong to another one: padding_is_used looks at each byte. */
    if (padding_is_inside(member->type) || member->offset > end) return true;
    if (padding_end_of(member) > end) end = padding_end_of(member);
  }
  return end < whole->type.size;
}

/* Whether a byte belongs to a member. */
static bool padding_is_used(const ark_type *type, size_t byte) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole || !whole->has_padding) return true;
  if (whole->form == ARK_WIDE_SCALAR) return byte < X87_BYTES;
  if (whole->form == ARK_ARRAY) return padding_is_used(whole->members[0].type, byte % whole->members[0].type->size);
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    bool is_there = padding_is_value(member) && byte >= member->offset && byte < padding_end_of(member);
    if (is_there && (member->is_bit_field || padding_is_used(member->type, byte - member->offset))) return true;
  }
  return false;
}

static void padding_clear(const ark_type *type, unsigned char *memory);

static void padding_clear_union(const ark_aggregate *whole, unsigned char *memory) {
  for (size_t i = 0; i < whole->type.size; i++) {
    if (!padding_is_used(&whole->type, i)) memory[i] = 0;
  }
}

static void padding_clear_struct(const ark_aggregate *whole, unsigned char *memory) {
  size_t end = 0;
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    if (!padding_is_value(member)) continue;
    if (member->offset > end) memset(memory + end, 0, member->offset - end);
    if (!member->is_bit_field) padding_clear(member->type, memory + member->offset);
    if (padding_end_of(member) > end) end = padding_end_of(member);
  }
  memset(memory + end, 0, whole->type.size - end);
}

static void padding_clear(const ark_type *type, unsigned char *memory) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (whole) ark_aggregate_clear_padding(whole, memory);
}

/* Structs and arrays nest no deeper than ARK_MAX_DEPTH. */
void ark_aggregate_clear_padding(const ark_aggregate *whole, void *memory) {
  if (!whole->has_padding) return;
  if (whole->form == ARK_UNION) {
    padding_clear_union(whole, memory);
  } else if (whole->form == ARK_STRUCT) {
    padding_clear_struct(whole, memory);
  } else if (whole->form == ARK_WIDE_SCALAR) {
    memset((unsigned char *)memory + X87_BYTES, 0, whole->type.size - X87_BYTES);
  } else {
    const ark_type *element = whole->members[0].type;
    for (size_t i = 0; i < whole->count; i++) padding_clear(element, (unsigned char *)memory + i * element->size);
  }
}
