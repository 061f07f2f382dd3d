/* Libraries on Windows: their names and paths, and what is said of those that cannot be opened. */
#include "support.h"
#include "arkffi/environment.h"
#include "arkffi/find_library.h"
#include "arkffi/library.h"
#include <stdio.h>
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#define FIRST FOLDERS "/first"
#define SECOND FOLDERS "/second"
#define NAMED "libarkffi_named.dll"
#define NEEDING "libarkffi_needing.dll"
#define OUTER "libarkffi_outer.dll"

/* A folder of this test, with a name that no code page has. */
static const wchar_t scratch[] = L"arkffi \u00fc\u20ac\U0001F600";
static const char scratch_text[] = "arkffi \u00fc\u20ac\U0001F600";

static ark_library *open_library(const char *name, const char *search) {
  ark_error error;
  ark_library *library = NULL;
  assert_ok(ark_library_open(name, 0, search, NULL, &library, &error));
  return library;
}

static void *symbol_of(const ark_library *library, const char *name) {
  ark_error error;
  void *symbol = NULL;
  assert_ok(ark_library_symbol(library, name, &symbol, &error));
  return symbol;
}

static void assert_refused(const char *name, const char *search, const char *part) {
  ark_error error;
  ark_library *library;
  allocations_start();
  assert_fails(ARK_LIBRARY_NOT_FOUND, ark_library_open(name, 0, search, NULL, &library, &error));
  assert_contains(error.message, part);
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
}

static void assert_folder(const ark_library *library, const char *folder) {
  ark_c_function which = (ark_c_function)(uintptr_t)symbol_of(library, "which_folder");
  assert_string_equal(call(which, "", "s", NULL).text, folder);
}

/* The path in UTF-16 of a file in the test's folder. */
static const wchar_t *scratch_path(const char *file) {
  static wchar_t path[MAX_PATH];
  _snwprintf(path, MAX_PATH, L"%ls\\%hs", scratch, file);
  return path;
}

static void copy_to_scratch(const char *from, const char *file) {
  wchar_t source[MAX_PATH];
  _snwprintf(source, MAX_PATH, L"%hs", from);
  assert_true(CopyFileW(source, scratch_path(file), FALSE));
}

/* Writes a file of the test's folder with the first `size` bytes of another one, the bytes at `place` changed. */
static void write_changed(const char *from, const char *file, size_t size, size_t place, uint16_t value) {
  static char bytes[1 << 20];
  FILE *in = fopen(from, "rb");
  assert_non_null(in);
  size_t length = fread(bytes, 1, sizeof bytes, in);
  fclose(in);
  assert_true(length < sizeof bytes);
  if (place) memcpy(bytes + place, &value, sizeof value);
  FILE *out = _wfopen(scratch_path(file), L"wb");
  assert_non_null(out);
  fwrite(bytes, 1, size < length ? size : length, out);
  fclose(out);
}

/* Where the headers of a file are after those of MS-DOS. */
static size_t headers_at(const char *path) {
  uint32_t at = 0;
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  fseek(file, 0x3C, SEEK_SET);
  assert_int_equal(fread(&at, sizeof at, 1, file), 1);
  fclose(file);
  return at;
}

static void in_scratch(char *out, size_t size, const char *file) {
  snprintf(out, size, ".\\%s\\%s", scratch_text, file);
}

/* ---- Names and paths */

static void should_open_windows_own_libraries_by_any_spelling(void **state) {
  (void)state;
  const char *const names[] = {"kernel32", "kernel32.dll", "KERNEL32.DLL", "C:\\windows\\system32\\kernel32.dll",
                               "C:/windows/system32/kernel32.dll"};
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    ark_library *library = open_library(names[i], NULL);
    ark_c_function id = (ark_c_function)(uintptr_t)symbol_of(library, "GetCurrentProcessId");
    assert_value(call(id, "", "I", NULL), of_u64(GetCurrentProcessId()));
    ark_library_close(library);
  }
}

static void should_open_paths_with_any_characters(void **state) {
  (void)state;
  char path[256];
  copy_to_scratch(FIRST "/" NAMED, NAMED);
  in_scratch(path, sizeof path, NAMED);
  ark_library *library = open_library(path, NULL);
  assert_folder(library, "first");
  char *folder = ark_folder_of(symbol_of(library, "which_folder"));
  char *file = ark_file_of(symbol_of(library, "which_folder"));
  assert_contains(folder, scratch_text);
  assert_string_equal(file, NAMED);
  ark_free(folder);
  ark_free(file);
  ark_library_close(library);
}

static void should_look_in_folders_separated_by_semicolons(void **state) {
  (void)state;
  ark_library *library = open_library(NAMED, "C:\\none;;" SECOND ";" FIRST);
  assert_folder(library, "second");
  ark_library_close(library);
  assert_refused("arkffi_nowhere.dll", "C:\\none;D:\\none", "also tried C:\\none\\arkffi_nowhere.dll, D:\\none\\");
}

