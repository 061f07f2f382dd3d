/* From text to tokens.
 *
 * The first failure stays: from then on every token is the end, so that the parser runs out by itself and nobody has to
 * ask after each step. What was to blame is in the parser's error.
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_LEXER_H
#define CDEF_LEXER_H

#include "parser/parser.h"

/* Makes the keywords known. */
void cdef_add_keywords(cdef_parser *parser);

/* Makes the next token the current one. Directives on the way are carried out. */
void cdef_next(cdef_parser *parser);

/* Whether the current token is of that kind; cdef_take also goes on to the next if it is; cdef_expect fails if not. */
bool cdef_is(const cdef_parser *parser, int kind);
bool cdef_take(cdef_parser *parser, int kind);
void cdef_expect(cdef_parser *parser, int kind);

/* Goes on behind the bracket that closes the one which is the current token. */
void cdef_skip_group(cdef_parser *parser);

/* Goes to the end of the line, from wherever on it. */
void cdef_skip_line(cdef_parser *parser);

#endif
