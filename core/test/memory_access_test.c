#include "support.h"
#include "arkffi/memory_access.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const uintptr_t impossible[] = {0, 1, 8, 4096, 65535};

static void should_refuse_addresses_where_nothing_is_mapped(void **state) {
  (void)state;
  ark_error error;
  char bytes[4] = "abc";
  size_t length;
  for (size_t i = 0; i < COUNT_OF(impossible); i++) {
    assert_fails(ARK_NULL_POINTER, ark_memory_check_address(impossible[i], "widget", &error));
    assert_contains(error.message, "widget");
    assert_fails(ARK_NULL_POINTER, ark_memory_read(impossible[i], "widget", bytes, 1, &error));
    assert_contains(error.message, "widget");
    assert_fails(ARK_NULL_POINTER, ark_memory_write(impossible[i], "widget", bytes, 1, &error));
    assert_contains(error.message, "widget");
    assert_fails(ARK_NULL_POINTER, ark_memory_text_length(impossible[i], 1, "widget", &length, &error));
    assert_contains(error.message, "widget");
    assert_fails(ARK_NULL_POINTER, ark_memory_text_length(impossible[i], 2, "widget", &length, &error));
    assert_contains(error.message, "widget");
  }
  assert_string_equal(bytes, "abc");
}

static void should_accept_every_other_address(void **state) {
  (void)state;
  ark_error error;
  assert_ok(ark_memory_check_address(65536, "widget", &error));
  assert_ok(ark_memory_check_address((uintptr_t)&error, "widget", &error));
  assert_ok(ark_memory_check_address(UINTPTR_MAX, "widget", &error));
}

static void should_never_fail_for_no_bytes(void **state) {
  (void)state;
  ark_error error;
  for (size_t i = 0; i < COUNT_OF(impossible); i++) {
    assert_ok(ark_memory_read(impossible[i], "widget", NULL, 0, &error));
    assert_ok(ark_memory_write(impossible[i], "widget", NULL, 0, &error));
  }
}

static void should_read_and_write_just_the_bytes_asked_for(void **state) {
  (void)state;
  ark_error error;
  char memory[] = "0123456789", out[] = "----------";
  assert_ok(ark_memory_read((uintptr_t)memory + 3, "widget", out + 1, 4, &error));
  assert_string_equal(out, "-3456-----");
  assert_ok(ark_memory_write((uintptr_t)memory + 5, "widget", "xyz", 3, &error));
  assert_string_equal(memory, "01234xyz89");
}

static void should_move_bytes_that_overlap(void **state) {
  (void)state;
  ark_error error;
  char memory[] = "0123456789";
  assert_ok(ark_memory_write((uintptr_t)memory + 2, "widget", memory, 8, &error));
  assert_string_equal(memory, "0101234567");
}

static void should_measure_strings(void **state) {
  (void)state;
  ark_error error;
  size_t length = 99;
  assert_ok(ark_memory_text_length((uintptr_t) "", 1, "widget", &length, &error));
  assert_int_equal(length, 0);
  assert_ok(ark_memory_text_length((uintptr_t) "a\xF0\x9F\x98\x80", 1, "widget", &length, &error));
  assert_int_equal(length, 5);
}

static void should_measure_strings_of_16_bit_units(void **state) {
  (void)state;
  ark_error error;
  size_t length = 99;
  assert_ok(ark_memory_text_length((uintptr_t)(const uint16_t[]){0}, 2, "widget", &length, &error));
  assert_int_equal(length, 0);
  /* A unit of which only one byte is zero is not the end. */
  assert_ok(ark_memory_text_length((uintptr_t)(const uint16_t[]){'a', 0x100, 0xD83D, 0xDE00, 0}, 2, "widget", &length,
                                   &error));
  assert_int_equal(length, 4);
}

static void should_measure_a_string_of_16_bit_units_at_an_odd_address(void **state) {
  (void)state;
  ark_error error;
  size_t length = 99;
  const uint16_t text[] = {'a', 0x100, 'b', 0};
  unsigned char memory[sizeof text + 1];
  memset(memory, 0xEE, sizeof memory);
  memcpy(memory + 1, text, sizeof text);
  assert_ok(ark_memory_text_length((uintptr_t)memory + 1, 2, "widget", &length, &error));
  assert_int_equal(length, 3);
}

/* ---- Checked mode */

enum { PAGE = 4096 };

/* A page filled with 'a', followed by one that is not mapped. */
static char *page_before_nothing(void) {
  char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_ptr_not_equal(pages, MAP_FAILED);
  memset(pages, 'a', PAGE);
  assert_int_equal(mprotect(pages + PAGE, PAGE, PROT_NONE), 0);
  return pages;
}

