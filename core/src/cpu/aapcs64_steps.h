/* Steps that AAPCS64 and its variants, Apple's and that of Windows, have in common when they place arguments.
 *
 * Thread rule: pure functions.
 */
#ifndef ARK__AAPCS64_STEPS_H
#define ARK__AAPCS64_STEPS_H

#include "cpu/placement_steps.h"

/* Registers of each kind that carry arguments, and the largest struct in bytes that travels in integer registers. */
enum { ARK__AAPCS64_REGISTERS = 8, ARK__AAPCS64_LARGEST = 16 };

/* The number of floats, and the size of each, in a homogeneous floating-point aggregate (5.9.5); 0 for any other. */
size_t ark__aapcs64_homogeneous_floats(const ark_type *type, size_t *size);

/* Whether an aggregate holds no value: all its members are bit-fields without a name. Clang does not pass it. */
bool ark__aapcs64_is_empty(const ark_type *type);

/* The natural alignment (5.9): that of the members, without what the aggregate as a whole asks for. */
size_t ark__aapcs64_natural_align(const ark_type *type);

/* Places a signature by AAPCS64. `by_whole` says that what a struct as a whole asks for aligns it among the registers
 * and on the stack too, unless it consists of floats. */
bool ark__place_aapcs64_by(const ark_signature *signature, bool by_whole, ark__placement *out);

/* Places the result, as Clang does if the build lays structs out like it. */
void ark__aapcs64_place_result(ark__placement *to, const ark_type *type);

#endif
