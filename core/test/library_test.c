#include "support.h"
#include "arkffi/library.h"
#include <ctype.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#define FIRST FOLDERS "/first"
#define SECOND FOLDERS "/second"
#define BESIDE FOLDERS "/beside"
#define BROKEN FOLDERS "/broken"
#define EMPTY FOLDERS "/there-is-no-such-folder"
#define NAMED "libarkffi_named" SUFFIX

static ark_library *open_library(const char *name, const char *search, const char *beside) {
  ark_error error;
  ark_library *library = NULL;
  assert_ok(ark_library_open(name, 0, search, beside, &library, &error));
  assert_non_null(library);
  return library;
}

static void *symbol_of(const ark_library *library, const char *name) {
  ark_error error;
  void *symbol = NULL;
  assert_ok(ark_library_symbol(library, name, &symbol, &error));
  assert_non_null(symbol);
  return symbol;
}

/* Whether the loader has that file in memory. */
static bool is_mapped(const char *path) {
  void *module = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
  if (module) dlclose(module);
  return module != NULL;
}

/* Where the loader never unmaps a library, nothing is said of it. */
static void assert_unmapped(const char *path) {
  if (LOADER_UNMAPS) assert_false(is_mapped(path));
}

/* ---- Where a library is found */

/* Opens a library whose name exists in several folders, and returns the folder that it came from. */
static void assert_found_in(const char *folder, const char *search, const char *beside) {
  ark_library *library = open_library(NAMED, search, beside);
  ark_c_function which = (ark_c_function)(uintptr_t)symbol_of(library, "which_folder");
  assert_string_equal(call(which, "", "s", NULL).text, folder);
  ark_library_close(library);
}

static void should_open_a_path(void **state) {
  (void)state;
  /* The search folders are for bare names only. */
  ark_library *library = open_library(FIRST "/" NAMED, SECOND, BESIDE);
  ark_c_function which = (ark_c_function)(uintptr_t)symbol_of(library, "which_folder");
  assert_string_equal(call(which, "", "s", NULL).text, "first");
  ark_library_close(library);
}

static void should_look_for_a_bare_name_in_each_folder_then_beside(void **state) {
  (void)state;
  assert_found_in("first", FIRST, BESIDE);
  assert_found_in("second", SECOND AND FIRST, BESIDE);
  assert_found_in("second", EMPTY AND AND SECOND AND, NULL);
  assert_found_in("beside", EMPTY, BESIDE);
  assert_found_in("beside", "", BESIDE);
  assert_found_in("beside", NULL, BESIDE);
}

static void should_ask_the_loader_first(void **state) {
  (void)state;
  ark_library *library = open_library(LIBC, EMPTY, EMPTY);
  ark_value text = of_pointer("four");
  assert_value(call((ark_c_function)(uintptr_t)symbol_of(library, "strlen"), "s", "L", &text), of_u64(4));
  ark_library_close(library);
}

/* Found by its name in the running process. */
int library_test_answer(int question);
int library_test_answer(int question) {
  return question * 2;
}

static void should_open_the_running_process(void **state) {
  (void)state;
  ark_library *library = open_library(NULL, NULL, NULL);
  assert_ptr_equal(symbol_of(library, "library_test_answer"), (void *)(uintptr_t)library_test_answer);
  symbol_of(library, "strlen");
  ark_library_close(library);
}

