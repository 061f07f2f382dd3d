#include "support.h"
#include "arkffi/find_library.h"
#include <stdio.h>
#include <stdlib.h>

#define VERSIONS FOLDERS "/versions"

/* How this program was started. */
static const char *own_path;

static void assert_finds(const char *name, const char *search, const char *beside, const char *file) {
  ark_error error;
  char *found = NULL;
  assert_ok(ark_find_library(name, search, beside, &found, &error));
  assert_string_equal(found, file);
  ark_free(found);
}

static void should_find_what_the_loader_finds_by_its_versioned_name(void **state) {
  (void)state;
  assert_finds("c", NULL, NULL, LIBC);
  assert_finds("m", NULL, NULL, LIBM);
  /* The loader's folders come first, as for a bare name. */
  assert_finds("m", FOLDERS "/first", VERSIONS, LIBM);
}

static void should_take_the_highest_version_of_a_folder(void **state) {
  (void)state;
  /* Not .so.11, which is not a library; not one of another name; not one with an invalid version. */
  assert_finds("arkffi_versions", VERSIONS, NULL, "libarkffi_versions.so.2");
  assert_finds("arkffi_versions", NULL, VERSIONS, "libarkffi_versions.so.2");
  assert_finds("arkffi_versionsmore", VERSIONS, NULL, "libarkffi_versionsmore.so.9");
}

static void should_look_in_each_folder_then_beside(void **state) {
  (void)state;
  assert_finds("arkffi_named", FOLDERS "/none::" FOLDERS "/first:", NULL, "libarkffi_named.so");
  assert_finds("arkffi_named", FOLDERS "/none", FOLDERS "/beside", "libarkffi_named.so");
  assert_finds("arkffi_versions", FOLDERS "/first", VERSIONS, "libarkffi_versions.so.2");
}

static void should_find_what_the_variable_of_the_loader_says(void **state) {
  (void)state;
  /* glibc reads the variable when the process begins, so this program runs itself again. */
  char command[4096];
  const char *emulator = getenv("ARKFFI_EMULATOR");
  snprintf(command, sizeof command, "LD_LIBRARY_PATH=%s %s %s arkffi_versions", VERSIONS, emulator ? emulator : "",
           own_path);
  FILE *output = popen(command, "r");
  char line[256] = {0};
  assert_non_null(output);
  assert_non_null(fgets(line, sizeof line, output));
  assert_int_equal(pclose(output), 0);
  assert_string_equal(line, "libarkffi_versions.so.2");
}

static void should_find_a_release_that_stands_before_the_suffix(void **state) {
  (void)state;
  assert_finds("arkffi_released", VERSIONS, NULL, "libarkffi_released-2.1.so.7");
  assert_finds("arkffi_released-2.0", VERSIONS, NULL, "libarkffi_released-2.0.so.9");
  assert_finds("arkffi_both", VERSIONS, NULL, "libarkffi_both.so.1");
  assert_finds("arkffi_loose", VERSIONS, NULL, "libarkffi_loose-1.2.so");
}

#ifdef __GLIBC__
static void should_find_what_the_loader_finds_by_the_run_path(void **state) {
  (void)state;
  assert_finds("arkffi_runpath", NULL, NULL, "libarkffi_runpath.so.3");
}
#endif

static void should_suggest_the_name_inside_a_file_name(void **state) {
  (void)state;
  ark_error error;
  char *found;
  static const char *const names[] = {"libarkffi_named.so", "libarkffi_named", "arkffi_named.so.6"};
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    assert_fails(ARK_LIBRARY_NOT_FOUND, ark_find_library(names[i], FOLDERS "/first", NULL, &found, &error));
    assert_contains(error.message, "; did you mean 'arkffi_named'?");
  }
  assert_fails(ARK_LIBRARY_NOT_FOUND, ark_find_library("libarkffi_nowhere.so", NULL, NULL, &found, &error));
  assert_null(strstr(error.message, "did you mean"));
}

static void should_say_where_it_looked(void **state) {
  (void)state;
  ark_error error;
  char *found;
  const char *const names[] = {"arkffi_nowhere",          "", "/", "arkffi_named.so", "libarkffi_named",
                               "../first/libarkffi_named"};
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    assert_fails(ARK_LIBRARY_NOT_FOUND,
                 ark_find_library(names[i], FOLDERS "/first", FOLDERS "/beside", &found, &error));
    assert_contains(error.message, names[i]);
    assert_contains(error.message, FOLDERS "/first");
    assert_contains(error.message, FOLDERS "/beside");
  }
}

static int print_found(const char *name) {
  ark_error error;
  char *found;
  if (ark_find_library(name, NULL, NULL, &found, &error)) return 1;
  printf("%s", found);
  ark_free(found);
  return 0;
}

int main(int count, char **arguments) {
  if (count == 2) return print_found(arguments[1]);
  own_path = arguments[0];
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_find_what_the_loader_finds_by_its_versioned_name),
      cmocka_unit_test(should_take_the_highest_version_of_a_folder),
      cmocka_unit_test(should_look_in_each_folder_then_beside),
      cmocka_unit_test(should_find_what_the_variable_of_the_loader_says),
      cmocka_unit_test(should_find_a_release_that_stands_before_the_suffix),
#ifdef __GLIBC__
      cmocka_unit_test(should_find_what_the_loader_finds_by_the_run_path),
#endif
      cmocka_unit_test(should_suggest_the_name_inside_a_file_name),
      cmocka_unit_test(should_say_where_it_looked),
  };
  return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
