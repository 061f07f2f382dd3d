/* Declarations at the top level of a text.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_DECLARATION_H
#define CDEF_DECLARATION_H

#include "parser/parser.h"

/* Reads one declaration, and gives its names their meanings. */
void cdef_read_declaration(cdef_parser *parser);

#endif
