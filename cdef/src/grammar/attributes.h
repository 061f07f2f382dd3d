/* __attribute__ and asm: what changes a layout, a type, a call or a symbol.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_ATTRIBUTES_H
#define CDEF_ATTRIBUTES_H

#include "parser/parser.h"

/* What `__attribute__` and `asm` say, as far as it changes how something is passed or found. */
typedef struct cdef_attributes {
  bool is_packed, is_transparent;
  size_t align;         /* bytes; 0 for none */
  size_t mode;          /* bytes of the integer that `mode` asks for; 0 for none */
  size_t vector;        /* bytes of a vector; 0 for none */
  const char *unusable; /* a calling convention that is not the usual one, or NULL */
  const char *label;    /* the symbol that `asm` names; NULL for none */
} cdef_attributes;

/* Whether the current token begins an attribute of GNU C or C23. */
bool cdef_begins_attribute(const cdef_parser *parser);

/* Any number of them; adds to `attributes`. */
void cdef_read_attributes(cdef_parser *parser, cdef_attributes *attributes);

/* The type that they make of another one. Alignment and packing are left to who knows what they are meant for. */
cdef_qualified_type cdef_apply_attributes(cdef_parser *parser, cdef_qualified_type qualified,
                                          const cdef_attributes *attributes);

/* The tag behind struct, union or enum, which is the current token, with the attributes around it. NULL for none. */
cdef_name *cdef_read_tag(cdef_parser *parser, cdef_attributes *attributes);

#endif
