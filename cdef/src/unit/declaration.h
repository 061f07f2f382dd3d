/* The declarations of a text, and what they make of names.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_DECLARATION_H
#define CDEF_DECLARATION_H

#include "parser/parser.h"

/* One declaration, at the top level. */
void cdef_read_declaration(cdef_parser *parser);

#endif
