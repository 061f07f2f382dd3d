/* What stands before a declarator: storage, qualifiers, and the words that make up a type.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_SPECIFIERS_H
#define CDEF_SPECIFIERS_H

#include "parser/parser.h"

/* What stands before the declarators of a declaration. */
typedef struct cdef_specifiers {
  cdef_qualified_type qualified;
  bool is_typedef, is_static, is_inline;
  bool is_record;       /* it was spelled out as a struct or union */
  size_t align;         /* bytes, from _Alignas; 0 for none */
  const char *unusable; /* a calling convention that is not the usual one, or NULL */
} cdef_specifiers;

/* Whether a declaration or the name of a type can begin with the current token. */
bool cdef_begins_type(const cdef_parser *parser);
cdef_specifiers cdef_read_specifiers(cdef_parser *parser);

#endif
