/* Structs by value: what plans and closures share. */
#ifndef ARK__STRUCTS_H
#define ARK__STRUCTS_H

#include "platform/placement.h"

/* Whether an argument or the result is a struct or union. */
bool ark__passes_structs(const ark_signature *signature);

/* Where all of it goes. On ARK_OK the caller owns *out and gives it back with ark_free. Fails with ARK_NO_MEMORY, or
 * with ARK_BAD_SIGNATURE where there is no place for so much, or the machine's calling convention is not known. */
ark_status ark__place_structs(const ark_signature *signature, ark__placement **out, ark_error *error);

#endif
