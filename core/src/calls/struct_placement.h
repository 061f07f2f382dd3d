/* Arguments that need a placement: structs by value, and on some machines others. Plans and closures share this.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__STRUCT_PLACEMENT_H
#define ARK__STRUCT_PLACEMENT_H

#include "cpu/placement.h"

/* Whether an argument or the result is a struct or union. */
bool ark__passes_structs(const ark_signature *signature);

/* Whether a placement has to say where the arguments are, because the rules for scalars that plans and closures follow
 * by themselves do not: structs are passed by value, Apple's convention has arguments on the stack, or a function with
 * Microsoft's is variadic. */
bool ark__needs_placement(const ark_signature *signature);

/* Works out the placement of a signature that needs one. On ARK_OK the caller owns *out and frees it with
 * ark_free. Fails with ARK_NO_MEMORY, or with ARK_BAD_SIGNATURE if the arguments are too large or this machine's
 * calling convention is not known. */
ark_status ark__place_structs(const ark_signature *signature, ark__placement **out, ark_error *error);

#endif
