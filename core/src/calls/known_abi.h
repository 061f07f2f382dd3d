/* Refuses calling conventions that this machine does not know.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__KNOWN_ABI_H
#define ARK__KNOWN_ABI_H

#include "arkffi/error.h"
#include "arkffi/signature.h"

/* Fails with ARK_NOT_SUPPORTED if a signature, or that of a callback in it, has a convention that is not known. */
ark_status ark__check_abi(const ark_signature *signature, ark_error *error);

#endif
