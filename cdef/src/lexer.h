/* From text to tokens.
 *
 * The first failure stays: from then on every token is the end, so that the parser runs out by itself and nobody has to
 * ask after each step. What was to blame is in the parser's error.
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_LEXER_H
#define CDEF_LEXER_H

#include "arkffi/error.h"
#include <stdbool.h>
#include <stddef.h>

struct cdef_name;
struct cdef_parser;

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
#include "keywords.def"
#undef CDEF_KEYWORD
};

/* Where something stands. */
typedef struct cdef_place {
  const char *text, *line_start; /* in the text */
  size_t line;                   /* counted from 1, or as the last line marker says */
  const char *file;              /* what the last line marker names, not terminated; NULL without one */
  size_t file_length;
} cdef_place;

typedef struct cdef_token {
  int kind;
  size_t length;          /* bytes */
  cdef_place place;       /* its `text` is the token's */
  struct cdef_name *name; /* of an identifier or keyword */
} cdef_token;

/* Makes the next token the current one. Directives on the way are carried out. */
void cdef_next(struct cdef_parser *parser);

/* Whether the current token is of that kind; cdef_take also goes on to the next if it is; cdef_expect fails if not. */
bool cdef_is(const struct cdef_parser *parser, int kind);
bool cdef_take(struct cdef_parser *parser, int kind);
void cdef_expect(struct cdef_parser *parser, int kind);

/* Goes on behind the bracket that closes the one which is the current token. */
void cdef_skip_group(struct cdef_parser *parser);

/* Goes to the end of the line, from wherever on it. */
void cdef_skip_line(struct cdef_parser *parser);

/* Fails at the current token, or at another place. */
void cdef_fail(struct cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);
void cdef_fail_at(struct cdef_parser *parser, const cdef_place *place, const char *format, ...) ARK_PRINTF(3, 4);
void cdef_fail_expected(struct cdef_parser *parser, const char *expected);
void cdef_fail_memory(struct cdef_parser *parser);

#endif