static void should_never_take_a_library_from_the_current_folder(void **state) {
  (void)state;
  wchar_t before[MAX_PATH], folder[MAX_PATH];
  GetCurrentDirectoryW(MAX_PATH, before);
  _snwprintf(folder, MAX_PATH, L"%hs", FIRST);
  assert_true(SetCurrentDirectoryW(folder));
  assert_refused(NAMED, NULL, "write './" NAMED "'");
  ark_library *library = open_library("./" NAMED, NULL);
  assert_folder(library, "first");
  ark_library_close(library);
  SetCurrentDirectoryW(before);
}

static void should_find_libraries_by_their_short_names(void **state) {
  (void)state;
  ark_error error;
  char *found;
  assert_ok(ark_find_library("kernel32", NULL, NULL, &found, &error));
  assert_int_equal(_stricmp(found, "kernel32.dll"), 0);
  ark_free(found);
  assert_ok(ark_find_library("arkffi_named", "C:\\none;" FIRST, NULL, &found, &error));
  assert_string_equal(found, NAMED);
  ark_free(found);
  copy_to_scratch(FIRST "/" NAMED, "arkffi_released-3.dll");
  copy_to_scratch(FIRST "/" NAMED, "arkffi_released-12.1.dll");
  assert_ok(ark_find_library("arkffi_released", NULL, scratch_text, &found, &error));
  assert_string_equal(found, "arkffi_released-12.1.dll");
  ark_free(found);
  copy_to_scratch(FIRST "/" NAMED, "Arkffi_Released.DLL");
  assert_ok(ark_find_library("arkffi_released", NULL, scratch_text, &found, &error));
  assert_string_equal(found, "Arkffi_Released.DLL");
  ark_free(found);
  assert_fails(ARK_LIBRARY_NOT_FOUND, ark_find_library("kernel32.dll", NULL, NULL, &found, &error));
  assert_contains(error.message, "did you mean 'kernel32'?");
  assert_fails(ARK_LIBRARY_NOT_FOUND, ark_find_library("arkffi_nowhere", NULL, NULL, &found, &error));
  assert_contains(error.message, "looked for arkffi_nowhere.dll");
}

static void should_read_variables_as_utf_8(void **state) {
  (void)state;
  char *value;
  SetEnvironmentVariableW(L"ARKFFI_TEST", scratch);
  assert_true(ark_environment("ARKFFI_TEST", &value));
  assert_string_equal(value, scratch_text);
  ark_free(value);
  assert_true(ark_environment("ARKFFI_TEST_THAT_IS_NOT_SET", &value));
  assert_null(value);
}

/* ---- Symbols */

static char kind_in(const char *list, const char *name) {
  for (; *list; list += strlen(list) + 1) {
    if (strcmp(list + 1, name) == 0) return *list;
  }
  return '\0';
}

static void should_list_what_a_library_exports(void **state) {
  (void)state;
  ark_error error;
  char *list;
  ark_library *library = open_library(FIXTURE, NULL);
  assert_ok(ark_library_list(library, &list, &error));
  assert_int_equal(kind_in(list, "echo_i32"), 'f');
  assert_int_equal(kind_in(list, "counter"), 'd');
  assert_int_equal(kind_in(list, "GetTickCount"), '\0');
  ark_free(list);
  void *symbol;
  assert_fails(ARK_BAD_SIGNATURE, ark_library_function(library, "counter", &symbol, &error));
  assert_fails(ARK_BAD_SIGNATURE, ark_library_variable(library, "echo_i32", &symbol, &error));
  assert_ok(ark_library_variable(library, "counter", &symbol, &error));
  ark_library_close(library);
  library = open_library("kernel32", NULL);
  assert_ok(ark_library_list(library, &list, &error));
  assert_int_equal(kind_in(list, "GetTickCount"), 'f');
  for (const char *at = list; *at; at += strlen(at) + 1) {
    assert_ok(ark_library_symbol(library, at + 1, &symbol, &error));
  }
  ark_free(list);
  assert_fails(ARK_SYMBOL_NOT_FOUND, ark_library_symbol(library, "GetTickCont", &symbol, &error));
  assert_contains(error.message, "did you mean 'GetTickCount'?");
  ark_library_close(library);
}

static void should_find_the_symbols_of_the_whole_process(void **state) {
  (void)state;
  ark_error error;
  char *list;
  ark_library *library = open_library(NULL, NULL);
  assert_ptr_equal(symbol_of(library, "GetTickCount"), ark_process_symbol("GetTickCount"));
  assert_ok(ark_library_list(library, &list, &error));
  assert_int_equal(kind_in(list, "GetTickCount"), 'f');
  ark_free(list);
  ark_library_close(library);
  assert_null(ark_process_symbol("arkffi_is_exported_nowhere"));
}

