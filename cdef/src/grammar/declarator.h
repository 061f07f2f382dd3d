/* Declarators: the part of a declaration between the type and the comma, such as `*(*name[3])(int)`.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_DECLARATOR_H
#define CDEF_DECLARATOR_H

#include "grammar/attributes.h"
#include "grammar/specifiers.h"

/* A declarator that was read. */
typedef struct cdef_declarator {
  cdef_name *name;               /* NULL for an abstract declarator */
  cdef_location location;        /* of the name, or of the start of an abstract declarator */
  cdef_qualified_type qualified; /* the declared type */
  cdef_attributes attributes;
  bool is_abi_inside;   /* a calling convention stands after a pointer or in parentheses */
  const char *disputed; /* a reason why the size of it is not known, or NULL; static */
} cdef_declarator;

/* Reads a declarator, named or abstract, that follows `specifiers`. */
cdef_declarator cdef_read_declarator(cdef_parser *parser, const cdef_specifiers *specifiers);

/* Reads the name of a type: specifiers and an abstract declarator, C11 6.7.7. */
cdef_qualified_type cdef_read_type_name(cdef_parser *parser);

#endif
