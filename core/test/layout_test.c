#include "support.h"
#include "arkffi/layout.h"
#include "base/like_clang.h"
#include <stdalign.h>
#include <stdio.h>

/* For what MinGW's GCC, which compiles this test, does not do as Microsoft's compiler; generated_test compares that. */
#define needs_other_than_microsoft() (ARK__LIKE_MICROSOFT ? skip() : (void)0)

static const ark_aggregate *layout_of(const char *text) {
  ark_error error;
  const ark_aggregate *layout = NULL;
  assert_ok(ark_layout_parse(text, &layout, &error));
  assert_non_null(layout);
  return layout;
}

static void assert_layout(const char *text, size_t size, size_t align, size_t count, const size_t *offsets) {
  const ark_aggregate *layout = layout_of(text);
  if (layout->type.size != size || layout->type.align != align || layout->count != count) {
    fail_msg("%s: size %zu, align %zu, count %zu; expected %zu, %zu, %zu", text, layout->type.size, layout->type.align,
             layout->count, size, align, count);
  }
  for (size_t i = 0; i < count; i++) {
    if (layout->members[i].offset != offsets[i]) {
      fail_msg("%s: member %zu is at %zu instead of %zu", text, i, layout->members[i].offset, offsets[i]);
    }
  }
  ark_type_release(&layout->type);
}

/* Compares a layout with the compiler's for the same struct, whose members are called a, b, c … */
#define ASSERT_LAYOUT(text, type, ...)                                                                                 \
  do {                                                                                                                 \
    const size_t offsets[] = {__VA_ARGS__};                                                                            \
    assert_layout(text, sizeof(type), alignof(type), COUNT_OF(offsets), offsets);                                      \
  } while (0)
#define AT(type, member) offsetof(type, member)

typedef struct pair {
  double a, b;
} pair;

typedef struct small {
  int8_t a;
  int16_t b;
} small;

typedef struct one_of_each {
  bool a;
  int8_t b;
  uint8_t c;
  int16_t d;
  uint16_t e;
  int32_t f;
  uint32_t g;
  int64_t h;
  uint64_t i;
  int64_t j;
  uint64_t k;
  float l;
  double m;
  const char *n;
  const uint16_t *o;
  void *p;
  void (*q)(void);
} one_of_each;

typedef struct narrow_first {
  int8_t a;
  double b;
  int8_t c;
} narrow_first;

typedef struct nested {
  int32_t a;
  pair b;
  int16_t c[3];
  small d[2];
  int8_t e;
} nested;

typedef struct matrix {
  int8_t a;
  int16_t b[3][5];
  struct {
    int8_t a;
    struct {
      int64_t a;
    } b;
  } c;
} matrix;

static void should_lay_out_every_type_alone(void **state) {
  (void)state;
  for (int id = ARK_TYPE_VOID + 1; id < ARK_TYPE_COUNT; id++) {
    const ark_type *type = ark_type_of_id((ark_type_id)id);
    const char text[] = {'{', type->code, '}', '\0'};
    assert_layout(text, type->size, type->align, 1, &(size_t){0});
  }
}

static void should_agree_with_the_compiler(void **state) {
  (void)state;
  ASSERT_LAYOUT("{dd}", pair, AT(pair, a), AT(pair, b));
  ASSERT_LAYOUT("{ch}", small, AT(small, a), AT(small, b));
  ASSERT_LAYOUT("{cdc}", narrow_first, AT(narrow_first, a), AT(narrow_first, b), AT(narrow_first, c));
  ASSERT_LAYOUT("{bcChHiIlLqQfdsSpk}", one_of_each, AT(one_of_each, a), AT(one_of_each, b), AT(one_of_each, c),
                AT(one_of_each, d), AT(one_of_each, e), AT(one_of_each, f), AT(one_of_each, g), AT(one_of_each, h),
                AT(one_of_each, i), AT(one_of_each, j), AT(one_of_each, k), AT(one_of_each, l), AT(one_of_each, m),
                AT(one_of_each, n), AT(one_of_each, o), AT(one_of_each, p), AT(one_of_each, q));
}

