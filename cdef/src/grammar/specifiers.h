/* Declaration specifiers: storage classes, qualifiers, and the words that make up a type: C11 6.7.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_SPECIFIERS_H
#define CDEF_SPECIFIERS_H

#include "parser/parser.h"

/* The specifiers of a declaration, which all of its declarators share. */
typedef struct cdef_specifiers {
  cdef_qualified_type qualified;
  bool is_typedef, is_static, is_inline, is_constexpr;
  bool is_inferred;     /* `auto` without a type: that of the value after the name, C23 6.7.10; `unknown` until then */
  bool is_record;       /* the type is written as `struct …` or `union …` here, not named by a typedef */
  bool is_packed;       /* an attribute among them is `packed`, which applies to members */
  bool is_placed;       /* an attribute among them, not _Alignas, is `packed` or `aligned` */
  bool is_not_text;     /* as in cdef_attributes */
  size_t align;         /* bytes, from _Alignas or attributes; 0 for none */
  ark_abi abi;          /* as in cdef_attributes */
  const char *unusable; /* as in cdef_attributes */
} cdef_specifiers;

/* Whether a declaration or the name of a type can begin with the current token. */
bool cdef_begins_type(const cdef_parser *parser);

/* The type of a constant expression, or `unknown`. The current token stays. `ends` are the tokens that may follow it.
 */
cdef_type *cdef_type_of_expression(cdef_parser *parser, const char *ends);

/* Reads all specifiers. Their type is never NULL; it is `unknown` after a failure. */
cdef_specifiers cdef_read_specifiers(cdef_parser *parser);

#endif
