/* Reads structs, unions and arrays from text: what layouts and signatures share. The syntax is that of arkffi/layout.h.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__LAYOUT_READER_H
#define ARK__LAYOUT_READER_H

#include "arkffi/aggregate.h"
#include "types/reader.h"

/* Reads the struct or union at the reader's position, and moves past it. On ARK_OK the caller has a reference in *out.
 * Fails as ark_layout_parse does. */
ark_status ark__read_aggregate(ark__reader *in, const ark_type **out, ark_error *error);

#endif
