/* The expansion of macros: C11 6.10.3.1 to 6.10.3.4, and C23 for __VA_OPT__.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_EXPANSION_H
#define CDEF_EXPANSION_H

#include "parser/macros.h"

/* Limits for one expansion: tokens that it goes through, and their length in bytes. */
#define CDEF_MAX_EXPANSION 65536
#define CDEF_MAX_EXPANSION_BYTES (1 << 20)

/* What all macros of a text together may expand to, in bytes of tokens and their memory: this much, and
 * CDEF_EXPANSION_RATE for each byte of the text. It keeps the time proportional to the text. */
#define CDEF_EXPANSION_BASE ((size_t)16 << 20)
#define CDEF_EXPANSION_RATE 4

/* A constant may use one of this many parts of the rest. Macros that expand without end then leave room for others. */
#define CDEF_SHARES 8

/* What each constant may expand to even if nothing is left: tokens, their length in bytes, and how many of them may be
 * made by ##, which stay in memory. */
#define CDEF_OWN_TOKENS 128
#define CDEF_OWN_BYTES 1024
#define CDEF_OWN_PASTES 4

/* Expands a macro without parameters. Its first token becomes the current one, and the last one is followed by
 * CDEF_END. Only within a trial. The tokens live in `arena`. */
void cdef_replay_macro(cdef_parser *parser, cdef_macro *macro, ark_arena *arena);

/* Replaces the current token and the arguments after it, if it is a macro, by what they expand to; the text goes on
 * after it. Whether it did. In an expansion, where nothing is left to be expanded, it does nothing. */
bool cdef_expand_here(cdef_parser *parser);

#endif
