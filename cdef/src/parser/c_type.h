/* C types as declarations build them.
 *
 * Thread rule: a type belongs to the parser that made it, and lives in its arena.
 */
#ifndef CDEF_TYPE_H
#define CDEF_TYPE_H

#include "arkffi/layout.h"
#include "arkffi/signature.h"

typedef enum cdef_kind {
  CDEF_VOID,
  CDEF_SCALAR,  /* an integer, bool, float, double or enum: arkffi has a letter for it */
  CDEF_FOREIGN, /* a type without a letter of its own, such as a vector; `name` says which */
  CDEF_POINTER,
  CDEF_ARRAY,
  CDEF_FUNCTION,
  CDEF_STRUCT,
  CDEF_UNION
} cdef_kind;

typedef struct cdef_type cdef_type;
typedef struct cdef_member cdef_member;
struct cdef_name;

/* A type with the qualifiers and the alignment that a declaration gives it. */
typedef struct cdef_qualified_type {
  cdef_type *type;
  bool is_const;
  size_t align; /* bytes, from an `aligned` attribute of a typedef; 0 for the type's own alignment */
} cdef_qualified_type;

/* A member of a struct or union, or a parameter of a function. */
struct cdef_member {
  cdef_member *next;
  struct cdef_name *name; /* NULL for an anonymous member and an unnamed parameter */
  cdef_qualified_type qualified;
  int bits;                   /* width of a bit-field; -1 for any other member */
  size_t align;               /* bytes, from an attribute of the member itself; 0 for the alignment of its type */
  bool is_packed;             /* aligned to 1 byte unless `align` says otherwise */
  const ark_member *laid_out; /* the core's layout of the member, owned by the layout of its struct, which must be
                                 complete; NULL for a parameter */
};

/* A comment that begins with kinds of types names those that use the member. A struct or union is complete after its
 * `}`. */
struct cdef_type {
  cdef_kind kind;
  bool is_complete;        /* the size is known; function: the parameters are known */
  bool is_open;            /* struct, union, enum: the `{` was read */
  bool is_enum;            /* scalar: the type of an enum */
  bool is_variadic;        /* function */
  ark_abi abi;             /* function: the calling convention that an attribute names */
  bool is_transparent;     /* union: passed as its first member */
  bool is_packed;          /* struct, union: every member is aligned to 1 byte */
  bool is_big_endian;      /* struct, union: the numbers in it, those in structs inside not included */
  ark_bit_fields bits;     /* struct, union: whose rules place the bit-fields */
  bool is_refused;         /* an attribute makes it unusable; a function and a struct have only `unusable` */
  bool has_unknown_layout; /* `size` and `align` may be wrong, because of an attribute; the type is unusable */
  bool is_not_text;        /* pointer: the characters that it points to need not end with NUL */
  bool has_length;         /* array, as a parameter: its brackets have a length, though `count` is 0 */
  unsigned depth;          /* levels of arrays, structs and unions inside one another */
  size_t leaves;           /* struct, union: members other than structs and unions, those of nested ones included */
  unsigned index;          /* struct, union, enum: number of the type in the description */
  size_t size, align;      /* bytes; 0 where C defines none */
  size_t least_align;      /* struct, union: bytes, from an attribute of the type itself; 0 for none */
  size_t typedef_align;    /* struct, union: bytes, the greatest alignment that a typedef gives it; 0 for none */
  size_t pack;             /* struct, union: limit for the alignment of members, in bytes; 0 for no limit */
  const ark_type *scalar;  /* scalar: the core's type; static */
  ark_aggregate *layout;   /* struct, union: the core's layout, owned by the parser; NULL until it is complete */
  const char *letters;     /* foreign: how layouts have it, if JavaScript converts its values; static; or NULL */
  const char *name;      /* struct, union, enum, foreign: the name in messages, "struct stat"; static or in the arena */
  const char *unusable;  /* why no value of the type can be passed, or NULL; static or in the arena */
  struct cdef_name *tag; /* struct, union: NULL without a tag */
  cdef_qualified_type target; /* pointer: what it points to; array: the element; function: the result */
  uint64_t count;             /* array: elements; 0 for an unknown length */
  cdef_member *members;       /* struct, union: members in order; function: parameters; enum: constants */
  cdef_type *next; /* struct, union, enum: the next one of the text; while a declarator is read: its next outer part */
};

#endif
