/* System V, x86-64: structs of up to two eightbytes travel in registers, each eightbyte by its class. */
#include "cpu/placement_steps.h"

enum { INTEGERS = 6, FLOATS = 8, EIGHTBYTES = 2 };

/* The class of an eightbyte says which kind of register it travels in. A number of 80 bits is X87 and X87_UP. */
typedef enum class { NO_CLASS, INTEGER, SSE, X87, X87_UP, MEMORY } class;

/* The class of an eightbyte that members of a union share (3.2.3, rule 4 of the classification). */
static class system_v_merge(class one, class other) {
  if (one == other || other == NO_CLASS) return one;
  if (one == NO_CLASS) return other;
  if (one == MEMORY || other == MEMORY) return MEMORY;
  return one == INTEGER || other == INTEGER ? INTEGER : MEMORY;
}

static bool system_v_classify(const ark_type *type, size_t offset, class *classes);

static void system_v_classify_wide(const ark_aggregate *scalar, size_t offset, class *classes) {
  bool is_integer = scalar->wide == ARK_WIDE_INTEGER, is_x87 = scalar->wide == ARK_WIDE_X87;
  class low = is_integer ? INTEGER : is_x87 ? X87 : MEMORY, high = is_integer ? INTEGER : is_x87 ? X87_UP : MEMORY;
  classes[offset / 8] = system_v_merge(classes[offset / 8], low);
  classes[offset / 8 + 1] = system_v_merge(classes[offset / 8 + 1], high);
}

static bool system_v_classify_each(const ark_aggregate *array, size_t offset, class *classes) {
  const ark_type *element = array->members->type;
  for (size_t i = 0; i < array->count; i++) {
    if (!system_v_classify(element, offset + i * element->size, classes)) return false;
  }
  return true;
}

/* GCC classifies the first element and repeats its classes, also if later elements of a packed struct are
 * misaligned. */
static bool system_v_classify_first(const ark_aggregate *array, size_t offset, class *classes) {
  const ark_type *element = array->members->type;
  class found[EIGHTBYTES] = {NO_CLASS, NO_CLASS};
  size_t first = offset / 8, last = (offset + array->type.size - 1) / 8, period = (offset % 8 + element->size + 7) / 8;
  if (!system_v_classify(element, offset, found)) return false;
  for (size_t i = first; i <= last; i++) classes[i] = system_v_merge(classes[i], found[first + (i - first) % period]);
  return true;
}

/* Whether a bit-field is padding and has no class. To GCC, only one of width 0 in a struct is. */
static bool system_v_is_padding(const ark_aggregate *whole, const ark_member *bit_field) {
  if (ARK__LIKE_CLANG) return bit_field->has_no_name;
  return !bit_field->width && whole->form == ARK_STRUCT;
}

/* The width in bits of the integer that GCC takes a bit-field for, and whose alignment it then requires; 0 for none. In
 * a union it is the smallest integer that holds the bit-field. In a struct it is an integer of exactly the bit-field's
 * width, if the bit-field is aligned to it and not packed. */
static size_t system_v_integer_of(const ark_aggregate *whole, const ark_member *member) {
  size_t width = 8;
  while (width < member->width) width *= 2;
  if (whole->form == ARK_UNION) return width;
  bool is_packed = (whole->is_packed || member->is_packed) && width > 8;
  size_t start = 8 * member->offset + member->bit;
  return width == member->width && start % width == 0 && !is_packed ? width : 0;
}

/* A bit-field makes every eightbyte that it touches an integer. False if GCC takes it for a misaligned integer. */
static bool system_v_classify_bit_field(const ark_aggregate *whole, const ark_member *member, size_t offset,
                                        class *classes) {
  size_t integer = ARK__LIKE_CLANG ? 0 : system_v_integer_of(whole, member);
  size_t first = 8 * (offset + member->offset) + member->bit, last = first + (member->width ? member->width - 1u : 0);
  if (integer && first % integer) return false;
  for (size_t i = first / 64; i <= last / 64; i++) classes[i] = system_v_merge(classes[i], INTEGER);
  return true;
}

/* Merges the classes of a type at `offset` into those of both eightbytes. False if the whole aggregate is passed in
 * memory because of it: a member is misaligned. */
