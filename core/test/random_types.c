#include "random_types.h"
#include "arkffi/layout.h"
#include "base/like_clang.h"
#include "cpu/convention.h"
#include "types/wide.h"
#include <stdio.h>

/* Which attributes the compiler knows: GCC on other processors than x86-64 has neither, Clang has none for Microsoft's
 * compiler, and elsewhere has no other rules that gcc_struct could name. */
enum {
  KNOWS_MS_STRUCT = (ARK__MS || ARK__LIKE_CLANG) && !ARK__LIKE_MICROSOFT,
  KNOWS_GCC_STRUCT = ARK__MS && !ARK__LIKE_MICROSOFT
};

/* Whether the current case has small structs, mostly packed and with bit-fields: for those that are just small enough
 * for registers, the rules are the most complicated. */
static bool is_tight;

static size_t random_between(size_t least, size_t most) {
  return least + random_below(most - least + 1);
}

/* A scalar of 16 bytes. A long double is one only where it has 80 bits: those of 128 bits are not passed by value. */
static char random_wide_letter(void) {
  bool has_x87 = ark_long_double_digits() == 64 && !ARK__LIKE_MICROSOFT;
  return "xXD"[random_below(has_x87 ? 3 : 2)];
}

/* Clang before version 18 does not pass integers of 128 bits as the conventions of x86-64 say. */
enum { KNOWS_WIDE = !ARK__LIKE_CLANG || ARK__LIKE_MICROSOFT };

static char random_letter(void) {
  if (KNOWS_WIDE && !random_below(15)) return random_wide_letter();
  if (is_tight) return "bcCChHiIlLqfd"[random_below(13)];
  return "bcChHiIlLqQffffddddpsSk"[random_below(23)];
}

static char *add_aggregate(char *out, const char *end, size_t depth);

static char *add_bit_field(char *out) {
  static const char letters[] = "bcChHiIlLqQ";
  const ark_type *type = ark_type_of_code(letters[random_below(sizeof letters - 1)]);
  size_t most = type->kind == ARK_KIND_BOOL ? 1 : 8 * type->size, width = random_below(most + 1);
  bool has_no_name = width && random_below(5) == 0;
  return out + sprintf(out, "%s%c:%zu", has_no_name ? "_" : "", type->code, width);
}

static char *add_type(char *out, const char *end, size_t depth) {
  size_t choice = random_below(10);
  if (choice == 0 && depth < 3) {
    out += sprintf(out, "[%zu", random_between(1, 3));
    out = add_type(out, end, depth + 1);
    *out++ = ']';
  } else if (choice <= 2 && depth < 3 && end - out > 60) {
    out = add_aggregate(out, end, depth + 1);
  } else {
    *out++ = random_letter();
  }
  return out;
}

static char *add_member(char *out, const char *end, size_t depth) {
  bool is_plain = random_below(is_tight ? 2 : 10) > 0;
  out = is_plain ? add_type(out, end, depth) : add_bit_field(out);
  if (!random_below(8)) *out++ = '!';
  bool ends_unit = !is_plain && out[-1] == '0' && out[-2] == ':'; /* compilers differ about aligned ones */
  if (!random_below(10) && !ends_unit) out += sprintf(out, "@%d", 1 << random_below(6));
  return out;
}

/* The rules of bit-fields, where the compiler knows more than those of its platform. */
static char *add_bit_fields(char *out) {
  if (KNOWS_MS_STRUCT && !random_below(4)) *out++ = '%';
  if (KNOWS_GCC_STRUCT && out[-1] != '%' && !random_below(12)) *out++ = '=';
  return out;
}

/* The number in #pragma pack. It would apply to nested structs too, so there are none. */
static char *add_pack(char *out, size_t *depth) {
  if (*depth || random_below(10)) return out;
  *depth = 3;
  return out + sprintf(out, "!%d:", 1 << random_below(5));
}

