/* The types that need no declaration.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_BASIC_TYPES_H
#define CDEF_BASIC_TYPES_H

#include "parser/parser.h"

/* Makes the types and names that need no declaration known. */
void cdef_add_basic_types(cdef_parser *parser);

/* The integer type of that many bytes, or NULL. */
cdef_type *cdef_integer_type(cdef_parser *parser, size_t size, bool is_unsigned);

/* `_Complex` of a type that is no word of the language. */
cdef_type *cdef_complex_type(cdef_parser *parser, const cdef_type *type);

/* Why no value of that type can be passed, or NULL. */
const char *cdef_why_unusable(cdef_parser *parser, const cdef_type *type);

#endif
