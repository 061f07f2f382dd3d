/* The bytes of structs and unions that belong to no member.
 *
 * Thread rule: any thread.
 */
#ifndef ARKFFI_PADDING_H
#define ARKFFI_PADDING_H

#include "aggregate_type.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets the bytes that belong to no member to zero: C leaves anything there. Of a union these are the bytes that belong
 * to none of its members; a bit-field has all bytes that its bits lie in. `memory` has the size of the type. */
void ark_aggregate_clear_padding(const ark_aggregate *whole, void *memory);

#ifdef __cplusplus
}
#endif
#endif