static char *add_aggregate(char *out, const char *end, size_t depth) {
  *out++ = '{';
  if (random_below(is_tight ? 4 : 8) == 0) *out++ = '|';
  out = add_bit_fields(out);
  char *behind = add_pack(out, &depth);
  if (behind == out && random_below(is_tight ? 2 : 6) == 0) *behind++ = '!';
  out = behind;
  if (random_below(10) == 0) out += sprintf(out, "@%d:", 1 << random_below(7));
  size_t members = random_between(1, depth || is_tight ? 3 : random_below(4) ? 3 : 8);
  /* All of one letter, so that homogeneous floats are not rare. */
  char same = random_below(is_tight ? 12 : 3) ? '\0' : random_letter();
  size_t scalar = is_tight ? random_below(members) : 0; /* at least one member has a value */
  for (size_t i = 0; i < members && (i <= scalar || end - out > 60); i++) {
    if (same) {
      *out++ = same;
    } else if (i == scalar) {
      *out++ = random_letter();
    } else {
      out = add_member(out, end, depth);
    }
  }
  *out++ = '}';
  return out;
}

const ark_type *random_type_of(const char *text) {
  ark_error error;
  const ark_aggregate *layout;
  if (*text != '{') return ark_type_of_code(*text) ? ark_type_of_code(*text) : ark__wide_of_code(*text);
  assert_ok(ark_layout_parse(text, &layout, &error));
  return &layout->type;
}

/* Whether GCC itself loses part of a type: of structs in a misaligned array, it passes only the words in which the
 * first one has values. */
static bool is_lost(const ark_type *type, size_t offset) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) return false;
  bool is_array = whole->form == ARK_ARRAY;
  if (is_array && ark_aggregate_of(whole->members->type) && offset % type->align) return true;
  for (size_t i = 0; i < (is_array ? 1 : whole->count); i++) {
    if (is_lost(whole->members[i].type, offset + whole->members[i].offset)) return true;
  }
  return false;
}

/* Whether a type has a value of one of the letters. */
static bool has_value(const ark_type *type, const char *letters) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) return strchr(letters, type->code) != NULL;
  for (size_t i = 0; i < (whole->form == ARK_ARRAY ? 1 : whole->count); i++) {
    if (has_value(whole->members[i].type, letters)) return true;
  }
  return false;
}

/* Whether Clang itself loses part of a type that is passed in registers: for a union it takes the type of one member,
 * and where that one has a float and padding, it passes 4 bytes of a double or of the second float of another member.
 */
static bool is_cut(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole || type->size > 16) return false;
  size_t members = whole->form == ARK_ARRAY ? 1 : whole->count, floats = 0, both = 0;
  for (size_t i = 0; i < members; i++) {
    floats += has_value(whole->members[i].type, "f");
    both += has_value(whole->members[i].type, "fd");
    if (is_cut(whole->members[i].type)) return true;
  }
  return whole->form == ARK_UNION && floats && both > 1;
}

static void random_type(char *text) {
  bool loses;
  do {
    char *end = random_below(3) ? add_aggregate(text, text + TEXT, 0) : (*text = random_letter(), text + 1);
    *end = '\0';
    const ark_type *type = random_type_of(text);
    loses = is_lost(type, 0) || (ARK__LIKE_CLANG && is_cut(type));
    ark_type_release(type);
  } while (loses);
}

/* Whether va_arg of a compiler itself goes wrong for a type: GCC's reads two registers that were saved at a multiple of
 * 8 with an instruction that needs a multiple of 16, and Clang's takes the wrong register for a struct that begins with
 * unnamed bits. */
static bool is_misread(const char *text) {
  const ark_type *type = random_type_of(text);
  bool is_aligned = ark_aggregate_of(type) && type->align > 8 && type->size <= 16;
  ark_type_release(type);
  return ARK__LIKE_CLANG ? strchr(text, '_') != NULL : is_aligned;
}

void random_case(random_signature *it) {
  is_tight = random_below(2);
  it->count = random_below(4) ? random_below(5) : random_below(MOST_ARGS + 1);
  for (size_t i = 0; i < it->count; i++) random_type(it->args[i]);
  it->fixed = it->count > 1 && random_below(5) == 0 ? random_between(1, it->count - 1) : it->count;
  for (size_t i = it->fixed; i < it->count; i++) {
    if (is_misread(it->args[i])) it->fixed = it->count;
  }
  if (random_below(6)) {
    random_type(it->result);
  } else {
    strcpy(it->result, "v");
  }
}