static void should_agree_with_the_compiler_on_arrays_and_structs_inside(void **state) {
  (void)state;
  ASSERT_LAYOUT("{i{dd}[3h][2{ch}]c}", nested, AT(nested, a), AT(nested, b), AT(nested, c), AT(nested, d),
                AT(nested, e));
  ASSERT_LAYOUT("{c[3[5h]]{c{l}}}", matrix, AT(matrix, a), AT(matrix, b), AT(matrix, c));
}

static void should_pad_the_end_so_that_arrays_stay_aligned(void **state) {
  (void)state;
  const ark_aggregate *layout = layout_of("{dc}");
  assert_int_equal(layout->type.size % layout->type.align, 0);
  assert_int_equal(layout->type.size, sizeof(struct {
                     double a;
                     int8_t b;
                   }));
  ark_type_release(&layout->type);
}

typedef union either {
  int8_t a;
  double b;
  int16_t c[7];
} either;

typedef struct __attribute__((packed)) tight {
  int8_t a;
  double b;
  either c;
  int32_t d;
} tight;

typedef struct __attribute__((aligned(32))) wide {
  int8_t a;
  int64_t b;
} wide;

typedef struct __attribute__((packed, aligned(4))) tight_and_wide {
  int8_t a;
  int64_t b;
} tight_and_wide;

static void should_agree_with_the_compiler_on_unions_and_on_packed_and_aligned_structs(void **state) {
  (void)state;
  ASSERT_LAYOUT("{|cd[7h]}", either, AT(either, a), AT(either, b), AT(either, c));
  ASSERT_LAYOUT("{!cd{|cd[7h]}i}", tight, AT(tight, a), AT(tight, b), AT(tight, c), AT(tight, d));
  ASSERT_LAYOUT("{@32:cl}", wide, AT(wide, a), AT(wide, b));
  ASSERT_LAYOUT("{!@4:cl}", tight_and_wide, AT(tight_and_wide, a), AT(tight_and_wide, b));
  typedef struct around {
    int8_t a;
    wide b;
    tight c;
    int16_t d;
  } around;
  ASSERT_LAYOUT("{c{@32:cl}{!cd{|cd[7h]}i}h}", around, AT(around, a), AT(around, b), AT(around, c), AT(around, d));
}

typedef struct own_aligns {
  int8_t a;
  int32_t b __attribute__((packed));
  int8_t c __attribute__((aligned(8)));
  _Alignas(16) int8_t d;
  double e __attribute__((packed, aligned(2)));
  pair f __attribute__((packed));
} own_aligns;

typedef struct __attribute__((packed)) own_aligns_in_packed {
  int8_t a;
  int32_t b __attribute__((aligned(2)));
  pair c;
} own_aligns_in_packed;

typedef union own_aligns_in_union {
  int8_t a __attribute__((aligned(16)));
  double b __attribute__((packed));
} own_aligns_in_union;

static void should_agree_with_the_compiler_on_members_that_are_packed_or_aligned_themselves(void **state) {
  (void)state;
  ASSERT_LAYOUT("{ci!c@8c@16d!@2{dd}!}", own_aligns, AT(own_aligns, a), AT(own_aligns, b), AT(own_aligns, c),
                AT(own_aligns, d), AT(own_aligns, e), AT(own_aligns, f));
  ASSERT_LAYOUT("{!ci@2{dd}}", own_aligns_in_packed, AT(own_aligns_in_packed, a), AT(own_aligns_in_packed, b),
                AT(own_aligns_in_packed, c));
  ASSERT_LAYOUT("{|c@16d!}", own_aligns_in_union, AT(own_aligns_in_union, a), AT(own_aligns_in_union, b));
}

