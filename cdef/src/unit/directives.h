/* Directives, the lines that begin with `#`: line markers, #pragma pack, and constants from #define and #undef.
 * Includes and conditions must be preprocessed before.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_DIRECTIVES_H
#define CDEF_DIRECTIVES_H

#include "parser/parser.h"

/* Reads the directive whose `#` was just read, to the end of its line. Leaves the token undefined; the lexer reads
 * the next one. */
void cdef_read_directive(cdef_parser *parser);

#endif