static void assert_not_found(const char *name, const char *search, const char *beside, const char *const *shown) {
  ark_error error;
  ark_library *library;
  allocations_start();
  assert_fails(ARK_LIBRARY_NOT_FOUND, ark_library_open(name, 0, search, beside, &library, &error));
  for (; *shown; shown++) assert_contains(error.message, *shown);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

#define ASSERT_NOT_FOUND(name, search, beside, ...)                                                                    \
  assert_not_found(name, search, beside, (const char *const[]){__VA_ARGS__, NULL})

static void should_say_what_was_tried_where_nothing_was_found(void **state) {
  (void)state;
  ASSERT_NOT_FOUND("libarkffi_nowhere.so", NULL, NULL, "libarkffi_nowhere.so");
  ASSERT_NOT_FOUND(EMPTY "/" NAMED, FIRST, BESIDE, EMPTY "/" NAMED);
  /* A name with a slash is a path, and is not looked for in the folders. */
  ASSERT_NOT_FOUND("first/" NAMED, FOLDERS, FOLDERS, "first/" NAMED);
  ASSERT_NOT_FOUND("libarkffi_nowhere.so", FIRST AND SECOND, BESIDE, FIRST SLASH "libarkffi_nowhere.so",
                   SECOND SLASH "libarkffi_nowhere.so", BESIDE SLASH "libarkffi_nowhere.so");
}

static size_t count_of(const char *text, const char *part) {
  size_t count = 0;
  for (; (text = strstr(text, part)); text += strlen(part)) count++;
  return count;
}

static void should_say_once_what_was_tried_twice(void **state) {
  (void)state;
  ark_error error;
  ark_library *library;
  assert_fails(ARK_LIBRARY_NOT_FOUND,
               ark_library_open("libarkffi_nowhere.so", 0, FIRST AND SECOND AND FIRST, SECOND, &library, &error));
  assert_int_equal(count_of(error.message, FIRST SLASH "libarkffi_nowhere.so"), 1);
  assert_int_equal(count_of(error.message, SECOND SLASH "libarkffi_nowhere.so"), 1);
}

static void should_skip_empty_folders(void **state) {
  (void)state;
  ark_error error;
  ark_library *library;
  assert_fails(ARK_LIBRARY_NOT_FOUND, ark_library_open("libarkffi_nowhere.so", 0, AND AND, NULL, &library, &error));
  assert_null(strstr(error.message, SLASH "libarkffi_nowhere.so"));
}

static void should_say_what_a_file_is_that_is_no_library(void **state) {
  (void)state;
  static const char *const answer = "it is text, not a library";
  ASSERT_NOT_FOUND(BROKEN "/libarkffi_broken.so", NULL, NULL, answer);
  ASSERT_NOT_FOUND("libarkffi_broken.so", BROKEN, NULL, answer);
  ASSERT_NOT_FOUND("libarkffi_broken.so", NULL, BROKEN, answer);
}

static void should_survive_any_name(void **state) {
  (void)state;
  ASSERT_NOT_FOUND("", NULL, NULL, "");
  ASSERT_NOT_FOUND("", FIRST, BESIDE, "");
  ASSERT_NOT_FOUND("/", FIRST, BESIDE, "/");
  ASSERT_NOT_FOUND(FIRST, NULL, NULL, FIRST);
  char name[5000];
  memset(name, 'n', sizeof name);
  name[sizeof name - 1] = '\0';
  ASSERT_NOT_FOUND(name, FIRST, BESIDE, "nnnn");
  name[0] = '/';
  ASSERT_NOT_FOUND(name, FIRST, BESIDE, "/nnn");
}

/* Whether every UTF-8 character of a text is whole; for texts that were valid before they were cut. */
static bool is_whole_utf8(const char *text) {
  const unsigned char *at = (const unsigned char *)text;
  while (*at) {
    size_t rest = *at >= 0xF0 ? 3 : *at >= 0xE0 ? 2 : *at >= 0xC0 ? 1 : 0;
    if (!rest && *at >= 0x80) return false;
    for (at++; rest; rest--, at++) {
      if ((*at & 0xC0) != 0x80) return false;
    }
  }
  return true;
}

static void should_cut_long_names_in_messages_on_whole_characters(void **state) {
  (void)state;
  /* Names of different lengths, so that the room of a message ends at each byte of a character. */
  for (size_t lead = 0; lead < 4; lead++) {
    char name[4 + 4 * 60 + 1] = {0}, folder[200] = "/nowhere/", search[700];
    memset(name, 'n', lead);
    for (size_t i = strlen(folder); i < 189; i += 3) memcpy(folder + i, "\xE2\x82\xAC", 3);
    snprintf(search, sizeof search, "%s" AND "%s" AND "%s", folder, folder, folder);
    /* A short name leaves room for long folder names, a long name leaves none. */
    for (size_t i = lead; i + 5 < sizeof name; i += 4) {
      memcpy(name + i, "\xF0\x9F\x98\x80", 4);
      ark_error error;
      ark_library *library;
      assert_fails(ARK_LIBRARY_NOT_FOUND, ark_library_open(name, 0, search, folder, &library, &error));
      if (!is_whole_utf8(error.message)) fail_msg("cut in a character: %s", error.message);
    }
  }
}

/* ---- Symbols */

static void should_find_functions_and_data(void **state) {
  (void)state;
  ark_library *library = open_library(FIXTURE, NULL, NULL);
  assert_ptr_equal(symbol_of(library, "echo_i32"), (void *)(uintptr_t)fixture("echo_i32"));
  assert_int_equal(*(int32_t *)symbol_of(library, "counter"), 7);
  assert_float_equal(((double *)symbol_of(library, "numbers"))[3], 3.5, 0);
  ark_library_close(library);
}

static bool has_functions(const ark_library *library, const char *names, size_t count) {
  char text[128];
  snprintf(text, sizeof text, "%s", names);
  return ark_library_has_functions(library, text, count);
}

static void should_say_whether_it_has_functions(void **state) {
  (void)state;
  ark_library *library = open_library(FIXTURE, NULL, NULL);
  assert_true(has_functions(library, "echo_i32", 1));
  assert_true(has_functions(library, "echo_i32\necho_f64\necho_i32", 3));
  assert_true(has_functions(library, "\necho_i32\n", 3));
  assert_true(has_functions(library, "", 1));
  assert_false(has_functions(library, "echo_i32\necho_i33\necho_f64", 3));
  assert_false(has_functions(library, "echo_i33", 1));
  /* A variable is none, before and behind a function. */
  assert_false(has_functions(library, "counter", 1));
  assert_false(has_functions(library, "echo_i32\ncounter", 2));
  assert_false(has_functions(library, "counter\necho_i32", 2));
  assert_false(has_functions(library, "echo_i32\necho_f64", 1));
  assert_false(has_functions(library, "echo_i32\necho_f64", 3));
  ark_library_close(library);
  /* The functions of a program lie in several objects. */
  library = open_library(NULL, NULL, NULL);
  assert_true(has_functions(library, "library_test_answer\nstrlen\nlibrary_test_answer", 3));
  ark_library_close(library);
}

static void assert_suggests(const ark_library *library, const char *wanted, const char *meant) {
  ark_error error;
  void *symbol;
  assert_fails(ARK_SYMBOL_NOT_FOUND, ark_library_symbol(library, wanted, &symbol, &error));
  assert_contains(error.message, wanted);
  char question[128];
  snprintf(question, sizeof question, "did you mean '%s'?", meant);
  assert_contains(error.message, question);
}

static void should_suggest_a_similar_name_that_is_exported(void **state) {
  (void)state;
  ark_library *library = open_library(FIXTURE, NULL, NULL);
  assert_suggests(library, "string_lenght", "string_length");
  assert_suggests(library, "stringlength", "string_length");
  assert_suggests(library, "STRING_LENGTH", "string_length");
  assert_suggests(library, "string_lengths", "string_length");
  assert_suggests(library, "conter", "counter");
  ark_library_close(library);
  library = open_library(NULL, NULL, NULL);
  assert_suggests(library, "library_test_anwser", "library_test_answer");
  /* The process exports what any library in it exports. */
  assert_suggests(library, "cmocka_set_mesage_output", "cmocka_set_message_output");
  ark_library_close(library);
}

/* A name in capitals is most similar to the same name in small letters. */
static void assert_suggests_itself(const ark_library *library, const char *format, const char *part, int number) {
  char name[64] = {0}, wanted[64];
  snprintf(name, sizeof name, format, part, number);
  for (size_t i = 0; i < sizeof name; i++) wanted[i] = (char)toupper((unsigned char)name[i]);
  assert_suggests(library, wanted, name);
}

static void should_look_at_every_name_that_is_exported(void **state) {
  (void)state;
  static const char *const types[] = {"bool",     "i8",      "u8",     "i16",     "u16",     "i32", "u32",
                                      "i64",      "u64",     "bigi64", "bigu64",  "f32",     "f64", "string",
                                      "string16", "wstring", "latin1", "pointer", "callback"};
  static const char *const families[] = {"i32", "i64", "narrow", "f32", "f64", "mixed"};
  ark_library *library = open_library(FIXTURE, NULL, NULL);
  for (size_t i = 0; i < COUNT_OF(types); i++) {
    assert_suggests_itself(library, "echo_%s", types[i], 0);
    assert_suggests_itself(library, "call_%s", types[i], 0);
  }
  for (int count = 1; count <= 20; count++) {
    for (size_t i = 0; i < COUNT_OF(families); i++) assert_suggests_itself(library, "weigh_%s_%d", families[i], count);
    assert_suggests_itself(library, "call_%s_%d", "i32", count);
    assert_suggests_itself(library, "call_%s_%d", "f64", count);
  }
  ark_library_close(library);
}

static void should_suggest_nothing_if_no_name_is_similar(void **state) {
  (void)state;
  static char long_name[5000];
  memset(long_name, 'n', sizeof long_name - 1);
  const char *const wanted[] = {"sqlite3_open", "", "x", long_name};
  ark_library *library = open_library(FIXTURE, NULL, NULL);
  for (size_t i = 0; i < COUNT_OF(wanted); i++) {
    ark_error error;
    void *symbol;
    assert_fails(ARK_SYMBOL_NOT_FOUND, ark_library_symbol(library, wanted[i], &symbol, &error));
    assert_null(strstr(error.message, "did you mean"));
  }
  ark_library_close(library);
}

static void should_find_no_symbol_that_another_library_exports(void **state) {
  (void)state;
  ark_library *library = open_library(FIRST "/" NAMED, NULL, NULL);
  ark_error error;
  void *symbol;
  assert_fails(ARK_SYMBOL_NOT_FOUND, ark_library_symbol(library, "library_test_answer", &symbol, &error));
  assert_fails(ARK_SYMBOL_NOT_FOUND, ark_library_symbol(library, "echo_i32", &symbol, &error));
  ark_library_close(library);
}

/* ---- How long the code stays mapped */

static void should_be_mapped_while_a_library_is_open_on_it(void **state) {
  (void)state;
  assert_unmapped(FIRST "/" NAMED);
  ark_library *first = open_library(FIRST "/" NAMED, NULL, NULL);
  ark_library *second = open_library(FIRST "/" NAMED, NULL, NULL);
  assert_true(is_mapped(FIRST "/" NAMED));
  ark_library_close(first);
  assert_true(is_mapped(FIRST "/" NAMED));
  ark_library_close(second);
  assert_unmapped(FIRST "/" NAMED);
}

static void should_share_one_mapping_between_all_opens_of_an_object(void **state) {
  (void)state;
  ark_library *first = open_library(FIRST "/" NAMED, NULL, NULL);
  ark_library *same = open_library(SECOND "/../first/" NAMED, NULL, NULL);
  ark_library *other = open_library(SECOND "/" NAMED, NULL, NULL);
  assert_ptr_not_equal(first, same);
  assert_ptr_equal(ark_library_mapping(first), ark_library_mapping(same));
  assert_ptr_not_equal(ark_library_mapping(first), ark_library_mapping(other));
  ark_library_close(first);
  assert_true(ark_mapping_is_open(ark_library_mapping(same)));
  symbol_of(same, "which_folder");
  ark_library_close(same);
  ark_library_close(other);
}

static void should_stay_mapped_while_it_is_held(void **state) {
  (void)state;
  allocations_start();
  ark_library *library = open_library(FIRST "/" NAMED, NULL, NULL);
  ark_mapping *mapping = ark_library_mapping(library);
  ark_c_function answer = (ark_c_function)(uintptr_t)symbol_of(library, "answer");
  assert_true(ark_mapping_acquire_code(mapping));
  assert_true(ark_mapping_acquire_code(mapping));
  ark_library_close(library);

  assert_true(is_mapped(FIRST "/" NAMED));
  ark_value argument = of_i64(41);
  assert_value(call(answer, "i", "i", &argument), of_i64(42));
  assert_false(ark_mapping_is_open(mapping));
  assert_false(ark_mapping_acquire_code(mapping));
  ark_mapping_release_code(mapping);
  assert_true(is_mapped(FIRST "/" NAMED));
  ark_mapping_release_code(mapping);
  assert_unmapped(FIRST "/" NAMED);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void should_open_again_what_is_closed_but_held(void **state) {
  (void)state;
  ark_library *library = open_library(FIRST "/" NAMED, NULL, NULL);
  ark_mapping *held = ark_library_mapping(library);
  assert_true(ark_mapping_acquire_code(held));
  ark_library_close(library);

  ark_library *again = open_library(FIRST "/" NAMED, NULL, NULL);
  assert_true(ark_mapping_is_open(ark_library_mapping(again)));
  ark_mapping_release_code(held);
  assert_true(is_mapped(FIRST "/" NAMED));
  symbol_of(again, "which_folder");
  ark_library_close(again);
  assert_unmapped(FIRST "/" NAMED);
}

static void should_say_that_it_is_closed_to_a_reference(void **state) {
  (void)state;
  allocations_start();
  ark_library *library = open_library(FIRST "/" NAMED, NULL, NULL);
  ark_mapping *mapping = ark_library_mapping(library);
  ark_mapping_retain(mapping);
  assert_true(ark_mapping_is_open(mapping));
  ark_library_close(library);
  assert_false(ark_mapping_is_open(mapping));
  assert_false(ark_mapping_acquire_code(mapping));
  /* A reference keeps the structure, not the code. */
  assert_unmapped(FIRST "/" NAMED);
  ark_mapping_release(mapping);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void should_find_the_mapping_around_an_address(void **state) {
  (void)state;
  allocations_start();
  ark_library *library = open_library(FIRST "/" NAMED, NULL, NULL);
  void *function = symbol_of(library, "answer"), *data = symbol_of(library, "calls_answered");
  ark_mapping *mapping = ark_mapping_at(function);
  assert_ptr_equal(mapping, ark_library_mapping(library));
  assert_ptr_equal(ark_mapping_at(data), mapping);
  ark_mapping_release(mapping);
  ark_library_close(library);
  /* One reference is left. */
  assert_false(ark_mapping_is_open(mapping));
  assert_int_equal(allocations_alive(), 1);
  ark_mapping_release(mapping);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void should_find_no_mapping_where_no_library_is_open(void **state) {
  (void)state;
  int on_stack = 0;
  static int in_program;
  void *on_heap = malloc(1);
  assert_null(ark_mapping_at(NULL));
  assert_null(ark_mapping_at(&on_stack));
  assert_null(ark_mapping_at(on_heap));
  free(on_heap);
  assert_null(ark_mapping_at((void *)UINTPTR_MAX));
  /* Loaded, but not opened through the core. */
  assert_null(ark_mapping_at(&in_program));
  assert_null(ark_mapping_at((void *)(uintptr_t)fixture("echo_i32")));
  ark_mapping_release(NULL);
}

static void should_find_the_mapping_of_the_process_while_it_is_open(void **state) {
  (void)state;
  ark_library *process = open_library(NULL, NULL, NULL);
  ark_mapping *mapping = ark_mapping_at((void *)(uintptr_t)library_test_answer);
  assert_ptr_equal(mapping, ark_library_mapping(process));
  ark_mapping_release(mapping);
  ark_library_close(process);
}

static void should_not_grow_when_opened_and_closed_a_thousand_times(void **state) {
  (void)state;
  allocations_start();
  for (int i = 0; i < 1000; i++) {
    ark_library *library = open_library(NAMED, EMPTY AND SECOND, NULL);
    symbol_of(library, "answer");
    ark_library_close(library);
    assert_int_equal(allocations_alive(), 0);
  }
  assert_unmapped(SECOND "/" NAMED);
  allocations_stop();
}

static void should_ignore_a_null_library(void **state) {
  (void)state;
  ark_library_close(NULL);
}

/* ---- Threads */

typedef struct holder {
  pthread_t thread;
  ark_mapping *mapping;
  int (*answer)(int);
  atomic_int held;
  int wrong;
} holder;

/* Calls into the library as long as its code can be held. */
static void *hold_and_call(void *argument) {
  holder *self = argument;
  while (ark_mapping_acquire_code(self->mapping)) {
    self->wrong += self->answer(self->held) != self->held + 1;
    self->held++;
    ark_mapping_release_code(self->mapping);
  }
  ark_mapping_release(self->mapping);
  return NULL;
}

static void should_be_held_and_released_by_threads_while_another_closes_it(void **state) {
  (void)state;
  enum { THREADS = 4, ROUNDS = 50 };
  allocations_start();
  for (int round = 0; round < ROUNDS; round++) {
    ark_library *library = open_library(FIRST "/" NAMED, NULL, NULL);
    ark_mapping *mapping = ark_library_mapping(library);
    static holder holders[THREADS];
    for (int i = 0; i < THREADS; i++) {
      holders[i] = (holder){.mapping = mapping, .answer = (int (*)(int))(uintptr_t)symbol_of(library, "answer")};
      ark_mapping_retain(mapping);
      assert_int_equal(pthread_create(&holders[i].thread, NULL, hold_and_call, &holders[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
      while (holders[i].held < 20) sched_yield();
    }
    ark_library_close(library);
    for (int i = 0; i < THREADS; i++) {
      pthread_join(holders[i].thread, NULL);
      assert_int_equal(holders[i].wrong, 0);
    }
    assert_unmapped(FIRST "/" NAMED);
    assert_int_equal(allocations_alive(), 0);
  }
  allocations_stop();
}

static void *open_and_close(void *argument) {
  int *wrong = argument;
  ark_error error;
  for (int i = 0; i < 300; i++) {
    ark_library *library;
    void *symbol;
    if (ark_library_open(FIRST "/" NAMED, 0, NULL, NULL, &library, &error)) {
      ++*wrong;
      continue;
    }
    if (ark_library_symbol(library, "answer", &symbol, &error)) {
      ++*wrong;
    } else {
      *wrong += ((int (*)(int))(uintptr_t)symbol)(i) != i + 1;
    }
    ark_mapping *mapping = ark_mapping_at(symbol);
    *wrong += mapping != ark_library_mapping(library);
    ark_mapping_release(mapping);
    ark_library_close(library);
  }
  return NULL;
}

static void should_be_opened_and_closed_by_several_threads_at_once(void **state) {
  (void)state;
  enum { THREADS = 4 };
  pthread_t threads[THREADS];
  int wrong[THREADS] = {0};
  allocations_start();
  for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, open_and_close, &wrong[i]), 0);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(wrong[i], 0);
  }
  assert_unmapped(FIRST "/" NAMED);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

/* ---- Folders */

static void should_return_the_folder_of_what_contains_an_address(void **state) {
  (void)state;
  ark_library *library = open_library(SECOND "/" NAMED, NULL, NULL);
  char *folder = ark_folder_of(symbol_of(library, "which_folder"));
  /* Windows adds the drive. */
  if (SLASH[0] == '/') assert_string_equal(folder, SECOND);
  assert_contains(folder, SLASH "folders" SLASH "second");
  ark_free(folder);
  ark_library_close(library);
}

static void should_return_no_folder_where_there_is_none(void **state) {
  (void)state;
  int on_stack = 0;
  assert_null(ark_folder_of(&on_stack));
  assert_null(ark_folder_of(NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_open_a_path),
      cmocka_unit_test(should_look_for_a_bare_name_in_each_folder_then_beside),
      cmocka_unit_test(should_ask_the_loader_first),
      cmocka_unit_test(should_open_the_running_process),
      cmocka_unit_test(should_say_what_was_tried_where_nothing_was_found),
      cmocka_unit_test(should_say_once_what_was_tried_twice),
      cmocka_unit_test(should_skip_empty_folders),
      cmocka_unit_test(should_say_what_a_file_is_that_is_no_library),
      cmocka_unit_test(should_survive_any_name),
      cmocka_unit_test(should_cut_long_names_in_messages_on_whole_characters),
      cmocka_unit_test(should_find_functions_and_data),
      cmocka_unit_test(should_say_whether_it_has_functions),
      cmocka_unit_test(should_suggest_a_similar_name_that_is_exported),
      cmocka_unit_test(should_look_at_every_name_that_is_exported),
      cmocka_unit_test(should_suggest_nothing_if_no_name_is_similar),
      cmocka_unit_test(should_find_no_symbol_that_another_library_exports),
      cmocka_unit_test(should_be_mapped_while_a_library_is_open_on_it),
      cmocka_unit_test(should_share_one_mapping_between_all_opens_of_an_object),
      cmocka_unit_test(should_stay_mapped_while_it_is_held),
      cmocka_unit_test(should_open_again_what_is_closed_but_held),
      cmocka_unit_test(should_say_that_it_is_closed_to_a_reference),
      cmocka_unit_test(should_find_the_mapping_around_an_address),
      cmocka_unit_test(should_find_no_mapping_where_no_library_is_open),
      cmocka_unit_test(should_find_the_mapping_of_the_process_while_it_is_open),
      cmocka_unit_test(should_not_grow_when_opened_and_closed_a_thousand_times),
      cmocka_unit_test(should_ignore_a_null_library),
      cmocka_unit_test(should_be_held_and_released_by_threads_while_another_closes_it),
      cmocka_unit_test(should_be_opened_and_closed_by_several_threads_at_once),
      cmocka_unit_test(should_return_the_folder_of_what_contains_an_address),
      cmocka_unit_test(should_return_no_folder_where_there_is_none),
  };
  return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
