/* Whether structs and unions have bytes that belong to no member.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__HAS_PADDING_H
#define ARK__HAS_PADDING_H

#include "arkffi/aggregate_type.h"

/* Whether there may be such bytes in an aggregate whose members and size are known: false if there are none. */
bool ark__has_padding(const ark_aggregate *whole);

#endif
