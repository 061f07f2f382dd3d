#include "support.h"
#include <stdalign.h>
#include <wchar.h>

/* What each type is to be, written down a second time on purpose. */
static const struct {
  ark_type_id id;
  char code;
  ark_kind kind;
  size_t size, align;
  const char *c_name;
} expected[] = {
    {ARK_TYPE_VOID, 'v', ARK_KIND_VOID, 0, 0, "void"},
    {ARK_TYPE_BOOL, 'b', ARK_KIND_BOOL, 1, 1, "bool"},
    {ARK_TYPE_INT8, 'c', ARK_KIND_SIGNED, 1, 1, "int8_t"},
    {ARK_TYPE_UINT8, 'C', ARK_KIND_UNSIGNED, 1, 1, "uint8_t"},
    {ARK_TYPE_INT16, 'h', ARK_KIND_SIGNED, 2, alignof(int16_t), "int16_t"},
    {ARK_TYPE_UINT16, 'H', ARK_KIND_UNSIGNED, 2, alignof(uint16_t), "uint16_t"},
    {ARK_TYPE_INT32, 'i', ARK_KIND_SIGNED, 4, alignof(int32_t), "int32_t"},
    {ARK_TYPE_UINT32, 'I', ARK_KIND_UNSIGNED, 4, alignof(uint32_t), "uint32_t"},
    {ARK_TYPE_INT64, 'l', ARK_KIND_SIGNED, 8, alignof(int64_t), "int64_t"},
    {ARK_TYPE_UINT64, 'L', ARK_KIND_UNSIGNED, 8, alignof(uint64_t), "uint64_t"},
    {ARK_TYPE_BIGINT64, 'q', ARK_KIND_SIGNED, 8, alignof(int64_t), "int64_t"},
    {ARK_TYPE_BIGUINT64, 'Q', ARK_KIND_UNSIGNED, 8, alignof(uint64_t), "uint64_t"},
    {ARK_TYPE_FLOAT, 'f', ARK_KIND_FLOAT, 4, alignof(float), "float"},
    {ARK_TYPE_DOUBLE, 'd', ARK_KIND_FLOAT, 8, alignof(double), "double"},
    {ARK_TYPE_STRING, 's', ARK_KIND_STRING, sizeof(char *), alignof(char *), "const char *"},
    {ARK_TYPE_STRING16, 'S', ARK_KIND_STRING, sizeof(char *), alignof(char *), "const uint16_t *"},
    {ARK_TYPE_WSTRING, 'w', ARK_KIND_STRING, sizeof(char *), alignof(char *), "const wchar_t *"},
    {ARK_TYPE_LATIN1, 't', ARK_KIND_STRING, sizeof(char *), alignof(char *), "const char *"},
    {ARK_TYPE_POINTER, 'p', ARK_KIND_POINTER, sizeof(void *), alignof(void *), "void *"},
    {ARK_TYPE_CALLBACK, 'k', ARK_KIND_POINTER, sizeof(void *), alignof(void *), "void *"},
};

static void should_know_each_type_by_its_code_and_its_id(void **state) {
  (void)state;
  assert_int_equal(COUNT_OF(expected), ARK_TYPE_COUNT);
  for (size_t i = 0; i < COUNT_OF(expected); i++) {
    const ark_type *type = ark_type_of_code(expected[i].code);
    assert_non_null(type);
    assert_ptr_equal(type, ark_type_of_id(expected[i].id));
    assert_int_equal(type->id, expected[i].id);
    assert_int_equal(type->code, expected[i].code);
    assert_int_equal(type->kind, expected[i].kind);
    assert_int_equal(type->size, expected[i].size);
    assert_int_equal(type->align, expected[i].align);
    assert_string_equal(type->c_name, expected[i].c_name);
  }
}

