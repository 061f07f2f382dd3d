#include "support.h"
#include "arkffi/handles.h"

/* The objects of the handles; only their addresses matter. */
static char objects[1000];

static ark_handle add(ark_handles *handles, void *object) {
  ark_error error;
  ark_handle handle = 0;
  assert_ok(ark_handles_add(handles, object, &handle, &error));
  return handle;
}

static void assert_state(const ark_handles *handles, ark_handle handle, ark_handle_state expected, void *object) {
  void *found = objects + 999;
  assert_int_equal(ark_handles_get(handles, handle, &found), expected);
  assert_ptr_equal(found, object);
}

static void should_find_what_it_names(void **state) {
  (void)state;
  ark_handles handles;
  ark_handles_init(&handles);
  ark_handle first = add(&handles, objects), second = add(&handles, objects + 1);
  assert_int_not_equal(first, second);
  assert_state(&handles, first, ARK_HANDLE_OPEN, objects);
  assert_state(&handles, second, ARK_HANDLE_OPEN, objects + 1);
  ark_handles_destroy(&handles);
}

static void should_give_the_same_object_two_names(void **state) {
  (void)state;
  ark_handles handles;
  ark_handles_init(&handles);
  ark_handle first = add(&handles, objects), second = add(&handles, objects);
  assert_int_not_equal(first, second);
  ark_handles_remove(&handles, first);
  assert_state(&handles, first, ARK_HANDLE_CLOSED, NULL);
  assert_state(&handles, second, ARK_HANDLE_OPEN, objects);
  ark_handles_destroy(&handles);
}

static void should_distinguish_closed_handles_from_unknown_ones(void **state) {
  (void)state;
  ark_handles handles;
  ark_handles_init(&handles);
  ark_handle handle = add(&handles, objects);
  ark_handles_remove(&handles, handle);
  assert_state(&handles, handle, ARK_HANDLE_CLOSED, NULL);
  ark_handles_remove(&handles, handle);
  assert_state(&handles, handle, ARK_HANDLE_CLOSED, NULL);

  /* The index is used again, and the old handle stays closed. */
  ark_handle next = add(&handles, objects + 1);
  assert_int_not_equal(next, handle);
  assert_state(&handles, handle, ARK_HANDLE_CLOSED, NULL);
  assert_state(&handles, next, ARK_HANDLE_OPEN, objects + 1);
  ark_handles_remove(&handles, handle);
  assert_state(&handles, next, ARK_HANDLE_OPEN, objects + 1);
  ark_handles_destroy(&handles);
}

static void should_know_no_number_it_did_not_give_out(void **state) {
  (void)state;
  ark_handles handles;
  ark_handles_init(&handles);
  static const ark_handle numbers[] = {0, 1, 2, 1u << 20, 1ull << 53, 1ull << 63, UINT64_MAX};
  for (size_t i = 0; i < COUNT_OF(numbers); i++) assert_state(&handles, numbers[i], ARK_HANDLE_UNKNOWN, NULL);

  ark_handle handle = add(&handles, objects);
  for (size_t i = 0; i < COUNT_OF(numbers); i++) assert_state(&handles, numbers[i], ARK_HANDLE_UNKNOWN, NULL);
  /* A handle with one other bit has another index, generation or table, or too many bits. */
  for (unsigned bit = 0; bit < 64; bit++) {
    assert_state(&handles, handle ^ UINT64_C(1) << bit, ARK_HANDLE_UNKNOWN, NULL);
    ark_handles_remove(&handles, handle ^ UINT64_C(1) << bit);
  }
  assert_state(&handles, handle, ARK_HANDLE_OPEN, objects);
  ark_handles_destroy(&handles);
}

static void should_know_no_handle_of_another_table(void **state) {
  (void)state;
  ark_handles left, right;
  ark_handles_init(&left);
  ark_handles_init(&right);
  ark_handle in_left = add(&left, objects), in_right = add(&right, objects + 1);
  assert_state(&left, in_right, ARK_HANDLE_UNKNOWN, NULL);
  assert_state(&right, in_left, ARK_HANDLE_UNKNOWN, NULL);
  ark_handles_remove(&left, in_right);
  assert_state(&right, in_right, ARK_HANDLE_OPEN, objects + 1);
  ark_handles_destroy(&left);
  ark_handles_destroy(&right);
}

static void should_be_whole_numbers_to_javascript_and_never_zero(void **state) {
  (void)state;
  /* More tables than a handle can distinguish. */
  for (int i = 0; i < 20000; i++) {
    ark_handles handles;
    ark_handles_init(&handles);
    ark_handle handle = add(&handles, objects);
    assert_true(handle > 0 && handle < UINT64_C(1) << 53);
    assert_state(&handles, handle, ARK_HANDLE_OPEN, objects);
    ark_handles_destroy(&handles);
  }
}

static void should_never_give_out_a_number_twice(void **state) {
  (void)state;
  ark_handles handles;
  ark_handles_init(&handles);
  ark_handle first = add(&handles, objects), previous = first;
  ark_handles_remove(&handles, first);
  /* An index has a million handles; after that, another index is used. */
  for (int i = 0; i < 1100000; i++) {
    ark_handle handle = add(&handles, objects);
    if (handle == first || handle == previous) fail_msg("%llx came again", (unsigned long long)handle);
    void *object;
    if (ark_handles_get(&handles, previous, &object) != ARK_HANDLE_CLOSED) fail_msg("an old handle is not closed");
    ark_handles_remove(&handles, handle);
    previous = handle;
  }
  assert_state(&handles, first, ARK_HANDLE_CLOSED, NULL);
  ark_handles_destroy(&handles);
}

