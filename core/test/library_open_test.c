/* How a library is opened, and what it exports. */
#include "support.h"
#include "arkffi/library.h"
#include <dlfcn.h>

#define SECOND FOLDERS "/second"
#define NAMED "libarkffi_named.so"

/* Found by its name in the running process. */
int library_open_test_answer(int question);
int library_open_test_answer(int question) {
  return question * 2;
}

static ark_library *open_library(const char *name) {
  ark_error error;
  ark_library *library = NULL;
  assert_ok(ark_library_open(name, 0, NULL, NULL, &library, &error));
  return library;
}

static bool is_mapped(const char *path) {
  void *module = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
  if (module) dlclose(module);
  return module != NULL;
}

/* Where the loader never unmaps a library, nothing is said of it. */
static void assert_unmapped(const char *path) {
  if (LOADER_UNMAPS) assert_false(is_mapped(path));
}

/* ---- How a library is opened */

static void should_fail_at_once_or_later_where_something_is_missing(void **state) {
  (void)state;
  ark_error error;
  ark_library *library;
  assert_fails(ARK_LIBRARY_NOT_FOUND, ark_library_open(LACKING, ARK_OPEN_NOW, NULL, NULL, &library, &error));
  assert_contains(error.message, "is_exported_nowhere");
  assert_ok(ark_library_open(LACKING, 0, NULL, NULL, &library, &error));
  ark_library_close(library);
}

static void should_export_its_symbols_globally_if_opened_so(void **state) {
  (void)state;
  ark_error error;
  ark_library *library;
  assert_ok(ark_library_open(SECOND "/" NAMED, 0, NULL, NULL, &library, &error));
  assert_null(ark_process_symbol("which_folder"));
  ark_library_close(library);
  assert_ok(ark_library_open(SECOND "/" NAMED, ARK_OPEN_GLOBAL, NULL, NULL, &library, &error));
  void *symbol;
  assert_ok(ark_library_symbol(library, "which_folder", &symbol, &error));
  assert_ptr_equal(ark_process_symbol("which_folder"), symbol);
  ark_library_close(library);
}

static void should_stay_mapped_for_good_if_opened_so(void **state) {
  (void)state;
  ark_error error;
  ark_library *library;
  assert_ok(ark_library_open(FIXTURE, 0, NULL, NULL, &library, &error));
  ark_library_close(library);
  assert_unmapped(FIXTURE);
  assert_ok(ark_library_open(FIXTURE, ARK_OPEN_NODELETE, NULL, NULL, &library, &error));
  ark_library_close(library);
  assert_true(is_mapped(FIXTURE));
}

/* ---- What a library exports */

/* The kind of a name in a list: 'f', 'd', or NUL if it is not there. */
static char kind_in(const char *list, const char *name) {
  for (; *list; list += strlen(list) + 1) {
    if (strcmp(list + 1, name) == 0) return *list;
  }
  return '\0';
}

static void should_list_functions_and_data(void **state) {
  (void)state;
  ark_error error;
  char *list;
  ark_library *library = open_library(FIXTURE);
  assert_ok(ark_library_list(library, &list, &error));
  assert_int_equal(kind_in(list, "echo_i32"), 'f');
  assert_int_equal(kind_in(list, "counter"), 'd');
  assert_int_equal(kind_in(list, "strlen"), '\0');
  ark_free(list);
  ark_library_close(library);

  /* The C library has symbols of every kind, in several versions, and the names of those versions. */
  library = open_library(LIBC);
  assert_ok(ark_library_list(library, &list, &error));
  assert_int_equal(kind_in(list, "strlen"), 'f');
  assert_int_equal(kind_in(list, "environ"), 'd');
  assert_int_equal(kind_in(list, "GLIBC_2.17"), '\0');
  for (const char *at = list; *at; at += strlen(at) + 1) {
    void *symbol;
    assert_ok(ark_library_symbol(library, at + 1, &symbol, &error));
  }
  ark_free(list);
  ark_library_close(library);
}

static void should_list_what_the_whole_process_exports(void **state) {
  (void)state;
  ark_error error;
  char *list;
  ark_library *library = open_library(NULL);
  assert_ok(ark_library_list(library, &list, &error));
  assert_int_equal(kind_in(list, "library_open_test_answer"), 'f');
  assert_int_equal(kind_in(list, "strlen"), 'f');
  ark_free(list);
  ark_library_close(library);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_fail_at_once_or_later_where_something_is_missing),
      cmocka_unit_test(should_export_its_symbols_globally_if_opened_so),
      cmocka_unit_test(should_list_functions_and_data),
      cmocka_unit_test(should_list_what_the_whole_process_exports),
      cmocka_unit_test(should_stay_mapped_for_good_if_opened_so),
  };
  return cmocka_run_group_tests_name("opening libraries", tests, NULL, NULL);
}
