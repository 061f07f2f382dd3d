/* Stand-ins for a calling convention that arkffi does not know. They are never called: ARK__CODE_INTEGERS and
 * ARK__PLACES_ALL are 0, so the core writes no code and places no arguments itself. */
#include "cpu/code.h"
#include "cpu/block_enter.h"

#if !ARK__SYSTEM_V && !ARK__MS && !ARK__AAPCS64
size_t ark__shim_write(const ark__shim *shim, void *const *target, uint8_t *out, size_t room) {
  (void)shim, (void)target, (void)out, (void)room;
  return 0;
}

void ark__entries_write(uint8_t *page, size_t page_size, const void *closures, size_t closure_size) {
  (void)page, (void)page_size, (void)closures, (void)closure_size;
}

ark__reception ark__reception_of(const ark_signature *signature) {
  (void)signature;
  return NULL;
}

void ark__enter(ark_c_function function, const uint64_t *block, size_t stack, ark__returned *out) {
  (void)function, (void)block, (void)stack, (void)out;
}
#endif
