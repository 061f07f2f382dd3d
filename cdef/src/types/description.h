/* What was declared, as JSON. cdef/README.md says what is in it.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_DESCRIPTION_H
#define CDEF_DESCRIPTION_H

#include "parser/parser.h"

/* What is said of a type, of a function, or of a variable. In the parser's arena; never NULL. */
const char *cdef_describe_type(cdef_parser *parser, const cdef_qualified_type *qualified);
const char *cdef_describe_symbol(cdef_parser *parser, const cdef_qualified_type *qualified);

/* All that was declared. */
void cdef_write_description(cdef_parser *parser, cdef_buffer *json);

#endif
