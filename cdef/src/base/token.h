/* Tokens, and where they stand.
 *
 * Thread rule: a token belongs to the parser that read it.
 */
#ifndef CDEF_TOKEN_H
#define CDEF_TOKEN_H

#include <stddef.h>

struct cdef_name;

/* A punctuator of one character is that character. */
enum {
  CDEF_END = 0,
  CDEF_IDENTIFIER = 256,
  CDEF_NUMBER,
  CDEF_CHARACTER,
  CDEF_STRING,
  CDEF_ELLIPSIS,
  CDEF_SHIFT_LEFT,
  CDEF_SHIFT_RIGHT,
  CDEF_LESS_EQUAL,
  CDEF_GREATER_EQUAL,
  CDEF_EQUAL,
  CDEF_NOT_EQUAL,
  CDEF_AND,
  CDEF_OR,
#define CDEF_KEYWORD(token, spellings) CDEF_##token##_WORD,
#include "base/keywords.def"
#undef CDEF_KEYWORD
};

/* Where something stands. */
typedef struct cdef_location {
  const char *text, *line_start; /* in the text */
  size_t line;                   /* counted from 1, or as the last line marker says */
  const char *file;              /* what the last line marker names, not terminated; NULL without one */
  size_t file_length;
} cdef_location;

typedef struct cdef_token {
  int kind;
  size_t length;          /* bytes */
  cdef_location location; /* its `text` is the token's */
  struct cdef_name *name; /* of an identifier or keyword */
} cdef_token;

#endif
