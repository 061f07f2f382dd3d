/* Writes text into a buffer that may be too small for it.
 *
 * Thread rule: a writer belongs to one thread.
 */
#ifndef ARK__TEXT_WRITER_H
#define ARK__TEXT_WRITER_H

#include <stddef.h>

typedef struct ark__text_writer {
  char *at, *end; /* what is beyond `end` is counted but not written; there is room for a NUL at `end` */
  size_t length;  /* of the whole text */
} ark__text_writer;

/* A writer to a buffer of `size` bytes, which stays the caller's; `out` may be NULL if it is 0. */
ark__text_writer ark__text_writer_to(char *out, size_t size);

void ark__write_char(ark__text_writer *to, char c);
void ark__write_number(ark__text_writer *to, size_t number);

/* Ends the text with a NUL, unless the buffer has no bytes at all. Returns the length in bytes of the whole text. */
size_t ark__text_writer_end(ark__text_writer *to);

#endif
