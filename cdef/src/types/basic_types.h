/* The types that need no declaration.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_BASIC_TYPES_H
#define CDEF_BASIC_TYPES_H

#include "parser/parser.h"

/* Whether compilers for this system know Microsoft's extensions of C: a struct with a tag may be an anonymous member.
 */
bool cdef_has_ms_extensions(void);

/* Sets `parser->basic`, and enters the names that need no declaration into the table of names. */
void cdef_add_basic_types(cdef_parser *parser);

/* The integer type of `size` bytes, or NULL where there is none. */
cdef_type *cdef_integer_type(cdef_parser *parser, size_t size, bool is_unsigned);

/* The type `_BitInt(bits)`, which has no type here: C does not say what the bits beyond its own are where it is passed.
 */
cdef_type *cdef_bit_int_type(cdef_parser *parser, uint64_t bits, bool is_unsigned);

/* The complex type of a type that is named by a typedef, such as `_Float32 _Complex`. */
cdef_type *cdef_complex_type(cdef_parser *parser, const cdef_type *type);

/* The reason why no value of the type can be passed, or NULL. Static or in the arena of the parser. */
const char *cdef_why_unusable(cdef_parser *parser, const cdef_type *type);

/* A copy of a type that cannot be used, because of `reason`, which is static or in the arena. Its size is not known. */
cdef_qualified_type cdef_refuse_type(cdef_parser *parser, cdef_qualified_type qualified, const char *reason);

#endif
