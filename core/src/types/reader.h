/* A position in a text of types.
 *
 * Thread rule: a reader belongs to one thread.
 */
#ifndef ARK__READER_H
#define ARK__READER_H

#include "arkffi/error.h"

typedef struct ark__reader {
  const char *what; /* how messages begin: "argument types" */
  const char *text; /* all of it, for messages */
  const char *at;   /* the position */
  unsigned depth;   /* of nested types */
} ark__reader;

/* Fails with ARK_BAD_SIGNATURE and the message "what: problem at position 3 of 'text'". */
ark_status ark__fail_reading(const ark__reader *in, const char *problem, ark_error *error);

#endif
