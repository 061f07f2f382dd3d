/* Steps that AAPCS64 and Apple's variant of it have in common when they place arguments.
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

/* Places the result, as Clang does if the build lays structs out like it. */
void ark__aapcs64_place_result(ark__placement *to, const ark_type *type);

#endif