static void assert_checks(void) {
  ark_error error;
  char bytes[64];
  size_t length;
  char *pages = page_before_nothing();
  uintptr_t end = (uintptr_t)pages + PAGE;

  assert_ok(ark_memory_read(end - 64, "widget", bytes, 64, &error));
  assert_int_equal(bytes[63], 'a');
  assert_fails(ARK_BAD_ADDRESS, ark_memory_read(end - 63, "widget", bytes, 64, &error));
  assert_contains(error.message, "widget: ");
  assert_fails(ARK_BAD_ADDRESS, ark_memory_read(end, "widget", bytes, 1, &error));
  assert_fails(ARK_BAD_ADDRESS, ark_memory_read(UINTPTR_MAX - 1, "widget", bytes, 1, &error));
  assert_fails(ARK_NULL_POINTER, ark_memory_read(1, "widget", bytes, 1, &error));

  assert_ok(ark_memory_write(end - 3, "widget", "xyz", 3, &error));
  assert_memory_equal(pages + PAGE - 4, "axyz", 4);
  assert_fails(ARK_BAD_ADDRESS, ark_memory_write(end, "widget", "xyz", 3, &error));
  assert_fails(ARK_BAD_ADDRESS, ark_memory_write((uintptr_t) "read only", "widget", "xyz", 3, &error));
  memset(pages + PAGE - 3, 'a', 3);

  assert_ok(ark_memory_probe((uintptr_t)pages, "widget", PAGE, &error));
  assert_fails(ARK_BAD_ADDRESS, ark_memory_probe((uintptr_t)pages, "widget", PAGE + 1, &error));
  assert_fails(ARK_BAD_ADDRESS, ark_memory_probe(end - 1, "widget", UINTPTR_MAX, &error));

  for (size_t width = 1; width <= 4; width *= 2) {
    for (size_t distance = 1; distance < 10; distance++) {
      assert_fails(ARK_BAD_ADDRESS, ark_memory_text_length(end - distance, width, "widget", &length, &error));
    }
    memset(pages + PAGE - width, 0, width);
    for (size_t units = 0; units < 3; units++) {
      assert_ok(ark_memory_text_length(end - width * (units + 1), width, "widget", &length, &error));
      assert_int_equal(length, units);
    }
    assert_ok(ark_memory_text_length((uintptr_t)pages, width, "widget", &length, &error));
    assert_int_equal(length, PAGE / width - 1);
    memset(pages + PAGE - width, 'a', width);
  }
  munmap(pages, 2 * PAGE);
}

static void should_find_out_in_checked_mode_what_cannot_be_read_or_written(void **state) {
  (void)state;
  assert_false(ark_memory_is_checked());
  ark_memory_set_checked(true);
  assert_true(ark_memory_is_checked());
  assert_checks();
  ark_memory_set_checked(false);
}

static void should_measure_a_text_over_several_pages_in_checked_mode(void **state) {
  (void)state;
  ark_error error;
  size_t length;
  static uint32_t text[3 * PAGE];
  ark_memory_set_checked(true);
  for (size_t units = 0; units < 2 * PAGE; units += 509) {
    for (size_t i = 0; i < units; i++) text[i] = 0x1F600;
    text[units] = 0;
    assert_ok(ark_memory_text_length((uintptr_t)text, 4, "widget", &length, &error));
    assert_int_equal(length, units);
  }
  ark_memory_set_checked(false);
}

/* Makes the kernel deny the two system calls with EPERM, as sandboxes do. */
static void deny_calls(void) {
  const struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_writev, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {COUNT_OF(filter), (struct sock_filter *)filter};
  assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* The last test, because a filter cannot be removed. */
static void should_do_the_same_where_the_system_denies_its_calls(void **state) {
  if (getenv("ARKFFI_EMULATOR")) skip(); /* qemu's user mode has no filters */
  (void)state;
  char byte;
  struct iovec here = {&byte, 1}, there = {(void *)"x", 1};
  deny_calls();
  assert_int_equal(process_vm_readv(getpid(), &here, 1, &there, 1, 0), -1);
  ark_memory_set_checked(true);
  assert_checks();
  ark_memory_set_checked(false);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_refuse_addresses_where_nothing_is_mapped),
      cmocka_unit_test(should_accept_every_other_address),
      cmocka_unit_test(should_never_fail_for_no_bytes),
      cmocka_unit_test(should_read_and_write_just_the_bytes_asked_for),
      cmocka_unit_test(should_move_bytes_that_overlap),
      cmocka_unit_test(should_measure_strings),
      cmocka_unit_test(should_measure_strings_of_16_bit_units),
      cmocka_unit_test(should_measure_a_string_of_16_bit_units_at_an_odd_address),
      cmocka_unit_test(should_find_out_in_checked_mode_what_cannot_be_read_or_written),
      cmocka_unit_test(should_measure_a_text_over_several_pages_in_checked_mode),
      cmocka_unit_test(should_do_the_same_where_the_system_denies_its_calls),
  };
  return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
