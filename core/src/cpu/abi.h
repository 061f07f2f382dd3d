/* Which of the calling conventions that this machine knows a signature has.
 *
 * Thread rule: pure functions.
 */
#ifndef ARK__ABI_H
#define ARK__ABI_H

#include "arkffi/signature.h"
#include "cpu/convention.h"

/* Whether this machine knows a calling convention. Plans and closures of another are never made. */
static inline bool ark__knows_abi(ark_abi abi) {
  return abi == ARK_ABI_PLATFORM || (abi == ARK_ABI_MS ? ARK__MS : ARK__SYSTEM_V);
}

/* Whether a signature has Microsoft's convention. On Windows the platform's own is that one. */
static inline bool ark__is_ms(const ark_signature *signature) {
  return ARK__MS && (signature->abi == ARK_ABI_MS || (!ARK__SYSTEM_V && signature->abi == ARK_ABI_PLATFORM));
}

/* Whether C code can call functions of a signature, and be called, by function pointers without attributes. */
static inline bool ark__is_native(const ark_signature *signature) {
  return !ARK__MS || ark__is_ms(signature) == !ARK__SYSTEM_V;
}

#endif
