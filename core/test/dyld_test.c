/* What dyld's messages and the names of libraries on macOS mean: texts as dyld writes them in several versions. */
#include "support.h"
#include "os/macho_text.h"
#include <stdio.h>

static const char *missing_in(const char *message) {
  static char name[64];
  return ark__dyld_find_missing("/a/libouter.dylib", message, name, sizeof name) ? name : NULL;
}

static void should_name_the_library_that_another_needs(void **state) {
  (void)state;
  /* macOS 12 and newer */
  assert_string_equal(missing_in("dlopen(/a/libouter.dylib, 0x0001): Library not loaded: @rpath/libinner.dylib\n"
                                 "  Referenced from: <3A1B> /a/libouter.dylib\n"
                                 "  Reason: tried: '/a/libinner.dylib' (no such file), '/usr/lib/libinner.dylib' "
                                 "(no such file, not in dyld cache)"),
                      "@rpath/libinner.dylib");
  /* macOS 11 */
  assert_string_equal(missing_in("dlopen(/a/libouter.dylib, 1): Library not loaded: libinner.dylib\n"
                                 "  Referenced from: /a/libouter.dylib\n"
                                 "  Reason: image not found"),
                      "libinner.dylib");
}

/* A library that is there has to be named as dyld does, with what is wrong with it. */
static void should_not_call_a_library_missing_that_is_there(void **state) {
  (void)state;
  assert_null(
      missing_in("dlopen(/a/libouter.dylib, 0x0001): Library not loaded: @rpath/libinner.dylib\n"
                 "  Referenced from: <3A1B> /a/libouter.dylib\n"
                 "  Reason: tried: '/b/libinner.dylib' (no such file), '/a/libinner.dylib' (mach-o file, but is an "
                 "incompatible architecture (have 'x86_64', need 'arm64'))"));
  assert_null(
      missing_in("dlopen(/a/libouter.dylib, 0x0001): Library not loaded: @rpath/libinner.dylib\n"
                 "  Reason: tried: '/a/libinner.dylib' (code signature in <3A1B> '/a/libinner.dylib' not valid "
                 "for use in process: mapping process and mapped file (non-platform) have different Team IDs)"));
  assert_null(missing_in("dlopen(/a/libouter.dylib, 0x0001): tried: '/a/libouter.dylib' (no such file)"));
  assert_null(
      missing_in("dlopen(/a/libouter.dylib, 1): Library not loaded: /a/libouter.dylib\n  Reason: image not found"));
  assert_null(missing_in("Library not loaded: "));
  assert_null(missing_in(""));
  char longer[200] = "Library not loaded: ";
  memset(longer + strlen(longer), 'a', 100);
  assert_null(missing_in(longer));
}

/* The version in the name of a file, as "release/abi"; NULL where it is not a file of that library. */
static const char *version_in(const char *file, const char *name) {
  static char text[64];
  ark__file_version version;
  if (!ark__dylib_name_matches(file, name, strlen(name), &version)) return NULL;
  snprintf(text, sizeof text, "%.*s/%.*s", (int)version.release.length, version.release.text, (int)version.abi.length,
           version.abi.text);
  return text;
}

static void should_know_the_names_of_libraries(void **state) {
  (void)state;
  assert_string_equal(version_in("libz.dylib", "z"), "/");
  assert_string_equal(version_in("libz.1.dylib", "z"), "/.1");
  assert_string_equal(version_in("libz.1.2.12.dylib", "z"), "/.1.2.12");
  assert_string_equal(version_in("libSystem.B.dylib", "System"), "/");
  assert_string_equal(version_in("libevent-2.1.7.dylib", "event"), "-2.1.7/");
  assert_string_equal(version_in("libc++.1.dylib", "c++"), "/.1");
  const char *const others[] = {"libz.so",      "libzz.dylib", "z.dylib",   "libz.1.dylib.bak", "libz..dylib",
                                "libz.b.dylib", "libz",        "libz.1.so", "libz.dylib.dSYM",  ""};
  for (size_t i = 0; i < COUNT_OF(others); i++) assert_null(version_in(others[i], "z"));
}

static void should_know_the_paths_of_frameworks(void **state) {
  (void)state;
  static const char folder[] = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation";
  assert_string_equal(version_in(folder, "CoreFoundation"), "/");
  assert_string_equal(version_in("CoreFoundation.framework/CoreFoundation", "CoreFoundation"), "/");
  assert_null(version_in(folder, "Foundation"));
  assert_null(version_in(folder, "CoreFoundationX"));
  assert_null(version_in(folder, ""));
  assert_null(version_in("/a/CoreFoundation.framework/Headers", "CoreFoundation"));
  assert_null(version_in("CoreFoundation.framework/CoreFoundation", "/CoreFoundation"));
}

static void should_find_the_library_in_a_name(void **state) {
  (void)state;
  static const char *const pairs[][2] = {
      {"libz.1.dylib", "z"}, {"libz.dylib", "z"}, {"z.dylib", "z"}, {"libSystem.B.dylib", "System"}, {"z", "z"}};
  for (size_t i = 0; i < COUNT_OF(pairs); i++) {
    ark__name_part part = ark__dylib_name_in(pairs[i][0]);
    assert_int_equal(part.length, strlen(pairs[i][1]));
    assert_memory_equal(part.text, pairs[i][1], part.length);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_name_the_library_that_another_needs),
      cmocka_unit_test(should_not_call_a_library_missing_that_is_there),
      cmocka_unit_test(should_know_the_names_of_libraries),
      cmocka_unit_test(should_know_the_paths_of_frameworks),
      cmocka_unit_test(should_find_the_library_in_a_name),
  };
  return cmocka_run_group_tests_name("dyld's texts", tests, NULL, NULL);
}
