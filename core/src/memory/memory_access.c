#include "arkffi/memory_access.h"
#include "os/safe_copy.h"
#include <stdatomic.h>
#include <string.h>

static atomic_bool memory_checked;

void ark_memory_set_checked(bool checked) {
  atomic_store(&memory_checked, checked); /* seq_cst: not hot */
}

bool ark_memory_is_checked(void) {
  /* relaxed: no other data depends on it. */
  return atomic_load_explicit(&memory_checked, memory_order_relaxed);
}

ark_status ark_memory_check_address(uintptr_t address, const char *what, ark_error *error) {
  if (address >= ARK_LOWEST_ADDRESS) return ARK_OK;
  return ark_fail(error, ARK_NULL_POINTER, "%s: %llu is no address: nothing is mapped below %u", what,
                  (unsigned long long)address, ARK_LOWEST_ADDRESS);
}

static ark_status memory_copied_status(ark__copied copied, uintptr_t address, const char *what, const char *verb,
                                       ark_error *error) {
  if (copied == ARK__COPY_DONE) return ARK_OK;
  const char *why = copied == ARK__COPY_FAULT ? "is not all memory that may be" : "cannot be looked at before it is";
  return ark_fail(error, ARK_BAD_ADDRESS, "%s: what is at 0x%llx %s %s", what, (unsigned long long)address, why, verb);
}

ark_status ark_memory_read(uintptr_t address, const char *what, void *out, size_t size, ark_error *error) {
  if (!size) return ARK_OK;
  ark_status status = ark_memory_check_address(address, what, error);
  if (status) return status;
  if (ark_memory_is_checked())
    return memory_copied_status(ark__copy_in(out, address, size), address, what, "read", error);
  memcpy(out, (const void *)address, size);
  return ARK_OK;
}

ark_status ark_memory_write(uintptr_t address, const char *what, const void *bytes, size_t size, ark_error *error) {
  if (!size) return ARK_OK;
  ark_status status = ark_memory_check_address(address, what, error);
  if (status) return status;
  if (ark_memory_is_checked())
    return memory_copied_status(ark__copy_out(address, bytes, size), address, what, "written", error);
  /* memmove: the source may be a buffer that overlaps the target. */
  memmove((void *)address, bytes, size);
  return ARK_OK;
}

/* The smallest size of a page: memory is mapped in multiples of it. */
#define PAGE ((uintptr_t)4096)

/* The number of bytes from an address to the end of its page. */
static size_t memory_rest_of_page(uintptr_t address) {
  return PAGE - address % PAGE;
}

ark_status ark_memory_probe(uintptr_t address, const char *what, size_t size, ark_error *error) {
  if (!size) return ARK_OK;
  ark_status status = ark_memory_check_address(address, what, error);
  if (status || !ark_memory_is_checked()) return status;
  if (size - 1 > UINTPTR_MAX - address) return memory_copied_status(ARK__COPY_FAULT, address, what, "read", error);
  for (size_t done = 0; done < size; done += memory_rest_of_page(address + done)) {
    char byte;
    ark__copied copied = ark__copy_in(&byte, address + done, 1);
    if (copied != ARK__COPY_DONE) return memory_copied_status(copied, address, what, "read", error);
  }
  return ARK_OK;
}

/* Counts units of `width` bytes before the first that is zero. Reads bytes, because C may have put a string at an odd
 * address. */
static size_t memory_count_units(const unsigned char *unit, size_t width, size_t limit) {
  size_t count = 0;
  for (; count < limit; count++, unit += width) {
    unsigned char any = 0;
    for (size_t i = 0; i < width; i++) any |= unit[i];
    if (!any) break;
  }
  return count;
}

/* Counts as memory_count_units does, but copies each page before it reads it. A unit may lie across two pages. */
static ark_status memory_count_checked(uintptr_t address, size_t width, const char *what, size_t *out,
                                       ark_error *error) {
  unsigned char page[2 * PAGE];
  for (size_t done = 0;;) {
    uintptr_t at = address + done * width;
    size_t units = (memory_rest_of_page(at) + width - 1) / width;
    ark__copied copied = ark__copy_in(page, at, units * width);
    if (copied == ARK__COPY_FAULT && units > 1) copied = ark__copy_in(page, at, --units * width);
    if (copied != ARK__COPY_DONE) return memory_copied_status(copied, address, what, "read", error);
    size_t count = memory_count_units(page, width, units);
    done += count;
    *out = done;
    if (count < units) return ARK_OK;
  }
}

ark_status ark_memory_text_length(uintptr_t address, size_t width, const char *what, size_t *out, ark_error *error) {
  ark_status status = ark_memory_check_address(address, what, error);
  if (status) return status;
  if (ark_memory_is_checked()) return memory_count_checked(address, width, what, out, error);
  *out =
      width == 1 ? strlen((const char *)address) : memory_count_units((const unsigned char *)address, width, SIZE_MAX);
  return ARK_OK;
}