#pragma pack(push, 2)
typedef struct pack_2 {
  int8_t a;
  double b;
  int8_t c __attribute__((aligned(8)));
  int32_t d : 30, e : 7;
} pack_2;
#pragma pack(16)
typedef struct pack_16 {
  int8_t a;
  double b;
  int8_t c __attribute__((aligned(32)));
} pack_16;
#pragma pack(pop)

static void should_agree_with_the_compiler_on_pragma_pack(void **state) {
  needs_other_than_microsoft();
  (void)state;
  const ark_aggregate *layout = layout_of("{!2:cdc@8i:30i:7}");
  assert_int_equal(layout->type.size, sizeof(pack_2));
  assert_int_equal(layout->type.align, alignof(pack_2));
  assert_int_equal(layout->members[2].offset, AT(pack_2, c));
  ark_type_release(&layout->type);
  ASSERT_LAYOUT("{!16:cdc@32}", pack_16, AT(pack_16, a), AT(pack_16, b), AT(pack_16, c));
}

/* Compares the bits of a bit-field that is set to all ones in a struct of zeros with those of the layout. */
static void assert_bits(const char *text, size_t member, const void *bytes, size_t size) {
  const ark_aggregate *layout = layout_of(text);
  const ark_member *at = &layout->members[member];
  assert_true(at->is_bit_field);
  assert_int_equal(layout->type.size, size);
  for (size_t bit = 0; bit < 8 * size; bit++) {
    size_t first = 8 * at->offset + at->bit;
    bool is_set = ((const uint8_t *)bytes)[bit / 8] >> bit % 8 & 1, expected = bit >= first && bit < first + at->width;
    if (is_set != expected) fail_msg("%s: member %zu: bit %zu", text, member, bit);
  }
  ark_type_release(&layout->type);
}

#define ASSERT_BITS(text, type, index, name)                                                                           \
  do {                                                                                                                 \
    type value;                                                                                                        \
    memset(&value, 0, sizeof value);                                                                                   \
    value.name--; /* 0 - 1: all ones, whatever the sign */                                                             \
    assert_bits(text, index, &value, sizeof value);                                                                    \
  } while (0)

typedef struct flags {
  uint32_t a : 3, b : 30;
  uint8_t c : 5;
  int64_t d : 40;
  uint16_t e : 9;
} flags;

typedef struct gaps {
  uint8_t a : 2;
  uint32_t : 7;
  uint32_t b : 3;
  uint16_t : 0;
  uint8_t c : 4;
} gaps;

typedef struct __attribute__((packed)) tight_flags {
  uint32_t a : 3, b : 32;
  int8_t c;
  uint64_t d : 61, e : 64;
} tight_flags;

typedef union either_flags {
  uint16_t a : 9;
  uint8_t b : 3;
} either_flags;

typedef struct own_flags {
  uint32_t a : 3, b : 30 __attribute__((packed)), c : 4 __attribute__((aligned(2)));
  uint8_t d : 2 __attribute__((aligned(8)));
} own_flags;

#pragma pack(push, 4)
typedef struct pack_flags {
  uint32_t a : 3, b : 30;
  uint64_t c : 40 __attribute__((aligned(4)));
} pack_flags;
#pragma pack(pop)

static void should_agree_with_the_compiler_on_bit_fields_that_are_packed_or_aligned(void **state) {
  needs_other_than_microsoft();
  (void)state;
  ASSERT_BITS("{I:3I:30!I:4@2C:2@8}", own_flags, 1, b);
  ASSERT_BITS("{I:3I:30!I:4@2C:2@8}", own_flags, 2, c);
  ASSERT_BITS("{I:3I:30!I:4@2C:2@8}", own_flags, 3, d);
  ASSERT_BITS("{!4:I:3I:30L:40@4}", pack_flags, 1, b);
  ASSERT_BITS("{!4:I:3I:30L:40@4}", pack_flags, 2, c);
}

