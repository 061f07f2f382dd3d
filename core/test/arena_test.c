#include "support.h"
#include "arkffi/arena.h"

static void should_take_the_first_bytes_without_allocating(void **state) {
  (void)state;
  allocations_start();
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  assert_non_null(ark_arena_take(&arena, sizeof scratch.bytes));
  assert_int_equal(allocations_alive(), 0);
  assert_non_null(ark_arena_take(&arena, 1));
  assert_int_equal(allocations_alive(), 1);
  ark_arena_clear(&arena);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void should_return_blocks_that_are_aligned_and_do_not_overlap(void **state) {
  (void)state;
  enum { BLOCKS = 200 };
  struct {
    unsigned char *bytes;
    size_t size;
  } taken[BLOCKS];
  allocations_start();
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  for (size_t i = 0; i < BLOCKS; i++) {
    /* Small pieces, and now and then one that does not fit into a shared block. */
    taken[i].size = i % 40 == 39 ? 5000 : random_below(20);
    taken[i].bytes = ark_arena_take(&arena, taken[i].size);
    assert_non_null(taken[i].bytes);
    assert_int_equal((uintptr_t)taken[i].bytes % _Alignof(ark_value), 0);
    memset(taken[i].bytes, (int)i, taken[i].size);
  }
  for (size_t i = 0; i < BLOCKS; i++) {
    for (size_t j = 0; j < taken[i].size; j++) assert_int_equal(taken[i].bytes[j], i);
  }
  ark_arena_clear(&arena);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void should_take_many_small_pieces_with_few_allocations(void **state) {
  (void)state;
  allocations_start();
  ark_arena arena;
  ark_arena_init(&arena, NULL);
  for (size_t i = 0; i < 100000; i++) assert_non_null(ark_arena_take(&arena, 16));
  assert_true(allocations_alive() < 40);
  ark_arena_clear(&arena);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void should_be_empty_again_after_clearing(void **state) {
  (void)state;
  allocations_start();
  ark_scratch scratch;
  ark_arena arena;
  for (int round = 0; round < 3; round++) {
    ark_arena_init(&arena, &scratch);
    assert_ptr_equal(ark_arena_take(&arena, 8), scratch.bytes);
    assert_non_null(ark_arena_take(&arena, 10000));
    assert_int_equal(allocations_alive(), 1);
    ark_arena_clear(&arena);
    assert_int_equal(allocations_alive(), 0);
  }
  allocations_stop();
}

static void should_do_without_a_first_block(void **state) {
  (void)state;
  allocations_start();
  ark_arena arena;
  ark_arena_init(&arena, NULL);
  ark_arena_clear(&arena);
  ark_arena_init(&arena, NULL);
  assert_non_null(ark_arena_take(&arena, 8));
  assert_int_equal(allocations_alive(), 1);
  ark_arena_clear(&arena);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void should_stay_usable_when_memory_runs_out(void **state) {
  (void)state;
  allocations_start();
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  char *kept = ark_arena_take(&arena, 4);
  memcpy(kept, "abc", 4);
  allocations_fail(1);
  assert_null(ark_arena_take(&arena, 10000));
  assert_true(allocations_failed());
  assert_non_null(ark_arena_take(&arena, 10000));
  assert_non_null(ark_arena_take(&arena, 4));
  assert_string_equal(kept, "abc");
  ark_arena_clear(&arena);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void should_refuse_a_size_that_overflows(void **state) {
  (void)state;
  allocations_start();
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  for (size_t less = 0; less < 64; less++) assert_null(ark_arena_take(&arena, SIZE_MAX - less));
  ark_arena_clear(&arena);
  allocations_stop();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_take_the_first_bytes_without_allocating),
      cmocka_unit_test(should_return_blocks_that_are_aligned_and_do_not_overlap),
      cmocka_unit_test(should_take_many_small_pieces_with_few_allocations),
      cmocka_unit_test(should_be_empty_again_after_clearing),
      cmocka_unit_test(should_do_without_a_first_block),
      cmocka_unit_test(should_stay_usable_when_memory_runs_out),
      cmocka_unit_test(should_refuse_a_size_that_overflows),
  };
  return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