static void should_know_no_other_code(void **state) {
  (void)state;
  size_t known = 0;
  for (int code = 0; code < 256; code++) known += ark_type_of_code((char)code) != NULL;
  assert_int_equal(known, ARK_TYPE_COUNT);
}

static void should_know_the_limits_of_integers(void **state) {
  (void)state;
  static const struct {
    char code;
    int64_t min;
    uint64_t max;
  } limits[] = {
      {'b', 0, 1},          {'c', INT8_MIN, INT8_MAX},   {'C', 0, UINT8_MAX},  {'h', INT16_MIN, INT16_MAX},
      {'H', 0, UINT16_MAX}, {'i', INT32_MIN, INT32_MAX}, {'I', 0, UINT32_MAX}, {'l', INT64_MIN, INT64_MAX},
      {'L', 0, UINT64_MAX}, {'q', INT64_MIN, INT64_MAX}, {'Q', 0, UINT64_MAX},
  };
  for (size_t i = 0; i < COUNT_OF(limits); i++) {
    const ark_type *type = ark_type_of_code(limits[i].code);
    assert_int_equal(ark_type_min(type), limits[i].min);
    assert_int_equal(ark_type_max(type), limits[i].max);
  }
}

static void should_resolve_names_that_differ_between_platforms(void **state) {
  (void)state;
  const ark_type *type = ark_type_of_alias("long");
  assert_int_equal(type->size, sizeof(long));
  assert_int_equal(type->kind, ARK_KIND_SIGNED);
  type = ark_type_of_alias("ulong");
  assert_int_equal(type->size, sizeof(unsigned long));
  assert_int_equal(type->kind, ARK_KIND_UNSIGNED);
  type = ark_type_of_alias("wchar");
  assert_int_equal(type->size, sizeof(wchar_t));
  assert_int_equal(type->kind, (wchar_t)-1 < (wchar_t)1 ? ARK_KIND_SIGNED : ARK_KIND_UNSIGNED);
  /* A long is never one of the types whose results are always a bigint. */
  assert_int_not_equal(ark_type_of_alias("long")->id, ARK_TYPE_BIGINT64);
  assert_int_not_equal(ark_type_of_alias("ulong")->id, ARK_TYPE_BIGUINT64);
}

static void should_resolve_no_other_name(void **state) {
  (void)state;
  assert_null(ark_type_of_alias(""));
  assert_null(ark_type_of_alias("lon"));
  assert_null(ark_type_of_alias("longs"));
  assert_null(ark_type_of_alias("LONG"));
  assert_null(ark_type_of_alias("int"));
}

static void should_list_those_names(void **state) {
  (void)state;
  bool seen_long = false, seen_ulong = false, seen_wchar = false;
  size_t count = 0;
  for (const char *name; (name = ark_type_alias(count)); count++) {
    assert_non_null(ark_type_of_alias(name));
    seen_long |= !strcmp(name, "long");
    seen_ulong |= !strcmp(name, "ulong");
    seen_wchar |= !strcmp(name, "wchar");
  }
  assert_true(seen_long && seen_ulong && seen_wchar);
  assert_null(ark_type_alias(count + 1));
  assert_null(ark_type_alias(SIZE_MAX));
}

/* Puts bytes at an odd address, between others that must not be read as part of the value. */
static ark_value load_unaligned(char code, const void *bytes, size_t size) {
  unsigned char memory[24];
  memset(memory, 0xEE, sizeof memory);
  memcpy(memory + 1, bytes, size);
  return ark_value_load(ark_type_of_code(code), memory + 1);
}

#define LOAD(code, type, value) load_unaligned(code, &(type){value}, sizeof(type))

