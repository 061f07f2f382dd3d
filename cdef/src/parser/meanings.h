/* The meanings that declarations give to names.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_MEANINGS_H
#define CDEF_MEANINGS_H

#include "parser/parser.h"

/* Whether a name has a meaning, which no other declaration may replace. */
bool cdef_is_declared(const cdef_name *name);

/* Gives a meaning to a name that is not declared, and appends it to `first_name` unless it is listed already. */
void cdef_declare(cdef_parser *parser, cdef_name *name, cdef_meaning meaning, const cdef_location *location);

/* Fails because the name has another meaning already; the message names the line of its declaration. */
void cdef_fail_redeclared(cdef_parser *parser, const cdef_name *name, const cdef_location *location);

#endif
