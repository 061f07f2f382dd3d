/* Checked mode on Windows. */
#include "support.h"
#include "arkffi/memory_access.h"
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

enum { PAGE_SIZE = 4096 };

/* Three pages; the middle one has the protection, or is not there for 0. */
static char *pages_with(DWORD protection) {
  DWORD before;
  char *pages = VirtualAlloc(NULL, 3 * PAGE_SIZE, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  assert_non_null(pages);
  memset(pages, 'a', 3 * PAGE_SIZE);
  if (protection) {
    assert_true(VirtualProtect(pages + PAGE_SIZE, PAGE_SIZE, protection, &before));
  } else {
    assert_true(VirtualFree(pages + PAGE_SIZE, PAGE_SIZE, MEM_DECOMMIT));
  }
  return pages;
}

static DWORD protection_of(const char *at) {
  MEMORY_BASIC_INFORMATION about = {0};
  VirtualQuery(at, &about, sizeof about);
  return about.State == MEM_COMMIT ? about.Protect : 0;
}

static void assert_access(DWORD protection, bool is_readable, bool is_writable) {
  ark_error error;
  char bytes[2 * PAGE_SIZE] = {0};
  char *pages = pages_with(protection);
  DWORD before = protection_of(pages + PAGE_SIZE);
  uintptr_t across = (uintptr_t)pages + PAGE_SIZE / 2, inside = (uintptr_t)pages + PAGE_SIZE;
  assert_int_equal(ark_memory_read(across, "read", bytes, sizeof bytes, &error),
                   is_readable ? ARK_OK : ARK_BAD_ADDRESS);
  assert_int_equal(ark_memory_read(inside, "read", bytes, 1, &error), is_readable ? ARK_OK : ARK_BAD_ADDRESS);
  assert_int_equal(ark_memory_probe(across, "read", sizeof bytes, &error), is_readable ? ARK_OK : ARK_BAD_ADDRESS);
  assert_int_equal(ark_memory_write(across, "write", bytes, sizeof bytes, &error),
                   is_writable ? ARK_OK : ARK_BAD_ADDRESS);
  assert_int_equal(ark_memory_write(inside, "write", bytes, 1, &error), is_writable ? ARK_OK : ARK_BAD_ADDRESS);
  assert_int_equal(protection_of(pages + PAGE_SIZE), before);
  assert_ok(ark_memory_write((uintptr_t)pages, "write", bytes, PAGE_SIZE, &error));
  VirtualFree(pages, 0, MEM_RELEASE);
}

static void should_know_what_may_be_read_and_written(void **state) {
  (void)state;
  ark_memory_set_checked(true);
  assert_access(PAGE_READWRITE, true, true);
  assert_access(PAGE_EXECUTE_READWRITE, true, true);
  assert_access(PAGE_READONLY, true, false);
  assert_access(PAGE_EXECUTE_READ, true, false);
  assert_access(PAGE_NOACCESS, false, false);
  assert_access(PAGE_READWRITE | PAGE_GUARD, false, false);
  assert_access(0, false, false);
  ark_memory_set_checked(false);
}

static void should_refuse_addresses_that_nothing_is_at(void **state) {
  (void)state;
  ark_error error;
  char bytes[16];
  const uintptr_t addresses[] = {UINTPTR_MAX, UINTPTR_MAX - 7, (uintptr_t)1 << 47, (uintptr_t)1 << 63};
  ark_memory_set_checked(true);
  for (size_t i = 0; i < COUNT_OF(addresses); i++) {
    assert_fails(ARK_BAD_ADDRESS, ark_memory_read(addresses[i], "read", bytes, sizeof bytes, &error));
    assert_fails(ARK_BAD_ADDRESS, ark_memory_write(addresses[i], "write", bytes, sizeof bytes, &error));
  }
  assert_fails(ARK_NULL_POINTER, ark_memory_read(65535, "read", bytes, 1, &error));
  ark_memory_set_checked(false);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_know_what_may_be_read_and_written),
      cmocka_unit_test(should_refuse_addresses_that_nothing_is_at),
  };
  return cmocka_run_group_tests_name("memory on Windows", tests, NULL, NULL);
}
