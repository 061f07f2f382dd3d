#include "support.h"
#include "arkffi/layout.h"
#include <stdalign.h>
#include <stdio.h>

static ark_layout *layout_of(const char *members) {
  ark_error error;
  ark_layout *layout = NULL;
  assert_ok(ark_layout_parse(members, &layout, &error));
  assert_non_null(layout);
  return layout;
}

static void assert_layout(const char *members, size_t size, size_t align, size_t count, const size_t *offsets) {
  ark_layout *layout = layout_of(members);
  if (layout->size != size || layout->align != align || layout->count != count) {
    fail_msg("%s: size %zu, align %zu, count %zu; expected %zu, %zu, %zu", members, layout->size, layout->align,
             layout->count, size, align, count);
  }
  for (size_t i = 0; i < count; i++) {
    if (layout->offsets[i] != offsets[i]) {
      fail_msg("%s: member %zu is at %zu instead of %zu", members, i, layout->offsets[i], offsets[i]);
    }
  }
  ark_free(layout);
}

/* Compares with what the compiler makes of the same struct, whose members are called a, b, c … */
#define ASSERT_LAYOUT(members, type, ...)                                                                              \
  do {                                                                                                                 \
    const size_t offsets[] = {__VA_ARGS__};                                                                            \
    assert_layout(members, sizeof(type), alignof(type), COUNT_OF(offsets), offsets);                                   \
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
    const char members[] = {type->code, '\0'};
    assert_layout(members, type->size, type->align, 1, &(size_t){0});
  }
}

static void should_agree_with_the_compiler(void **state) {
  (void)state;
  ASSERT_LAYOUT("dd", pair, AT(pair, a), AT(pair, b));
  ASSERT_LAYOUT("ch", small, AT(small, a), AT(small, b));
  ASSERT_LAYOUT("cdc", narrow_first, AT(narrow_first, a), AT(narrow_first, b), AT(narrow_first, c));
  ASSERT_LAYOUT("bcChHiIlLqQfdsSpk", one_of_each, AT(one_of_each, a), AT(one_of_each, b), AT(one_of_each, c),
                AT(one_of_each, d), AT(one_of_each, e), AT(one_of_each, f), AT(one_of_each, g), AT(one_of_each, h),
                AT(one_of_each, i), AT(one_of_each, j), AT(one_of_each, k), AT(one_of_each, l), AT(one_of_each, m),
                AT(one_of_each, n), AT(one_of_each, o), AT(one_of_each, p), AT(one_of_each, q));
}

static void should_agree_with_the_compiler_on_arrays_and_structs_inside(void **state) {
  (void)state;
  ASSERT_LAYOUT("i{dd}[3h][2{ch}]c", nested, AT(nested, a), AT(nested, b), AT(nested, c), AT(nested, d), AT(nested, e));
  ASSERT_LAYOUT("c[3[5h]]{c{l}}", matrix, AT(matrix, a), AT(matrix, b), AT(matrix, c));
}

static void should_pad_the_end_so_that_arrays_stay_aligned(void **state) {
  (void)state;
  ark_layout *layout = layout_of("dc");
  assert_int_equal(layout->size % layout->align, 0);
  assert_int_equal(layout->size, sizeof(struct {
                     double a;
                     int8_t b;
                   }));
  ark_free(layout);
}

static void should_refuse_what_is_no_struct(void **state) {
  (void)state;
  static const char *const refused[] = {
      "v", "i?", "?", "i i", "[3v]", "{v}",   "[3",    "[3i",   "[i]",   "[]",   "[0i]",  "[-1i]", "]",     "3i]",
      "{", "{i", "}", "i}",  "{i}}", "[3i]]", "[3ii]", "[3{i]", "[3{i}", "(i)i", "k(i)i", "[ 3i]", "i\xC3",
  };
  allocations_start();
  for (size_t i = 0; i < COUNT_OF(refused); i++) {
    ark_error error;
    ark_layout *layout;
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
      "[9223372036854775807l]",       "[18446744073709551615c]",
      "[18446744073709551616c]",      "[99999999999999999999999999999999c]",
      "[4294967296[4294967296c]]",    "[9223372036854775807c]c",
      "[9223372036854775800c][100c]", "c[1152921504606846975d]d",
      "{[9223372036854775807c]c}",
  };
  for (size_t i = 0; i < COUNT_OF(large); i++) {
    ark_error error;
    ark_layout *layout;
    ark_status status = ark_layout_parse(large[i], &layout, &error);
    if (status != ARK_OUT_OF_RANGE) fail_msg("'%s': %s", large[i], ark_status_code(status));
  }
}

static void should_lay_out_what_is_just_not_too_large(void **state) {
  (void)state;
  assert_layout("[4294967296c]", 4294967296u, 1, 1, &(size_t){0});
  assert_layout("[1000000000d]c", 8000000008u, 8, 2, (size_t[]){0, 8000000000u});
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
  ark_layout *layout;
  ark_status status = ark_layout_parse(deep, &layout, &error);
  free(deep);
  assert_int_equal(status, ARK_BAD_SIGNATURE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_lay_out_every_type_alone),
      cmocka_unit_test(should_agree_with_the_compiler),
      cmocka_unit_test(should_agree_with_the_compiler_on_arrays_and_structs_inside),
      cmocka_unit_test(should_pad_the_end_so_that_arrays_stay_aligned),
      cmocka_unit_test(should_refuse_what_is_no_struct),
      cmocka_unit_test(should_refuse_a_struct_larger_than_memory),
      cmocka_unit_test(should_lay_out_what_is_just_not_too_large),
      cmocka_unit_test(should_refuse_any_depth_that_would_exhaust_the_stack),
  };
  return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
