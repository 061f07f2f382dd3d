/* Attributes of GNU C and C23, and asm labels. Those that change a layout, a type, a call or a symbol are kept, or make
 * what is declared unusable; attributes.def lists all that are known.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_ATTRIBUTES_H
#define CDEF_ATTRIBUTES_H

#include "parser/parser.h"
#include "types/modes.h"

/* What `scalar_storage_order` says of the bytes of numbers. */
typedef enum cdef_byte_order { CDEF_ORDER_UNSAID, CDEF_ORDER_LITTLE, CDEF_ORDER_BIG } cdef_byte_order;

/* The attributes that change how a value is passed, laid out or found. */
typedef struct cdef_attributes {
  bool is_packed, is_transparent;
  bool is_not_text;      /* `nonstring` and the like: characters that need not end with NUL */
  size_t align;          /* `aligned`: bytes; 0 for none */
  const cdef_mode *mode; /* `mode`, or NULL; static */
  size_t vector;         /* `vector_size`: bytes; 0 for none */
  ark_bit_fields bits;   /* `ms_struct`, `gcc_struct`; the platform's for none */
  cdef_byte_order order; /* `scalar_storage_order` */
  ark_abi abi;           /* `ms_abi`, `sysv_abi`; the platform's for none */
  const char *unusable;  /* a reason that names an attribute that is not supported, or NULL; static or in the arena */
  const char *label;     /* symbol from an asm label, or NULL; in the arena of the parser */
} cdef_attributes;

/* The reason that makes what has `scalar_storage_order` unusable, unless it is a struct or union, for which alone it
 * means something; compare by address. */
extern const char cdef_other_order[];

/* Whether the current token begins an attribute of GNU C or C23. */
bool cdef_begins_attribute(const cdef_parser *parser);

/* Reads any number of attributes, asm labels and ignored words, and adds them to `attributes`. */
void cdef_read_attributes(cdef_parser *parser, cdef_attributes *attributes);

/* Reads any number of attributes of GNU C. Those of C23 after a `}` belong to the declaration, which compilers ignore.
 */
void cdef_read_type_attributes(cdef_parser *parser, cdef_attributes *attributes);

/* Adds a calling convention to those that the attributes name, of which there may be only one. */
void cdef_add_abi(cdef_attributes *to, ark_abi abi);

/* The type that results from attributes on a type. Does not apply `align` and `is_packed`, which mean different things
 * for a type, a typedef and a member: the caller does. */
cdef_qualified_type cdef_apply_attributes(cdef_parser *parser, cdef_qualified_type qualified,
                                          const cdef_attributes *attributes);

/* Fails unless `align`, in bytes, is a power of two that is not too large. */
void cdef_check_align(cdef_parser *parser, size_t align, const cdef_location *location);

/* Reads `struct`, `union` or `enum`, the tag after it, and the attributes in front of the tag, which are added to
 * `attributes`. The tag, or NULL for none. */
cdef_name *cdef_read_tag(cdef_parser *parser, cdef_attributes *attributes);

#endif
