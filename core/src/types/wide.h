/* Scalars of 16 bytes: aggregates without members, which are static.
 *
 * Thread rule: constant data.
 */
#ifndef ARK__WIDE_H
#define ARK__WIDE_H

#include "arkffi/aggregate_type.h"

/* The type with that letter in def/wide.def, or NULL if there is none, or this platform does not have it. */
const ark_type *ark__wide_of_code(char code);

#endif