/* Where the last member of a struct begins, and the size of the struct. */
static void should_lay_out_as_the_compiler_of_the_platform_does_where_compilers_differ(void **state) {
  needs_other_than_microsoft();
  (void)state;
  static const struct {
    const char *text;
    size_t bit[2], size[2]; /* by GCC, and by Clang */
  } cases[] = {
      {"{!4:ci:7@16}", {32, 8}, {8, 4}}, {"{!4:I:3I:30L:40@8}", {64, 33}, {16, 12}}, {"{!1:cL:5@2}", {8, 8}, {2, 2}},
      {"{HQ:36@4}", {64, 32}, {16, 16}}, {"{HQ:33@4}", {64, 32}, {16, 16}},          {"{HQ:32@4}", {32, 32}, {8, 8}},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const ark_aggregate *layout = layout_of(cases[i].text);
    const ark_member *last = &layout->members[layout->count - 1];
    size_t bit = 8 * last->offset + last->bit;
    if (bit != cases[i].bit[ARK__LIKE_CLANG] || layout->type.size != cases[i].size[ARK__LIKE_CLANG]) {
      fail_msg("%s: bit %zu, size %zu", cases[i].text, bit, layout->type.size);
    }
    ark_type_release(&layout->type);
  }
}

static void should_place_bit_fields_in_units_of_their_type_by_microsofts_rules(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t measure[3][2]; /* size and alignment: by GCC, by Clang, and by Microsoft's compiler */
  } cases[] = {
      {"{%ci:3i:30c:1}", {{16, 4}, {16, 4}, {16, 4}}}, {"{%c:3i:0c}", {{8, 4}, {8, 4}, {8, 4}}},
      {"{%ci:0c}", {{2, 1}, {2, 1}, {2, 1}}},          {"{%!2:cL:5}", {{10, 2}, {10, 2}, {10, 2}}},
      {"{|%i:3}", {{4, 4}, {4, 1}, {4, 1}}},           {"{|%c:1i:0}", {{1, 1}, {1, 1}, {4, 1}}},
      {"{%!ci:3}", {{5, 1}, {8, 4}, {5, 1}}},          {"{%ci:3i:5@8c}", {{16, 8}, {16, 8}, {12, 4}}},
      {"{%!2:ci@8}", {{6, 2}, {6, 2}, {16, 8}}},       {"{=ci:3}", {{4, 4}, {4, 4}, {4, 4}}},
      {"{%{=ci:3}i:3}", {{8, 4}, {8, 4}, {8, 4}}},     {"{%!c:3H:0c}", {{2, 2}, {4, 2}, {2, 1}}},
      {"{%cI:0@4c}", {{5, 1}, {8, 4}, {2, 1}}},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const ark_aggregate *layout = layout_of(cases[i].text);
    const size_t *expected = cases[i].measure[ARK__LIKE_CLANG + ARK__LIKE_MICROSOFT];
    if (layout->type.size != expected[0] || layout->type.align != expected[1]) {
      fail_msg("%s: size %zu, align %zu", cases[i].text, layout->type.size, layout->type.align);
    }
    ark_type_release(&layout->type);
  }
}

static void should_agree_with_the_compiler_on_bit_fields(void **state) {
  (void)state;
  ASSERT_BITS("{I:3I:30C:5l:40H:9}", flags, 0, a);
  ASSERT_BITS("{I:3I:30C:5l:40H:9}", flags, 1, b);
  ASSERT_BITS("{I:3I:30C:5l:40H:9}", flags, 2, c);
  ASSERT_BITS("{I:3I:30C:5l:40H:9}", flags, 3, d);
  ASSERT_BITS("{I:3I:30C:5l:40H:9}", flags, 4, e);
  ASSERT_BITS("{C:2_I:7I:3H:0C:4}", gaps, 0, a);
  ASSERT_BITS("{C:2_I:7I:3H:0C:4}", gaps, 2, b);
  ASSERT_BITS("{C:2_I:7I:3H:0C:4}", gaps, 4, c);
  ASSERT_BITS("{!I:3I:32cL:61L:64}", tight_flags, 0, a);
  ASSERT_BITS("{!I:3I:32cL:61L:64}", tight_flags, 1, b);
  ASSERT_BITS("{!I:3I:32cL:61L:64}", tight_flags, 3, d);
  ASSERT_BITS("{!I:3I:32cL:61L:64}", tight_flags, 4, e);
  ASSERT_BITS("{|H:9C:3}", either_flags, 0, a);
  ASSERT_BITS("{|H:9C:3}", either_flags, 1, b);
}

