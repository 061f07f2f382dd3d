/* Functions of GCC and Clang that have a value when they are compiled, and the constants of C23.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_BUILTINS_H
#define CDEF_BUILTINS_H

#include "parser/parser.h"

/* Reads one of them with its arguments. False, with nothing read, for any other name. */
bool cdef_read_builtin(cdef_parser *parser, cdef_value *out);

#endif
