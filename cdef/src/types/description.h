/* Describes declarations as JSON. cdef/README.md documents the format.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_DESCRIPTION_H
#define CDEF_DESCRIPTION_H

#include "parser/macros.h"

/* The JSON of a type. In the arena of the parser; never NULL. */
const char *cdef_describe_type(cdef_parser *parser, const cdef_qualified_type *qualified);

/* The members of the JSON object that describes a function or variable of that type, without the braces. In the
 * arena of the parser; never NULL. */
const char *cdef_describe_symbol(cdef_parser *parser, const cdef_qualified_type *qualified);

/* The JSON of a constant, and the list that it belongs to. In the arena of the parser; never NULL. */
const char *cdef_describe_constant(cdef_parser *parser, const cdef_value *value, cdef_constant_list *list);

/* Writes the description of everything that was declared. Failures are in the status of the parser and in the
 * buffer. */
void cdef_write_description(cdef_parser *parser, cdef_buffer *json);

#endif
