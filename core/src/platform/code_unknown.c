/* For a machine whose code arkffi cannot make: ARK__CODE_INTEGERS is 0, and nobody asks for any. */
#include "code.h"

#if !ARK__SYSTEM_V && !ARK__AAPCS64
size_t ark__code_write(const ark__shim *shim, void *const *target, uint8_t *out) {
  (void)shim, (void)target, (void)out;
  return 0;
}

void ark__entries_write(uint8_t *page, size_t count, const void *cells, size_t cell_size) {
  (void)page, (void)count, (void)cells, (void)cell_size;
}
#endif
