/* The lexer: turns the text into tokens.
 *
 * The first failure is final: after it every token is CDEF_END, so that all loops of the parser end and no caller has
 * to check the status after each step. The parser's error has the message.
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_LEXER_H
#define CDEF_LEXER_H

#include "parser/parser.h"

/* Enters all keywords into the table of names. */
void cdef_add_keywords(cdef_parser *parser);

/* Reads the next token into `parser->token`. Carries out the directives before it. */
void cdef_next(cdef_parser *parser);

/* Whether the current token is of that kind. */
bool cdef_is(const cdef_parser *parser, int kind);

/* Whether the punctuator `c` follows the current token, with nothing between them. */
bool cdef_is_before(const cdef_parser *parser, char c);

/* Reads the next token if the current one is of that kind. Whether it was. */
bool cdef_take(cdef_parser *parser, int kind);

/* Reads the next token if the current one is of that kind; fails otherwise. */
void cdef_expect(cdef_parser *parser, int kind);

/* Skips from the current token, an opening bracket, past the bracket that closes it. */
void cdef_skip_group(cdef_parser *parser);

/* Skips to the end of the current line, which a backslash or a comment may continue on the next one. Leaves
 * `parser->token` as it is. */
void cdef_skip_line(cdef_parser *parser);

#endif