static bool system_v_classify(const ark_type *type, size_t offset, class *classes) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if ((!whole || ARK__LIKE_CLANG) && offset % type->align) return false;
  if (!whole) {
    classes[offset / 8] = system_v_merge(classes[offset / 8], type->kind == ARK_KIND_FLOAT ? SSE : INTEGER);
    return true;
  }
  if (whole->form == ARK_WIDE_SCALAR) {
    system_v_classify_wide(whole, offset, classes);
    return true;
  }
  if (whole->form == ARK_ARRAY)
    return (ARK__LIKE_CLANG ? system_v_classify_each : system_v_classify_first)(whole, offset, classes);
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    if (!member->is_bit_field) {
      if (!system_v_classify(member->type, offset + member->offset, classes)) return false;
    } else if (!system_v_is_padding(whole, member)) {
      if (!system_v_classify_bit_field(whole, member, offset, classes)) return false;
    }
  }
  return true;
}

/* Whether an aggregate is passed in registers, provided that enough are left. */
static bool system_v_classify_whole(const ark_type *type, class *classes) {
  classes[0] = classes[1] = NO_CLASS;
  if (type->size > sizeof(uint64_t[EIGHTBYTES]) || !system_v_classify(type, 0, classes)) return false;
  return classes[0] < X87 && classes[1] < X87;
}

/* Whether a result that is not returned in registers of the argument block is a number of 80 bits. */
static bool system_v_is_x87(const class *classes) {
  return classes[0] == X87 && classes[1] == X87_UP;
}

static size_t system_v_count_of(class wanted, const class *classes) {
  return (size_t)(classes[0] == wanted) + (size_t)(classes[1] == wanted);
}

static size_t system_v_size_at(const ark_type *type, size_t eightbyte) {
  size_t left = type->size - 8 * eightbyte;
  return left < 8 ? left : 8;
}

static bool system_v_place_aggregate(ark__placement *to, const ark_type *type, size_t argument) {
  class classes[EIGHTBYTES];
  if (system_v_classify_whole(type, classes)) {
    size_t integers = system_v_count_of(INTEGER, classes), floats = system_v_count_of(SSE, classes);
    if (to->integers + integers <= INTEGERS && to->floats + floats <= FLOATS) {
      for (size_t i = 0; i < EIGHTBYTES; i++) {
        if (classes[i] == NO_CLASS) continue;
        size_t word = classes[i] == SSE ? ARK__FLOAT_WORDS + to->floats++ : ARK__INTEGER_WORDS + to->integers++;
        ark__move_bytes(to, argument, 8 * i, system_v_size_at(type, i), word);
      }
      return true;
    }
  }
  size_t word;
  if (!ark__take_stack(to, type->size, type->align, &word)) return false;
  ark__move_bytes(to, argument, 0, type->size, word);
  return true;
}

/* The first integer register holds the address for a result in memory. */
static void system_v_place_result(ark__placement *to, const ark_type *type) {
  class classes[EIGHTBYTES];
  if (!ark_aggregate_of(type)) return;
  if (!system_v_classify_whole(type, classes)) {
    to->is_x87 = system_v_is_x87(classes);
    if (to->is_x87) return;
    to->result_word = ARK__INTEGER_WORDS + to->integers++;
    return;
  }
  for (size_t i = 0; i < EIGHTBYTES; i++) {
    if (classes[i] != NO_CLASS) ark__add_piece(to, 8 * i, system_v_size_at(type, i), classes[i] == SSE);
  }
}

bool ark__place_system_v(const ark_signature *signature, ark__placement *out) {
  *out = (ark__placement){.result_word = ARK__MAX_WORDS};
  system_v_place_result(out, signature->result);
  bool fits = true;
  for (size_t i = 0; i < signature->count && fits; i++) {
    const ark_type *type = signature->parameters[i].type;
    bool is_float = type->kind == ARK_KIND_FLOAT;
    fits = ark_aggregate_of(type) ? system_v_place_aggregate(out, type, i)
                                  : ark__place_scalar(out, (ark__move){.kind = ARK__MOVE_SCALAR, .argument = i},
                                                      is_float, is_float ? FLOATS : INTEGERS);
  }
  out->words = ARK__STACK_WORDS + out->stack;
  return fits;
}
