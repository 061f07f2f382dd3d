/* Reading types from text: what signatures and layouts share. */
#ifndef ARK__READER_H
#define ARK__READER_H

#include "arkffi/layout.h"

/* A position in a text; the whole is kept for messages. */
typedef struct ark__reader {
  const char *what; /* what messages begin with: "argument types" */
  const char *text, *at;
  unsigned depth;
} ark__reader;

/* Fails with ARK_BAD_SIGNATURE: "what: problem at position 3 of 'text'". */
ark_status ark__fail_reading(const ark__reader *in, const char *problem, ark_error *error);

/* Reads the struct or union at the position, and past it. On ARK_OK the caller has a reference in *out. Fails as
 * ark_layout_parse does. */
ark_status ark__read_aggregate(ark__reader *in, const ark_type **out, ark_error *error);

#endif
