/* Lines that begin with `#`.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_DIRECTIVES_H
#define CDEF_DIRECTIVES_H

#include "parser/parser.h"

/* Carries out the directive whose `#` has just been read. */
void cdef_read_directive(cdef_parser *parser);

#endif
