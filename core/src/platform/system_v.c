/* System V, x86-64: structs of up to two eightbytes go to registers, each eightbyte by its class. */
#include "placing.h"

enum { INTEGERS = 6, FLOATS = 8, EIGHTBYTES = 2 };

/* The class of an eightbyte. */
typedef enum class { NO_CLASS, INTEGER, SSE } class;

static class merge(class one, class other) {
  if (one == INTEGER || other == INTEGER) return INTEGER;
  return one == SSE || other == SSE ? SSE : NO_CLASS;
}

static bool classify(const ark_type *type, size_t offset, class *classes);

static bool classify_each(const ark_aggregate *array, size_t offset, class *classes) {
  const ark_type *element = array->members->type;
  for (size_t i = 0; i < array->count; i++) {
    if (!classify(element, offset + i * element->size, classes)) return false;
  }
  return true;
}

/* GCC looks at the first element and repeats its classes, also where packed elements get misaligned. */
static bool classify_first(const ark_aggregate *array, size_t offset, class *classes) {
  const ark_type *element = array->members->type;
  class found[EIGHTBYTES] = {NO_CLASS, NO_CLASS};
  size_t first = offset / 8, last = (offset + array->type.size - 1) / 8, period = (offset % 8 + element->size + 7) / 8;
  if (!classify(element, offset, found)) return false;
  for (size_t i = first; i <= last; i++) classes[i] = merge(classes[i], found[first + (i - first) % period]);
  return true;
}

/* Whether a bit-field counts for nothing. To GCC only one of width 0 in a struct does. */
static bool is_padding(const ark_aggregate *whole, const ark_member *bit_field) {
  if (ARK__LIKE_CLANG) return bit_field->has_no_name;
  return !bit_field->width && whole->form == ARK_STRUCT;
}

/* The width, in bits, of the integer that a bit-field is to GCC, and that has to be aligned as such; 0 when it is none.
 * In a union it is the least one that holds the bit-field. In a struct, one that the bit-field is just as wide as and
 * aligned to, unless it is packed. */
static size_t integer_of(const ark_aggregate *whole, const ark_member *member) {
  size_t width = 8;
  while (width < member->width) width *= 2;
  if (whole->form == ARK_UNION) return width;
  bool is_packed = (whole->is_packed || member->is_packed) && width > 8;
  size_t start = 8 * member->offset + member->bit;
  return width == member->width && start % width == 0 && !is_packed ? width : 0;
}

/* Bit-fields are integers wherever they lie, but for those that GCC takes for members of such a type. False as below. */
static bool classify_bit_field(const ark_aggregate *whole, const ark_member *member, size_t offset, class *classes) {
  size_t integer = ARK__LIKE_CLANG ? 0 : integer_of(whole, member);
  size_t first = 8 * (offset + member->offset) + member->bit, last = first + (member->width ? member->width - 1u : 0);
  if (integer && first % integer) return false;
  for (size_t i = first / 64; i <= last / 64; i++) classes[i] = merge(classes[i], INTEGER);
  return true;
}

/* Merges what lies at `offset` into the classes of both eightbytes. False when it makes the whole go to memory, as
 * members do that are not aligned. */
static bool classify(const ark_type *type, size_t offset, class *classes) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if ((!whole || ARK__LIKE_CLANG) && offset % type->align) return false;
  if (!whole) {
    classes[offset / 8] = merge(classes[offset / 8], type->kind == ARK_KIND_FLOAT ? SSE : INTEGER);
    return true;
  }
  if (whole->form == ARK_ARRAY) return (ARK__LIKE_CLANG ? classify_each : classify_first)(whole, offset, classes);
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    if (!member->is_bit_field) {
      if (!classify(member->type, offset + member->offset, classes)) return false;
    } else if (!is_padding(whole, member)) {
      if (!classify_bit_field(whole, member, offset, classes)) return false;
    }
  }
  return true;
}

/* Whether an aggregate goes to registers, were there enough of them. */
static bool classify_whole(const ark_type *type, class *classes) {
  classes[0] = classes[1] = NO_CLASS;
  return type->size <= sizeof(uint64_t[EIGHTBYTES]) && classify(type, 0, classes);
}

static size_t count_of(class wanted, const class *classes) {
  return (size_t)(classes[0] == wanted) + (size_t)(classes[1] == wanted);
}

static size_t size_at(const ark_type *type, size_t eightbyte) {
  size_t left = type->size - 8 * eightbyte;
  return left < 8 ? left : 8;
}

static bool place_aggregate(ark__placement *to, const ark_type *type, size_t argument) {
  class classes[EIGHTBYTES];
  if (classify_whole(type, classes)) {
    size_t integers = count_of(INTEGER, classes), floats = count_of(SSE, classes);
    if (to->integers + integers <= INTEGERS && to->floats + floats <= FLOATS) {
      for (size_t i = 0; i < EIGHTBYTES; i++) {
        if (classes[i] == NO_CLASS) continue;
        size_t word = classes[i] == SSE ? ARK__FLOAT_WORDS + to->floats++ : ARK__INTEGER_WORDS + to->integers++;
        ark__move_bytes(to, argument, 8 * i, size_at(type, i), word);
      }
      return true;
    }
  }
  size_t word;
  if (!ark__take_stack(to, type->size, type->align, &word)) return false;
  ark__move_bytes(to, argument, 0, type->size, word);
  return true;
}

/* A result in memory goes where the first integer register points. */
static void place_result(ark__placement *to, const ark_type *type) {
  class classes[EIGHTBYTES];
  if (!ark_aggregate_of(type)) return;
  if (!classify_whole(type, classes)) {
    to->result_word = ARK__INTEGER_WORDS + to->integers++;
    return;
  }
  for (size_t i = 0; i < EIGHTBYTES; i++) {
    if (classes[i] != NO_CLASS) ark__add_piece(to, 8 * i, size_at(type, i), classes[i] == SSE);
  }
}

bool ark__place_system_v(const ark_signature *signature, ark__placement *out) {
  *out = (ark__placement){.result_word = ARK__MAX_WORDS};
  place_result(out, signature->result);
  bool fits = true;
  for (size_t i = 0; i < signature->count && fits; i++) {
    const ark_type *type = signature->parameters[i].type;
    bool is_float = type->kind == ARK_KIND_FLOAT;
    fits = ark_aggregate_of(type) ? place_aggregate(out, type, i)
                                  : ark__place_scalar(out, (ark__move){.kind = ARK__MOVE_SCALAR, .argument = i},
                                                      is_float, is_float ? FLOATS : INTEGERS);
  }
  out->words = ARK__STACK_WORDS + out->stack;
  return fits;
}
