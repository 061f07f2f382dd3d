/* The bytes of structs and unions that belong to no member.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__PADDING_H
#define ARK__PADDING_H

#include "arkffi/aggregate.h"

/* Whether there may be such bytes in an aggregate whose members and size are known: false if there are none. */
bool ark__has_padding(const ark_aggregate *whole);

#endif
