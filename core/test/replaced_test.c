/* Libraries whose functions the program has as well. */
#include "support.h"
#include "arkffi/library.h"
#include "os/loader.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IN(folder, file) FOLDERS "/" folder "/" file

/* The program's own; the libraries call it where they are not opened deep. */
const char *replaced_name(void);
const char *replaced_name(void) {
  return "program";
}

/* Opens a library and calls one of its functions, which returns a text. */
static const char *result_of(const char *path, unsigned flags, const char *function, bool *has_warning) {
  ark_error error;
  ark_library *library;
  void *symbol;
  assert_ok(ark_library_open(path, flags, NULL, NULL, &library, &error));
  assert_ok(ark_library_symbol(library, function, &symbol, &error));
  const char *result = strcmp(((const char *(*)(void))symbol)(), "program") == 0 ? "program" : "library";
  const char *replaced = ark_library_replaced(library);
  if (replaced) assert_string_equal(replaced, "replaced_name");
  *has_warning = replaced != NULL;
  ark_library_close(library);
  return result;
}

static void should_call_their_own_functions(void **state) {
  (void)state;
  static const struct {
    const char *path, *function;
  } cases[] = {{IN("replaced", "libarkffi_replaced.so"), "replaced_call"},
               {IN("replaced", "libarkffi_needing.so"), "replaced_call_needed"}};
  bool is_possible = ark__can_open_deep(), has_warning;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *result = result_of(cases[i].path, 0, cases[i].function, &has_warning);
    assert_string_equal(result, is_possible ? "library" : "program");
    assert_int_equal(has_warning, !is_possible);
    assert_string_equal(result_of(cases[i].path, ARK_OPEN_SHALLOW, cases[i].function, &has_warning), "program");
    assert_false(has_warning);
  }
}

static void should_not_be_named_when_they_look_in_themselves_first(void **state) {
  (void)state;
  bool has_warning;
  const char *path = IN("replaced", "libarkffi_symbolic.so");
  char name[64];
  assert_true(ark__find_replaced(path, name, sizeof name));
  assert_string_equal(name, "");
  assert_string_equal(result_of(path, 0, "replaced_call", &has_warning), "library");
  assert_false(has_warning);
}

static void should_not_be_named_when_the_program_has_nothing_of_theirs(void **state) {
  (void)state;
  char name[64];
  static const char *const paths[] = {FIXTURE, IN("broken", "libarkffi_broken.so"), IN("broken", "nowhere.so")};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    assert_true(ark__find_replaced(paths[i], name, sizeof name));
    assert_string_equal(name, "");
  }
}

static void should_be_left_as_they_were_opened_first(void **state) {
  (void)state;
  ark_error error;
  ark_library *library;
  bool has_warning;
  const char *path = IN("replaced", "libarkffi_replaced.so");
  assert_ok(ark_library_open(path, ARK_OPEN_SHALLOW, NULL, NULL, &library, &error));
  assert_string_equal(result_of(path, 0, "replaced_call", &has_warning), "program");
  assert_false(has_warning);
  ark_library_close(library);
}

/* ---- Files that are damaged */

typedef struct whole_file {
  unsigned char *bytes;
  size_t size;
} whole_file;

static whole_file read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  whole_file read = {.size = (size_t)ftell(file)};
  read.bytes = malloc(read.size);
  rewind(file);
  assert_int_equal(fread(read.bytes, 1, read.size, file), read.size);
  fclose(file);
  return read;
}

static void write_file(const char *path, whole_file content) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(content.bytes, 1, content.size, file), content.size);
  assert_int_equal(fclose(file), 0);
}

/* Whatever the file has, it is read without a fault. Each round damages a few places, most of them where the headers
 * and the tables are. */
static void should_be_read_when_damaged(void **state) {
  (void)state;
  char path[] = FOLDERS "/damaged-XXXXXX", name[64];
  int made = mkstemp(path);
  assert_true(made >= 0);
  close(made);
  whole_file whole = read_file(IN("replaced", "libarkffi_replaced.so"));
  whole_file damaged = {malloc(whole.size), whole.size};
  uint64_t random = 20261129;
  for (int round = 0; round < 3000; round++) {
    memcpy(damaged.bytes, whole.bytes, whole.size);
    for (int place = 0; place < 4; place++) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      size_t range = place ? whole.size < 4096 ? whole.size : 4096 : whole.size;
      damaged.bytes[(random >> 33) % range] = (unsigned char)(round % 2 ? random >> 24 : round % 4 ? 0xff : 0);
    }
    damaged.size = round % 5 ? whole.size : (random >> 20) % whole.size;
    write_file(path, damaged);
    assert_true(ark__find_replaced(path, name, sizeof name));
  }
  remove(path);
  free(damaged.bytes);
  free(whole.bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_call_their_own_functions),
      cmocka_unit_test(should_not_be_named_when_they_look_in_themselves_first),
      cmocka_unit_test(should_not_be_named_when_the_program_has_nothing_of_theirs),
      cmocka_unit_test(should_be_left_as_they_were_opened_first),
      cmocka_unit_test(should_be_read_when_damaged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
