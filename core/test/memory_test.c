#include "support.h"
#include "arkffi/memory.h"

static const uintptr_t impossible[] = {0, 1, 8, 4096, 65535};

static void should_refuse_addresses_where_nothing_can_be(void **state) {
  (void)state;
  ark_error error;
  char bytes[4] = "abc";
  size_t length;
  for (size_t i = 0; i < COUNT_OF(impossible); i++) {
    assert_fails(ARK_NULL_POINTER, ark_address_check(impossible[i], "widget", &error));
    assert_contains(error.message, "widget");
    assert_fails(ARK_NULL_POINTER, ark_memory_read(impossible[i], "widget", bytes, 1, &error));
    assert_contains(error.message, "widget");
    assert_fails(ARK_NULL_POINTER, ark_memory_write(impossible[i], "widget", bytes, 1, &error));
    assert_contains(error.message, "widget");
    assert_fails(ARK_NULL_POINTER, ark_string_length(impossible[i], "widget", &length, &error));
    assert_contains(error.message, "widget");
    assert_fails(ARK_NULL_POINTER, ark_string16_length(impossible[i], "widget", &length, &error));
    assert_contains(error.message, "widget");
  }
  assert_string_equal(bytes, "abc");
}

static void should_accept_every_other_address(void **state) {
  (void)state;
  ark_error error;
  assert_ok(ark_address_check(65536, "widget", &error));
  assert_ok(ark_address_check((uintptr_t)&error, "widget", &error));
  assert_ok(ark_address_check(UINTPTR_MAX, "widget", &error));
}

static void should_never_fail_for_no_bytes(void **state) {
  (void)state;
  ark_error error;
  for (size_t i = 0; i < COUNT_OF(impossible); i++) {
    assert_ok(ark_memory_read(impossible[i], "widget", NULL, 0, &error));
    assert_ok(ark_memory_write(impossible[i], "widget", NULL, 0, &error));
  }
}

static void should_read_and_write_just_the_bytes_asked_for(void **state) {
  (void)state;
  ark_error error;
  char memory[] = "0123456789", out[] = "----------";
  assert_ok(ark_memory_read((uintptr_t)memory + 3, "widget", out + 1, 4, &error));
  assert_string_equal(out, "-3456-----");
  assert_ok(ark_memory_write((uintptr_t)memory + 5, "widget", "xyz", 3, &error));
  assert_string_equal(memory, "01234xyz89");
}

static void should_move_bytes_that_overlap(void **state) {
  (void)state;
  ark_error error;
  char memory[] = "0123456789";
  assert_ok(ark_memory_write((uintptr_t)memory + 2, "widget", memory, 8, &error));
  assert_string_equal(memory, "0101234567");
}

static void should_measure_strings(void **state) {
  (void)state;
  ark_error error;
  size_t length = 99;
  assert_ok(ark_string_length((uintptr_t) "", "widget", &length, &error));
  assert_int_equal(length, 0);
  assert_ok(ark_string_length((uintptr_t) "a\xF0\x9F\x98\x80", "widget", &length, &error));
  assert_int_equal(length, 5);
}

static void should_measure_strings_of_16_bit_units(void **state) {
  (void)state;
  ark_error error;
  size_t length = 99;
  assert_ok(ark_string16_length((uintptr_t)(const uint16_t[]){0}, "widget", &length, &error));
  assert_int_equal(length, 0);
  /* Units with one byte zero end nothing. */
  assert_ok(
      ark_string16_length((uintptr_t)(const uint16_t[]){'a', 0x100, 0xD83D, 0xDE00, 0}, "widget", &length, &error));
  assert_int_equal(length, 4);
}

static void should_measure_a_string_of_16_bit_units_at_an_odd_address(void **state) {
  (void)state;
  ark_error error;
  size_t length = 99;
  const uint16_t text[] = {'a', 0x100, 'b', 0};
  unsigned char memory[sizeof text + 1];
  memset(memory, 0xEE, sizeof memory);
  memcpy(memory + 1, text, sizeof text);
  assert_ok(ark_string16_length((uintptr_t)memory + 1, "widget", &length, &error));
  assert_int_equal(length, 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_refuse_addresses_where_nothing_can_be),
      cmocka_unit_test(should_accept_every_other_address),
      cmocka_unit_test(should_never_fail_for_no_bytes),
      cmocka_unit_test(should_read_and_write_just_the_bytes_asked_for),
      cmocka_unit_test(should_move_bytes_that_overlap),
      cmocka_unit_test(should_measure_strings),
      cmocka_unit_test(should_measure_strings_of_16_bit_units),
      cmocka_unit_test(should_measure_a_string_of_16_bit_units_at_an_odd_address),
  };
  return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
