/* The shared objects of the process: what they contain, import and export. */
#include "support.h"
#include "arkffi/library.h"
#include "arkffi/process.h"
#include <string.h>

/* What the object that contains an address should have. */
typedef struct wanted {
  const void *inside;
  const char *exported;
  bool (*imported)(const char *name);
} wanted;

static bool has_it(const void *context, const ark_object *object) {
  const wanted *query = context;
  if (!ark_object_contains(object, query->inside)) return false;
  if (query->exported && !ark_object_exports(object, query->exported)) return false;
  return !query->imported || ark_object_imports(object, query->imported);
}

static bool is_missing_name(const char *name) {
  return strcmp(name, "is_exported_nowhere") == 0;
}

static ark_library *open_library(const char *name) {
  ark_error error;
  ark_library *library = NULL;
  assert_ok(ark_library_open(name, 0, NULL, NULL, &library, &error));
  return library;
}

static void *symbol_of(const ark_library *library, const char *name) {
  ark_error error;
  void *symbol = NULL;
  assert_ok(ark_library_symbol(library, name, &symbol, &error));
  return symbol;
}

static void should_know_what_each_object_exports(void **state) {
  (void)state;
  ark_library *library = open_library(FIXTURE);
  void *symbol = symbol_of(library, "echo_i32");
  assert_true(ark_process_has(has_it, &(wanted){symbol, "echo_i32", NULL}));
  assert_true(ark_process_has(has_it, &(wanted){symbol, "echo_f64", NULL}));
  assert_false(ark_process_has(has_it, &(wanted){symbol, "echo_i3", NULL}));
  assert_false(ark_process_has(has_it, &(wanted){symbol, "strlen", NULL}));
  ark_library_close(library);
}

static void should_know_what_each_object_imports(void **state) {
  (void)state;
  ark_library *lacking = open_library(LACKING), *library = open_library(FIXTURE);
  assert_false(ark_process_has(has_it, &(wanted){symbol_of(library, "echo_i32"), NULL, is_missing_name}));
  ark_library_close(library);
  void *symbol = symbol_of(lacking, "lacking_call");
  assert_true(ark_process_has(has_it, &(wanted){symbol, NULL, is_missing_name}));
  ark_library_close(lacking);
}

static void should_count_what_is_loaded(void **state) {
  (void)state;
  uint64_t before = ark_process_loads();
  assert_int_equal(ark_process_loads(), before);
  ark_library_close(open_library(FIXTURE));
  assert_true(ark_process_loads() > before);
}

static void should_find_no_object_at_an_address_outside(void **state) {
  (void)state;
  int local = 0;
  assert_false(ark_process_has(has_it, &(wanted){&local, NULL, NULL}));
  assert_false(ark_process_has(has_it, &(wanted){NULL, NULL, NULL}));
  assert_true(ark_process_has(has_it, &(wanted){(const void *)(uintptr_t)ark_process_has, NULL, NULL}));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_know_what_each_object_exports),
      cmocka_unit_test(should_know_what_each_object_imports),
      cmocka_unit_test(should_count_what_is_loaded),
      cmocka_unit_test(should_find_no_object_at_an_address_outside),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
