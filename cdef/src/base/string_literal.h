/* The characters of string and character literals: C11 6.4.4.4 and 6.4.5.
 *
 * Thread rule: a decoder belongs to one thread.
 */
#ifndef CDEF_STRING_LITERAL_H
#define CDEF_STRING_LITERAL_H

#include "base/text_buffer.h"
#include <stdint.h>

/* Length in bytes of the prefix L, u, U or u8 of a literal that begins at `text`; 0 for none. Without the prefix, the
 * literal begins with a quote. */
size_t cdef_prefix_length(const char *text);

/* The size of the units of a literal with that prefix, in bytes: 1, 2 or 4. */
size_t cdef_prefix_unit(const char *prefix, size_t length);

/* Decodes literals that stand beside each other. All of them have units of the same size. */
typedef struct cdef_string_decoder {
  size_t unit;         /* size of a unit in bytes */
  size_t count;        /* units so far */
  uint32_t last;       /* the last unit */
  uint32_t value;      /* the last four units of one byte each, the first one in the highest byte */
  uint32_t high;       /* the first half of a surrogate pair, whose second half must be next; 0 for none */
  cdef_buffer text;    /* owned: the characters in UTF-8; bytes of units of one byte */
  bool is_invalid;     /* the units are no text */
  const char *problem; /* why the literal has no value, or NULL; static */
} cdef_string_decoder;

/* Adds the characters between the quotes of a literal. */
void cdef_decode_string(cdef_string_decoder *decoder, const char *at, const char *end);

/* Whether the units that were decoded are valid text. */
bool cdef_is_text(const cdef_string_decoder *decoder);

/* The byte that an escape sequence stands for. *at points after its backslash, and is moved past the sequence, at most
 * to `end`. */
char cdef_read_escaped_byte(const char **at, const char *end);

#endif
