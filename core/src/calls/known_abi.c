#include "calls/known_abi.h"
#include "cpu/abi.h"

/* Recurses at most ARK_MAX_NESTING levels deep. */
ark_status ark__check_abi(const ark_signature *signature, ark_error *error) {
  if (!ark__knows_abi(signature->abi)) {
    const char *name = signature->abi == ARK_ABI_MS ? "ms" : "sysv";
    return ark_fail(error, ARK_NOT_SUPPORTED, "the calling convention '%s' is not known on this %s", name,
                    signature->abi == ARK_ABI_MS || ARK__MS ? "processor" : "platform");
  }
  ark_status status = ARK_OK;
  for (size_t i = 0; i < signature->count && !status; i++) {
    if (signature->parameters[i].callback) status = ark__check_abi(signature->parameters[i].callback, error);
  }
  return status;
}