static void should_name_a_million_objects_and_refuse_one_more(void **state) {
  (void)state;
  enum { LIMIT = 1 << 20 };
  ark_handles handles;
  ark_handles_init(&handles);
  ark_handle *given = malloc(LIMIT * sizeof *given);
  for (size_t i = 0; i < LIMIT; i++) given[i] = add(&handles, objects + i % 999);
  ark_error error;
  ark_handle handle;
  assert_fails(ARK_NO_MEMORY, ark_handles_add(&handles, objects, &handle, &error));
  for (size_t i = 0; i < LIMIT; i++) {
    void *object;
    if (ark_handles_get(&handles, given[i], &object) != ARK_HANDLE_OPEN || object != objects + i % 999) {
      fail_msg("handle %zu is lost", i);
    }
  }
  /* Closing one makes room for one. */
  ark_handles_remove(&handles, given[LIMIT / 2]);
  handle = add(&handles, objects);
  assert_state(&handles, handle, ARK_HANDLE_OPEN, objects);
  free(given);
  ark_handles_destroy(&handles);
}

static void should_visit_every_open_object_once(void **state) {
  (void)state;
  ark_handles handles;
  ark_handles_init(&handles);
  uint32_t cursor = 0;
  assert_null(ark_handles_next(&handles, &cursor));

  ark_handle given[100];
  for (size_t i = 0; i < 100; i++) given[i] = add(&handles, objects + i);
  for (size_t i = 0; i < 100; i += 3) ark_handles_remove(&handles, given[i]);
  bool seen[100] = {false};
  size_t count = 0;
  cursor = 0;
  for (char *object; (object = ark_handles_next(&handles, &cursor)); count++) {
    assert_false(seen[object - objects]);
    seen[object - objects] = true;
  }
  for (size_t i = 0; i < 100; i++) assert_int_equal(seen[i], i % 3 != 0);
  assert_int_equal(count, 66);
  ark_handles_destroy(&handles);
}

static void should_allow_removal_while_visiting(void **state) {
  (void)state;
  ark_handles handles;
  ark_handles_init(&handles);
  ark_handle given[100];
  for (size_t i = 0; i < 100; i++) given[i] = add(&handles, objects + i);
  size_t visited = 0;
  uint32_t cursor = 0;
  for (char *object; (object = ark_handles_next(&handles, &cursor)); visited++) {
    /* Removes the object that was found, and one that was not found yet. */
    ark_handles_remove(&handles, given[object - objects]);
    ark_handles_remove(&handles, given[99 - (object - objects)]);
  }
  assert_int_equal(visited, 50);
  cursor = 0;
  assert_null(ark_handles_next(&handles, &cursor));
  ark_handles_destroy(&handles);
}

static void should_know_no_handle_after_it_was_destroyed(void **state) {
  (void)state;
  allocations_start();
  ark_handles handles;
  ark_handles_init(&handles);
  ark_handle handle = add(&handles, objects);
  ark_handles_destroy(&handles);
  assert_int_equal(allocations_alive(), 0);
  assert_state(&handles, handle, ARK_HANDLE_UNKNOWN, NULL);
  ark_handles_remove(&handles, handle);
  uint32_t cursor = 0;
  assert_null(ark_handles_next(&handles, &cursor));
  allocations_stop();
}

static void should_keep_its_handles_when_memory_runs_out(void **state) {
  (void)state;
  allocations_start();
  ark_handles handles;
  ark_handles_init(&handles);
  assert_int_equal(allocations_alive(), 0);
  ark_handle given[100];
  size_t count = 0, refused = 0;
  while (count < 100) {
    ark_error error;
    allocations_fail(refused <= count / 10 ? 1 : 0);
    ark_status status = ark_handles_add(&handles, objects + count, &given[count], &error);
    assert_int_equal(status, allocations_failed() ? ARK_NO_MEMORY : ARK_OK);
    if (status) {
      refused++;
    } else {
      count++;
    }
  }
  assert_true(refused > 0);
  for (size_t i = 0; i < count; i++) assert_state(&handles, given[i], ARK_HANDLE_OPEN, objects + i);
  ark_handles_destroy(&handles);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_find_what_it_names),
      cmocka_unit_test(should_give_the_same_object_two_names),
      cmocka_unit_test(should_distinguish_closed_handles_from_unknown_ones),
      cmocka_unit_test(should_know_no_number_it_did_not_give_out),
      cmocka_unit_test(should_know_no_handle_of_another_table),
      cmocka_unit_test(should_be_whole_numbers_to_javascript_and_never_zero),
      cmocka_unit_test(should_never_give_out_a_number_twice),
      cmocka_unit_test(should_name_a_million_objects_and_refuse_one_more),
      cmocka_unit_test(should_visit_every_open_object_once),
      cmocka_unit_test(should_allow_removal_while_visiting),
      cmocka_unit_test(should_know_no_handle_after_it_was_destroyed),
      cmocka_unit_test(should_keep_its_handles_when_memory_runs_out),
  };
  return cmocka_run_group_tests_name("handles", tests, NULL, NULL);
}
