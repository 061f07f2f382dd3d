/* What is looked for, and read, before a library is opened. */
#include "support.h"
#include "arkffi/library.h"
#include "os/files.h"
#include "os/loader.h"

#define NAMED "libarkffi_named.so"
#define SECOND FOLDERS "/second"

static int searches, readings;

bool __real_ark__find_loadable(const char *name, char *out, size_t size);
bool __wrap_ark__find_loadable(const char *name, char *out, size_t size);
bool __wrap_ark__find_loadable(const char *name, char *out, size_t size) {
  searches++;
  return __real_ark__find_loadable(name, out, size);
}

bool __real_ark__find_replaced(const char *path, char *name, size_t size);
bool __wrap_ark__find_replaced(const char *path, char *name, size_t size);
bool __wrap_ark__find_replaced(const char *path, char *name, size_t size) {
  readings++;
  return __real_ark__find_replaced(path, name, size);
}

static ark_library *open_library(const char *name, unsigned flags) {
  ark_error error;
  ark_library *library = NULL;
  searches = readings = 0;
  assert_ok(ark_library_open(name, flags, SECOND, NULL, &library, &error));
  return library;
}

static void should_be_looked_for_and_read_if_that_decides_how_it_is_opened(void **state) {
  (void)state;
  ark_library *library = open_library(NAMED, 0);
  assert_int_equal(searches, 1);
  assert_int_equal(readings, 1); /* the file in SECOND, which the loader does not find by its name */
  ark_library_close(library);
}

static void should_not_be_read_if_the_flags_decide(void **state) {
  (void)state;
  static const unsigned flags[] = {ARK_OPEN_SHALLOW, ARK_OPEN_DEEP};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    if (flags[i] == ARK_OPEN_DEEP && !ark__can_open_deep()) continue; /* a sanitizer ends the process */
    ark_library_close(open_library(LIBM, flags[i]));
    assert_int_equal(searches + readings, 0);
    ark_library_close(open_library(SECOND "/" NAMED, flags[i]));
    assert_int_equal(searches + readings, 0);
  }
}

static void should_not_be_read_if_it_is_loaded(void **state) {
  (void)state;
  ark_library *library = open_library(SECOND "/" NAMED, 0);
  if (LOADER_UNMAPS) assert_int_equal(readings, 1); /* otherwise it is loaded since the first test */
  ark_library_close(open_library(SECOND "/" NAMED, 0));
  assert_int_equal(readings, 0);
  ark_library_close(library);
  ark_library_close(open_library(LIBC, 0));
  assert_int_equal(searches + readings, 0);
  ark_library_close(open_library(NULL, 0));
  assert_int_equal(searches + readings, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_be_looked_for_and_read_if_that_decides_how_it_is_opened),
      cmocka_unit_test(should_not_be_read_if_the_flags_decide),
      cmocka_unit_test(should_not_be_read_if_it_is_loaded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