/* ---- What cannot be opened */

static void should_refuse_names_that_are_none(void **state) {
  (void)state;
  static char name[40001];
  memset(name, 'n', sizeof name - 1);
  assert_refused(name, FIRST, "nnnn");
  memcpy(name, "C:\\", 3);
  assert_refused(name, NULL, "C:\\nnn");
  assert_refused("\xED\xA0\x80.dll", FIRST, "(error "); /* half of a surrogate pair */
  assert_refused("\xFF\xFE", NULL, "(error ");
  assert_refused("", NULL, "empty");
  assert_refused("\\", NULL, "\\");
  assert_refused("C:", NULL, "C:");
  assert_refused("CON", NULL, "CON");
  assert_refused(FIRST, NULL, "it is a folder");
}

static void should_say_what_a_file_is_that_is_no_library(void **state) {
  (void)state;
  char path[256];
  size_t headers = headers_at(FIRST "/" NAMED);
  in_scratch(path, sizeof path, "other.dll");
  write_changed(FIRST "/" NAMED, "other.dll", SIZE_MAX, headers + 4, 0x014C);
  assert_refused(path, NULL, "it is a library for x86 (32-bit), and this process is x86-64 (64-bit)");
  write_changed(FIRST "/" NAMED, "other.dll", SIZE_MAX, headers + 4, 0xAA64);
  assert_refused(path, NULL, "it is a library for AArch64 (64-bit), and");
  write_changed(FIRST "/" NAMED, "other.dll", SIZE_MAX, headers + 4, 0x0123);
  assert_refused(path, NULL, "it is a library for processor 0x123 of PE's list");
  write_changed(FIRST "/" NAMED, "other.dll", SIZE_MAX, headers + 22, 0x0022);
  assert_refused(path, NULL, "it is a program, not a library");
  write_changed(FIRST "/" NAMED, "other.dll", 2000, 0, 0);
  assert_refused(path, NULL, "it is only the first 2000 bytes of a library");
  write_changed(FIRST "/" NAMED, "other.dll", 50, 0, 0);
  assert_refused(path, NULL, "damaged");
  write_changed(FIRST "/" NAMED, "other.dll", 0, 0, 0);
  assert_refused(path, NULL, "the file is empty");
  write_changed(FIRST "/" NAMED, "other.dll", SIZE_MAX, 0x3C, 0xFFFF);
  assert_refused(path, NULL, "damaged");
}

static void should_find_what_a_library_needs_beside_it(void **state) {
  (void)state;
  ark_library *library = open_library(FOLDERS "/needing/" OUTER, NULL);
  assert_value(call((ark_c_function)(uintptr_t)symbol_of(library, "outer"), "", "i", NULL), of_i64(44));
  ark_library_close(library);
}

static void should_say_which_library_is_missing_that_another_needs(void **state) {
  (void)state;
  char path[256];
  in_scratch(path, sizeof path, NEEDING);
  copy_to_scratch(FOLDERS "/needing/" NEEDING, NEEDING);
  assert_refused(path, NULL, "it needs the library libarkffi_needed.dll, which is not found");
  assert_refused(NEEDING, scratch_text, "it needs the library libarkffi_needed.dll, which is not found");
  /* The file itself needs only libraries that are there. */
  in_scratch(path, sizeof path, OUTER);
  copy_to_scratch(FOLDERS "/needing/" OUTER, OUTER);
  assert_refused(path, NULL, "it needs the library libarkffi_needed.dll, which is not found");
}

static int set_up(void **state) {
  (void)state;
  CreateDirectoryW(scratch, NULL);
  DeleteFileW(scratch_path("Arkffi_Released.DLL")); /* of an earlier run */
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_open_windows_own_libraries_by_any_spelling),
      cmocka_unit_test(should_open_paths_with_any_characters),
      cmocka_unit_test(should_look_in_folders_separated_by_semicolons),
      cmocka_unit_test(should_never_take_a_library_from_the_current_folder),
      cmocka_unit_test(should_find_libraries_by_their_short_names),
      cmocka_unit_test(should_read_variables_as_utf_8),
      cmocka_unit_test(should_list_what_a_library_exports),
      cmocka_unit_test(should_find_the_symbols_of_the_whole_process),
      cmocka_unit_test(should_refuse_names_that_are_none),
      cmocka_unit_test(should_say_what_a_file_is_that_is_no_library),
      cmocka_unit_test(should_find_what_a_library_needs_beside_it),
      cmocka_unit_test(should_say_which_library_is_missing_that_another_needs),
  };
  return cmocka_run_group_tests_name("libraries on Windows", tests, set_up, NULL);
}
