/* Fuzzer: any text is either described or refused, without a memory error, a leak, or excessive memory. */
#include "arkffi/alloc.h"
#include "arkffi/cdef.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = ark_copy_text((const char *)data, size);
  char *json = NULL;
  ark_error error = {"?"};
  if (!text) return 0;
  ark_status status = cdef_describe(text, &json, &error);
  if (!status && strlen(json) < 2) __builtin_trap();
  if (status && !error.message[0]) __builtin_trap();
  ark_free(json);
  ark_free(text);
  return 0;
}
