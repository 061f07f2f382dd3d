/* Tokens and source locations.
 *
 * Thread rule: a token belongs to the parser that read it.
 */
#ifndef CDEF_TOKEN_H
#define CDEF_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct cdef_name;

/* Kinds of tokens. The kind of a punctuator of one character is that character. */
enum {
  CDEF_END = 0,
  CDEF_RESUME, /* the end of an expansion, after which the text goes on; never the current token */
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
  CDEF_PASTE, /* ## */
#define CDEF_KEYWORD(token, spellings) CDEF_##token##_WORD,
#include "base/keywords.def"
#undef CDEF_KEYWORD
};

/* A position in the source text, for messages. */
typedef struct cdef_location {
  const char *text, *line_start; /* the position itself, and the start of its line */
  size_t line;                   /* from 1, or as the last line marker numbers it */
  const char *file;              /* named by the last line marker, not NUL-terminated; NULL before the first one */
  size_t file_length;            /* bytes */
} cdef_location;

typedef struct cdef_token {
  int kind;
  bool has_space;         /* something separates it from the token before it */
  bool is_final;          /* the name of a macro in its own expansion, which is not expanded again: C11 6.10.3.4 */
  size_t length;          /* bytes */
  cdef_location location; /* `location.text` is the text of the token */
  struct cdef_name *name; /* identifier or keyword: its entry in the table of names; else NULL */
} cdef_token;

/* Whether a token is written as `text`. */
static inline bool cdef_token_is(const cdef_token *token, const char *text) {
  return token->length == strlen(text) && memcmp(token->location.text, text, token->length) == 0;
}

#endif
