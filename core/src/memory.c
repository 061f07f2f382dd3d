#include "arkffi/memory.h"
#include <string.h>

ark_status ark_address_check(uintptr_t address, const char *what, ark_error *error) {
  if (address >= ARK_LOWEST_ADDRESS) return ARK_OK;
  return ark_fail(error, ARK_NULL_POINTER, "%s: %llu is no address: nothing is mapped below %u", what,
                  (unsigned long long)address, ARK_LOWEST_ADDRESS);
}

ark_status ark_memory_read(uintptr_t address, const char *what, void *out, size_t size, ark_error *error) {
  if (!size) return ARK_OK;
  ark_status status = ark_address_check(address, what, error);
  if (!status) memcpy(out, (const void *)address, size);
  return status;
}

ark_status ark_memory_write(uintptr_t address, const char *what, const void *bytes, size_t size, ark_error *error) {
  if (!size) return ARK_OK;
  ark_status status = ark_address_check(address, what, error);
  /* memmove: the source may be a buffer that overlaps the target. */
  if (!status) memmove((void *)address, bytes, size);
  return status;
}

ark_status ark_string_length(uintptr_t address, const char *what, size_t *out, ark_error *error) {
  ark_status status = ark_address_check(address, what, error);
  if (!status) *out = strlen((const char *)address);
  return status;
}

ark_status ark_string16_length(uintptr_t address, const char *what, size_t *out, ark_error *error) {
  ark_status status = ark_address_check(address, what, error);
  if (status) return status;
  /* Read by bytes: C may have put a string at an odd address. */
  const unsigned char *unit = (const unsigned char *)address;
  size_t length = 0;
  for (; unit[0] | unit[1]; unit += 2) length++;
  *out = length;
  return ARK_OK;
}
