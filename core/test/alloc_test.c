#include "support.h"

static void should_return_zeroed_memory(void **state) {
  (void)state;
  /* Dirty memory first, so that zeros cannot be those of new pages. */
  for (int round = 0; round < 2; round++) {
    unsigned char *block = ark_alloc(100, 3);
    assert_non_null(block);
    for (size_t i = 0; i < 300; i++) assert_int_equal(block[i], 0);
    memset(block, 0xFF, 300);
    ark_free(block);
  }
}

static void should_refuse_a_size_that_overflows(void **state) {
  (void)state;
  assert_null(ark_alloc(SIZE_MAX, 2));
  assert_null(ark_alloc(2, SIZE_MAX));
  assert_null(ark_alloc(SIZE_MAX / 2 + 1, 2));
  assert_null(ark_copy_text("", SIZE_MAX));
}

static void should_distinguish_an_empty_block_from_a_failure(void **state) {
  (void)state;
  void *block = ark_alloc(0, 8);
  assert_non_null(block);
  ark_free(block);
  block = ark_alloc(8, 0);
  assert_non_null(block);
  ark_free(block);
}

static void should_resize_and_keep_the_content(void **state) {
  (void)state;
  char *block = ark_resize(NULL, 4);
  assert_non_null(block);
  memcpy(block, "abc", 4);
  block = ark_resize(block, 100000);
  assert_non_null(block);
  assert_string_equal(block, "abc");
  ark_free(block);
}

static void should_copy_text_of_a_length(void **state) {
  (void)state;
  char *copy = ark_copy_text("abcdef", 3);
  assert_string_equal(copy, "abc");
  ark_free(copy);
  copy = ark_copy_text("", 0);
  assert_string_equal(copy, "");
  ark_free(copy);
}

static void should_ignore_a_null_block(void **state) {
  (void)state;
  ark_free(NULL);
}

static void should_go_through_the_allocator_that_is_set(void **state) {
  (void)state;
  allocations_start();
  void *first = ark_alloc(1, 1), *second = ark_resize(NULL, 1), *third = ark_copy_text("a", 1);
  assert_int_equal(allocations_alive(), 3);
  ark_free(first);
  ark_free(second);
  assert_int_equal(allocations_alive(), 1);
  ark_free(third);
  assert_int_equal(allocations_alive(), 0);

  allocations_stop();
  ark_free(ark_alloc(1, 1));
  void *block = ark_alloc(1, 1);
  assert_int_equal(allocations_alive(), 0);
  ark_free(block);
}

static void should_report_a_failure_of_the_allocator(void **state) {
  (void)state;
  allocations_start();
  allocations_fail(1);
  assert_null(ark_alloc(1, 1));
  allocations_fail(1);
  assert_null(ark_resize(NULL, 1));
  allocations_fail(1);
  assert_null(ark_copy_text("a", 1));

  /* The block is unchanged. */
  char *block = ark_copy_text("abc", 3);
  allocations_fail(1);
  assert_null(ark_resize(block, 100000));
  assert_true(allocations_failed());
  assert_string_equal(block, "abc");
  ark_free(block);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_return_zeroed_memory),
      cmocka_unit_test(should_refuse_a_size_that_overflows),
      cmocka_unit_test(should_distinguish_an_empty_block_from_a_failure),
      cmocka_unit_test(should_resize_and_keep_the_content),
      cmocka_unit_test(should_copy_text_of_a_length),
      cmocka_unit_test(should_ignore_a_null_block),
      cmocka_unit_test(should_go_through_the_allocator_that_is_set),
      cmocka_unit_test(should_report_a_failure_of_the_allocator),
  };
  return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}