static void should_print_a_type_as_it_was_written(void **state) {
  (void)state;
  static const char *const texts[] = {
      "{d}",      "{|id}",      "{!cd}", "{!@4:cl}", "{|@64:c}", "{i{dd}[3[2h]]}",         "{I:3_I:5l:0{!b:1}}",
      "{!4:cd}",  "{!2:@4:cd}", "{cd!}", "{cd@16}",  "{cd!@2}",  "{I:3!_I:5@8[2c]@4{c}!}", "{%I:3}",
      "{|=!I:3}", "{=I:3}"};
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    const ark_aggregate *layout = layout_of(texts[i]), *other;
    char printed[32], cut[4];
    assert_int_equal(ark_type_print(&layout->type, printed, sizeof printed), strlen(texts[i]));
    assert_string_equal(printed, texts[i]);
    assert_int_equal(ark_type_print(&layout->type, cut, sizeof cut), strlen(texts[i]));
    assert_memory_equal(cut, texts[i], 3);
    for (size_t j = 0; j < COUNT_OF(texts); j++) {
      other = layout_of(texts[j]);
      assert_int_equal(ark_type_equal(&layout->type, &other->type), i == j);
      ark_type_release(&other->type);
    }
    ark_type_release(&layout->type);
  }
}

static void should_refuse_invalid_structs(void **state) {
  (void)state;
  static const char *const refused[] = {
      "",
      "i",
      "{",
      "{}",
      "}",
      "{v}",
      "{i?}",
      "{?}",
      "{i i}",
      "{[3v]}",
      "{{v}}",
      "{[3",
      "{[3i",
      "{[i]}",
      "{[]}",
      "{[0i]}",
      "{[-1i]}",
      "{]}",
      "{3i]}",
      "{{}",
      "{{i}",
      "{i}}",
      "{{i}}}",
      "{[3i]]}",
      "{[3ii]}",
      "{[3{i]}",
      "{[3{i}}",
      "{(i)i}",
      "{k(i)i}",
      "{[ 3i]}",
      "{i\xC3}",
      "{i}i",
      "[3i]",
      "{!}",
      "{|}",
      "{!!i}",
      "{%%i}",
      "{%=i}",
      "{!%i}",
      "{@4:%i}",
      "{%|i}",
      "{c%}",
      "{||i}",
      "{!|i}",
      "{@i}",
      "{@4i}",
      "{@:i}",
      "{@0:i}",
      "{@3:i}",
      "{@8192:i}",
      "{@4:}",
      "{@4:!i}",
      "{!3:i}",
      "{!32:i}",
      "{!0:i}",
      "{!4i}",
      "{!4:!i}",
      "{i!!}",
      "{i@}",
      "{i@3}",
      "{i@8192}",
      "{i@4!}",
      "{i@4:}",
      "{_i@4}",
      "{i:}",
      "{i:33}",
      "{b:2}",
      "{d:3}",
      "{p:3}",
      "{{i}:3}",
      "{[2i]:3}",
      "{i:3:3}",
      "{_i}",
      "{_}",
      "{__i:3}",
      "{:3}",
      "{i:0}",
      "{i:-1}",
      "{L:65}",
      "{i:99999999999999999999}",
      "{@99999999999999999999:i}",
  };
  allocations_start();
  for (size_t i = 0; i < COUNT_OF(refused); i++) {
    ark_error error;
    const ark_aggregate *layout;
    error.message[0] = '\0';
    ark_status status = ark_layout_parse(refused[i], &layout, &error);
    if (status != ARK_BAD_SIGNATURE) fail_msg("'%s': %s", refused[i], ark_status_code(status));
    assert_contains(error.message, refused[i]);
    assert_int_equal(allocations_alive(), 0);
  }
  allocations_stop();
}

