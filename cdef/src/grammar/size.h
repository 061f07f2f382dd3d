/* The operators that ask for the layout of a type: sizeof, _Alignof, offsetof, and the address of a member of an object
 * whose address is a number.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_SIZE_H
#define CDEF_SIZE_H

#include "parser/parser.h"

/* The problem of a size or alignment of a type whose layout is not known. */
extern const char cdef_size_unknown[];

/* Reads sizeof or _Alignof, and its operand: a type, a string, a variable, a member, or an expression. */
cdef_value cdef_read_measure(cdef_parser *parser, bool is_align);

/* Reads offsetof and its operands. */
cdef_value cdef_read_offset(cdef_parser *parser);

/* Reads the operator & and its operand: `((T *)0)->member`. The address of anything else is no constant. */
cdef_value cdef_read_address(cdef_parser *parser);

#endif
