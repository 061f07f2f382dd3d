/* Structs by value: what plans and closures share.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__STRUCT_PLACEMENT_H
#define ARK__STRUCT_PLACEMENT_H

#include "cpu/placement.h"

/* Whether an argument or the result is a struct or union. */
bool ark__passes_structs(const ark_signature *signature);

/* Works out the placement of a signature with structs by value. On ARK_OK the caller owns *out and frees it with
 * ark_free. Fails with ARK_NO_MEMORY, or with ARK_BAD_SIGNATURE if the arguments are too large or this machine's
 * calling convention is not known. */
ark_status ark__place_structs(const ark_signature *signature, ark__placement **out, ark_error *error);

#endif