static void should_refuse_a_struct_larger_than_memory(void **state) {
  (void)state;
  static const char *const large[] = {
      "{[9223372036854775807l]}",       "{[18446744073709551615c]}",
      "{[18446744073709551616c]}",      "{[99999999999999999999999999999999c]}",
      "{[4294967296[4294967296c]]}",    "{[9223372036854775807c]c}",
      "{[9223372036854775800c][100c]}", "{c[1152921504606846975d]d}",
      "{{[9223372036854775807c]c}}",    "{[9223372036854775807c]C:1}",
      "{@64:[9223372036854775807c]}",   "{|@2:[9223372036854775807c]}",
  };
  for (size_t i = 0; i < COUNT_OF(large); i++) {
    ark_error error;
    const ark_aggregate *layout;
    ark_status status = ark_layout_parse(large[i], &layout, &error);
    if (status != ARK_OUT_OF_RANGE) fail_msg("'%s': %s", large[i], ark_status_code(status));
  }
}

static void should_lay_out_what_is_just_not_too_large(void **state) {
  (void)state;
  assert_layout("{[4294967296c]}", 4294967296u, 1, 1, &(size_t){0});
  assert_layout("{[1000000000d]c}", 8000000008u, 8, 2, (size_t[]){0, 8000000000u});
}

static void should_refuse_any_depth_that_would_exhaust_the_stack(void **state) {
  (void)state;
  enum { DEPTH = 1000000 };
  char *deep = malloc(2 * DEPTH + 2);
  memset(deep, '{', DEPTH);
  deep[DEPTH] = 'i';
  memset(deep + DEPTH + 1, '}', DEPTH);
  deep[2 * DEPTH + 1] = '\0';
  ark_error error;
  const ark_aggregate *layout;
  ark_status status = ark_layout_parse(deep, &layout, &error);
  free(deep);
  assert_int_equal(status, ARK_BAD_SIGNATURE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_lay_out_every_type_alone),
      cmocka_unit_test(should_agree_with_the_compiler),
      cmocka_unit_test(should_agree_with_the_compiler_on_arrays_and_structs_inside),
      cmocka_unit_test(should_agree_with_the_compiler_on_unions_and_on_packed_and_aligned_structs),
      cmocka_unit_test(should_agree_with_the_compiler_on_members_that_are_packed_or_aligned_themselves),
      cmocka_unit_test(should_agree_with_the_compiler_on_pragma_pack),
      cmocka_unit_test(should_place_bit_fields_in_units_of_their_type_by_microsofts_rules),
      cmocka_unit_test(should_agree_with_the_compiler_on_bit_fields),
      cmocka_unit_test(should_agree_with_the_compiler_on_bit_fields_that_are_packed_or_aligned),
      cmocka_unit_test(should_lay_out_as_the_compiler_of_the_platform_does_where_compilers_differ),
      cmocka_unit_test(should_print_a_type_as_it_was_written),
      cmocka_unit_test(should_pad_the_end_so_that_arrays_stay_aligned),
      cmocka_unit_test(should_refuse_invalid_structs),
      cmocka_unit_test(should_refuse_a_struct_larger_than_memory),
      cmocka_unit_test(should_lay_out_what_is_just_not_too_large),
      cmocka_unit_test(should_refuse_any_depth_that_would_exhaust_the_stack),
  };
  return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
