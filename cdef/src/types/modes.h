/* Machine modes of GCC, which set the size of a scalar type: `__attribute__((mode(QI)))`.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_MODES_H
#define CDEF_MODES_H

#include "parser/parser.h"

typedef struct cdef_mode cdef_mode;

/* The mode of that name, or NULL; static. */
const cdef_mode *cdef_mode_of(const char *name, size_t length);

/* The type with a mode. A type that cannot have the mode becomes unusable. */
cdef_qualified_type cdef_with_mode(cdef_parser *parser, cdef_qualified_type qualified, const cdef_mode *mode);

#endif
