/* What names mean once they are declared.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_MEANINGS_H
#define CDEF_MEANINGS_H

#include "parser/parser.h"

/* Whether a name has a meaning that another declaration must not take from it. */
bool cdef_is_declared(const cdef_name *name);

/* Gives a name that is not declared a meaning, and puts it on the list. */
void cdef_declare(cdef_parser *parser, cdef_name *name, cdef_meaning meaning, const cdef_location *location);

/* Fails: that name has another meaning already. */
void cdef_fail_redeclared(cdef_parser *parser, const cdef_name *name, const cdef_location *location);

#endif
