/* What the parts of the parser share. Each part reads one kind of thing, from the current token to behind its end.
 *
 * As lexer.h says, the first failure stays, and none of these functions tells of it. They give something harmless then.
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_PARSER_H
#define CDEF_PARSER_H

#include "arkffi/arena.h"
#include "arkffi/error.h"
#include "json.h"
#include "lexer.h"
#include "names.h"
#include "type.h"

/* How deep declarations, declarators and expressions may be inside one another. C11 5.2.4.1 asks for 63 of each. */
#define CDEF_MAX_DEPTH 200

/* How many members a struct may have, those of the structs inside counted as often as these are there. More would make
 * more text of a few declarations than memory holds. */
#define CDEF_MAX_LEAVES 65536

/* How many `#pragma pack(push)` may be open. */
#define CDEF_MAX_PACKS 32

/* Types without declarators. */
typedef struct cdef_basic_types {
  cdef_type void_type, bool_type, char_type, char16_type;
  cdef_type scalars[ARK_TYPE_COUNT]; /* by ark_type_id; those of integers, float and double */
  cdef_type long_double, int128, complex_float, complex_double, complex_long_double, va_list_type, untold;
} cdef_basic_types;

typedef struct cdef_parser {
  /* The text. */
  const char *at;    /* the next character */
  cdef_place here;   /* of the next token, but for its `text` */
  cdef_token token;  /* the current one */
  bool in_directive; /* the end of the line is the end of the tokens */
  bool is_header;    /* a line marker was seen */

  /* What is known so far. */
  cdef_names names;
  cdef_names shapes;                      /* types of functions that are passed as pointers, by their description */
  cdef_name *first_name, **next_name;     /* those with a meaning, in order */
  cdef_type *first_record, **next_record; /* structs and unions, in order */
  cdef_name *first_shape, **next_shape;   /* the shapes, in order; the index of one is in its value */
  unsigned type_count;                    /* structs, unions and shapes, which share one numbering */
  unsigned member_lists;                  /* serial number of the list of members read last */
  unsigned depth;
  bool is_in_parameters; /* of a function, where the length of an array says nothing */
  size_t pack;           /* bytes, from #pragma pack; 0 for no limit */
  size_t packs[CDEF_MAX_PACKS], pack_count;
  cdef_basic_types basic;

  ark_arena arena;
  ark_status status;
  ark_error *error;
} cdef_parser;

/* What stands before the declarators of a declaration. */
typedef struct cdef_specifiers {
  cdef_use use;
  bool is_typedef, is_static, is_inline;
  bool is_record;       /* it was spelled out as a struct or union */
  size_t align;         /* bytes, from _Alignas; 0 for none */
  const char *unusable; /* a calling convention that is not the usual one, or NULL */
} cdef_specifiers;

/* What `__attribute__` and `asm` say, as far as it changes how something is passed or found. */
typedef struct cdef_attributes {
  bool is_packed, is_transparent;
  size_t align;         /* bytes; 0 for none */
  size_t mode;          /* bytes of the integer that `mode` asks for; 0 for none */
  size_t vector;        /* bytes of a vector; 0 for none */
  const char *unusable; /* a calling convention that is not the usual one, or NULL */
  const char *label;    /* the symbol that `asm` names; NULL for none */
} cdef_attributes;

/* One declarator: what it declares, and how. */
typedef struct cdef_declarator {
  cdef_name *name; /* NULL for an abstract one */
  cdef_place place;
  cdef_use use;
  cdef_attributes attributes;
} cdef_declarator;

/* Memory that lives as long as the parser, zeroed. NULL, and a failure, where there is none. */
void *cdef_take_memory(cdef_parser *parser, size_t size);

/* Text put together as by printf, in that memory. Never NULL. */
const char *cdef_text(cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);

/* The same for why something cannot be used: as one reason may become part of many others, a long one is cut. */
const char *cdef_reason(cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);

/* Text that was put together in a writer, which is given back. Never NULL. */
const char *cdef_keep(cdef_parser *parser, cdef_json *json);

/* One level deeper, or a failure where that is too deep; each cdef_deeper has its cdef_shallower. */
void cdef_deeper(cdef_parser *parser);
void cdef_shallower(cdef_parser *parser);

/* ---- basic.c */

/* Makes the types and names that need no declaration known. */
void cdef_begin_basic_types(cdef_parser *parser);

/* The integer type of that many bytes, or NULL. */
cdef_type *cdef_integer_type(cdef_parser *parser, size_t size, bool is_unsigned);

/* A new type. Never NULL. */
cdef_type *cdef_new_type(cdef_parser *parser, cdef_kind kind);

/* `_Complex` of a type that is no word of the language. */
cdef_type *cdef_complex_type(cdef_parser *parser, const cdef_type *type);

/* Why no value of that type can be passed, or NULL. */
const char *cdef_why_unusable(cdef_parser *parser, const cdef_type *type);

/* ---- specifiers.c, aggregate.c, declarator.c, attributes.c */

/* Whether a declaration or the name of a type can begin with the current token. */
bool cdef_begins_type(const cdef_parser *parser);
cdef_specifiers cdef_read_specifiers(cdef_parser *parser);

/* From `struct`, `union` or `enum` on. */
cdef_type *cdef_read_record(cdef_parser *parser, bool is_union);
cdef_type *cdef_read_enum(cdef_parser *parser);

/* Measures a struct or union whose members are known. */
void cdef_complete_record(cdef_parser *parser, cdef_type *type, const cdef_place *place);

cdef_declarator cdef_read_declarator(cdef_parser *parser, const cdef_specifiers *specifiers);
cdef_use cdef_read_type_name(cdef_parser *parser);

/* Whether the current token begins an attribute of GNU C or C23. */
bool cdef_begins_attribute(const cdef_parser *parser);

/* Any number of them; adds to `attributes`. */
void cdef_read_attributes(cdef_parser *parser, cdef_attributes *attributes);

/* The type that they make of another one. Alignment and packing are left to who knows what they are meant for. */
cdef_use cdef_apply_attributes(cdef_parser *parser, cdef_use use, const cdef_attributes *attributes);

/* ---- expression.c */

/* A constant expression, as wide as a `?:`. A value that cannot be known has a problem, which is no failure yet. */
cdef_value cdef_read_expression(cdef_parser *parser);

/* The same, where there must be a value. */
cdef_value cdef_read_constant(cdef_parser *parser);
bool cdef_is_negative(cdef_value value);

/* ---- directives.c */

/* Carries out the directive whose `#` has just been read. */
void cdef_read_directive(cdef_parser *parser);

/* ---- describe.c */

/* What is said of a type, of a function, or of a variable. In the parser's arena; never NULL. */
const char *cdef_describe_use(cdef_parser *parser, const cdef_use *use);
const char *cdef_describe_symbol(cdef_parser *parser, const cdef_use *use);

/* All that was declared. */
void cdef_write_description(cdef_parser *parser, cdef_json *json);

/* ---- declaration.c */

/* Whether a name has a meaning that another declaration must not take from it. */
bool cdef_is_declared(const cdef_name *name);

/* Gives a name that is not declared a meaning, and puts it on the list. */
void cdef_declare(cdef_parser *parser, cdef_name *name, cdef_meaning meaning, const cdef_place *place);

/* Fails: that name has another meaning already. */
void cdef_fail_redeclared(cdef_parser *parser, const cdef_name *name, const cdef_place *place);

/* The whole text. */
void cdef_read_text(cdef_parser *parser);

#endif