static void should_load_values_widened_from_unaligned_memory(void **state) {
  (void)state;
  assert_value(LOAD('b', bool, true), of_u64(1));
  assert_value(LOAD('b', bool, false), of_u64(0));
  assert_value(LOAD('c', int8_t, -1), of_i64(-1));
  assert_value(LOAD('c', int8_t, INT8_MAX), of_i64(INT8_MAX));
  assert_value(LOAD('C', uint8_t, UINT8_MAX), of_u64(UINT8_MAX));
  assert_value(LOAD('h', int16_t, INT16_MIN), of_i64(INT16_MIN));
  assert_value(LOAD('H', uint16_t, UINT16_MAX), of_u64(UINT16_MAX));
  assert_value(LOAD('i', int32_t, INT32_MIN), of_i64(INT32_MIN));
  assert_value(LOAD('I', uint32_t, UINT32_MAX), of_u64(UINT32_MAX));
  assert_value(LOAD('l', int64_t, INT64_MIN), of_i64(INT64_MIN));
  assert_value(LOAD('L', uint64_t, UINT64_MAX), of_u64(UINT64_MAX));
  assert_value(LOAD('q', int64_t, -2), of_i64(-2));
  assert_value(LOAD('Q', uint64_t, UINT64_MAX - 1), of_u64(UINT64_MAX - 1));
  assert_value(LOAD('f', float, -0.5f), of_f32(-0.5f));
  assert_value(LOAD('d', double, -0.5), of_f64(-0.5));
  static const char text[] = "text";
  assert_value(LOAD('s', const char *, text), of_pointer(text));
  assert_value(LOAD('S', const char *, text), of_pointer(text));
  assert_value(LOAD('p', const char *, text), of_pointer(text));
  assert_value(LOAD('k', const char *, NULL), of_pointer(NULL));
}

static void should_widen_whatever_lies_above_a_narrow_value(void **state) {
  (void)state;
  static const struct {
    char code;
    uint64_t bits, widened;
  } cases[] = {
      {'v', 0x1122334455667788, 0},
      {'b', 0xFFFFFFFFFFFFFF00, 0},
      {'b', 0xFFFFFFFFFFFFFF01, 1},
      {'b', 0x80, 1},
      {'c', 0x112233445566777F, 0x7F},
      {'c', 0x1122334455667780, 0xFFFFFFFFFFFFFF80},
      {'C', 0xFFFFFFFFFFFFFF80, 0x80},
      {'h', 0x1122334455668000, 0xFFFFFFFFFFFF8000},
      {'h', 0xFFFFFFFFFFFF7FFF, 0x7FFF},
      {'H', 0xFFFFFFFFFFFF8000, 0x8000},
      {'i', 0x1122334480000000, 0xFFFFFFFF80000000},
      {'i', 0xFFFFFFFF7FFFFFFF, 0x7FFFFFFF},
      {'I', 0xFFFFFFFF80000000, 0x80000000},
      {'l', 0x8000000000000001, 0x8000000000000001},
      {'L', 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF},
      {'q', 0x8000000000000001, 0x8000000000000001},
      {'Q', 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF},
      {'f', 0xFFFFFFFF3F800000, 0x3F800000},
      {'d', 0xFFF0000000000000, 0xFFF0000000000000},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    ark_value widened = ark_value_widen(ark_type_of_code(cases[i].code), of_u64(cases[i].bits));
    if (widened.bits != cases[i].widened) {
      fail_msg("'%c': %016llx widened to %016llx", cases[i].code, (unsigned long long)cases[i].bits,
               (unsigned long long)widened.bits);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_know_each_type_by_its_code_and_its_id),
      cmocka_unit_test(should_know_no_other_code),
      cmocka_unit_test(should_know_the_limits_of_integers),
      cmocka_unit_test(should_resolve_names_that_differ_between_platforms),
      cmocka_unit_test(should_resolve_no_other_name),
      cmocka_unit_test(should_list_those_names),
      cmocka_unit_test(should_load_values_widened_from_unaligned_memory),
      cmocka_unit_test(should_widen_whatever_lies_above_a_narrow_value),
  };
  return cmocka_run_group_tests_name("type", tests, NULL, NULL);
}
