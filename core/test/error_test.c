#include "support.h"

static const char *const codes[] = {
    [ARK_OK] = "OK",
    [ARK_LIBRARY_NOT_FOUND] = "ERR_FFI_LIBRARY_NOT_FOUND",
    [ARK_SYMBOL_NOT_FOUND] = "ERR_FFI_SYMBOL_NOT_FOUND",
    [ARK_NOT_DEFINED] = "ERR_FFI_NOT_DEFINED",
    [ARK_LIBRARY_CLOSED] = "ERR_FFI_LIBRARY_CLOSED",
    [ARK_INVALID_HANDLE] = "ERR_FFI_INVALID_HANDLE",
    [ARK_BAD_SIGNATURE] = "ERR_FFI_BAD_SIGNATURE",
    [ARK_INVALID_ARG_TYPE] = "ERR_FFI_INVALID_ARG_TYPE",
    [ARK_OUT_OF_RANGE] = "ERR_FFI_OUT_OF_RANGE",
    [ARK_ARG_COUNT] = "ERR_FFI_ARG_COUNT",
    [ARK_BAD_ADDRESS] = "ERR_FFI_BAD_ADDRESS",
    [ARK_ARENA_CLOSED] = "ERR_FFI_ARENA_CLOSED",
    [ARK_NOT_SUPPORTED] = "ERR_FFI_NOT_SUPPORTED",
    [ARK_NULL_POINTER] = "ERR_FFI_NULL_POINTER",
    [ARK_CALLBACK_CLOSED] = "ERR_FFI_CALLBACK_CLOSED",
    [ARK_WRONG_THREAD] = "ERR_FFI_WRONG_THREAD",
    [ARK_WRONG_STACK] = "ERR_FFI_WRONG_STACK",
    [ARK_STACK_OVERFLOW] = "ERR_FFI_STACK_OVERFLOW",
    [ARK_QUEUE_FULL] = "ERR_FFI_QUEUE_FULL",
    [ARK_ABORTED] = "ERR_FFI_ABORTED",
    [ARK_TIMEOUT] = "ERR_FFI_TIMEOUT",
    [ARK_NO_ENGINE] = "ERR_FFI_NO_ENGINE",
    [ARK_NO_MEMORY] = "ERR_FFI_NO_MEMORY",
};

static void should_name_every_status(void **state) {
  (void)state;
  assert_int_equal(ARK_OK, 0);
  assert_int_equal(COUNT_OF(codes), ARK_STATUS_COUNT);
  for (size_t i = 0; i < COUNT_OF(codes); i++) {
    assert_string_equal(ark_status_code((ark_status)i), codes[i]);
    assert_non_null(ark_status_summary((ark_status)i));
    assert_true(strlen(ark_status_summary((ark_status)i)) > 0);
  }
}

static void should_have_no_name_for_an_unknown_status(void **state) {
  (void)state;
  assert_null(ark_status_code(ARK_STATUS_COUNT));
  assert_null(ark_status_code((ark_status)-1));
}

static void should_write_the_message_and_return_the_status(void **state) {
  (void)state;
  ark_error error;
  memset(&error, 'x', sizeof error);
  assert_int_equal(ark_fail(&error, ARK_ARG_COUNT, "%s: %d of %d", "add", 1, 2), ARK_ARG_COUNT);
  assert_string_equal(error.message, "add: 1 of 2");
  assert_int_equal(ark_fail_memory(&error), ARK_NO_MEMORY);
  assert_true(strlen(error.message) > 0);
}

/* A message of `lead` bytes and a run of one character that is far too long. */
static void assert_cut_on_whole_characters(size_t lead, const char *character) {
  char text[3 * ARK_ERROR_SIZE] = {0};
  memset(text, '-', lead);
  size_t width = strlen(character);
  for (size_t i = lead; i + width < sizeof text; i += width) memcpy(text + i, character, width);

  ark_error error;
  memset(&error, 'x', sizeof error);
  assert_int_equal(ark_fail(&error, ARK_NOT_DEFINED, "%s", text), ARK_NOT_DEFINED);
  assert_non_null(memchr(error.message, '\0', sizeof error.message));
  size_t length = strlen(error.message);
  assert_memory_equal(error.message, text, length);
  assert_int_equal((length - lead) % width, 0);
  /* Only the one character that did not fit is lost. */
  assert_true(length + width > ARK_ERROR_SIZE - 1);
}

static void should_cut_a_long_message_on_a_whole_character(void **state) {
  (void)state;
  static const char *const characters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
  for (size_t lead = 0; lead < 4; lead++) {
    for (size_t i = 0; i < COUNT_OF(characters); i++) assert_cut_on_whole_characters(lead, characters[i]);
  }
}

static void should_keep_a_message_that_just_fits(void **state) {
  (void)state;
  char text[ARK_ERROR_SIZE] = {0};
  memset(text, '-', sizeof text - 3);
  memcpy(text + sizeof text - 3, "\xC3\xA9", 3);
  ark_error error;
  ark_fail(&error, ARK_NOT_DEFINED, "%s", text);
  assert_string_equal(error.message, text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_name_every_status),
      cmocka_unit_test(should_have_no_name_for_an_unknown_status),
      cmocka_unit_test(should_write_the_message_and_return_the_status),
      cmocka_unit_test(should_cut_a_long_message_on_a_whole_character),
      cmocka_unit_test(should_keep_a_message_that_just_fits),
  };
  return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
