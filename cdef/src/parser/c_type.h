/* C types, as declarations put them together.
 *
 * Thread rule: a type belongs to the parser that made it, and lives in its arena.
 */
#ifndef CDEF_TYPE_H
#define CDEF_TYPE_H

#include "arkffi/layout.h"

typedef enum cdef_kind {
  CDEF_VOID,
  CDEF_SCALAR,  /* has a letter: integers, bool, float, double, enums */
  CDEF_FOREIGN, /* a scalar that arkffi has no letter for, `name` says which */
  CDEF_POINTER,
  CDEF_ARRAY,
  CDEF_FUNCTION,
  CDEF_STRUCT,
  CDEF_UNION
} cdef_kind;

typedef struct cdef_type cdef_type;
typedef struct cdef_member cdef_member;
struct cdef_name;

/* A type as a declaration uses it. */
typedef struct cdef_qualified_type {
  cdef_type *type;
  bool is_const;
  size_t align; /* bytes, from an `aligned` of the typedef; 0 for the type's own */
} cdef_qualified_type;

/* A member of a struct or union, or a parameter of a function. */
struct cdef_member {
  cdef_member *next;
  struct cdef_name *name; /* NULL for an anonymous member and an unnamed parameter */
  cdef_qualified_type qualified;
  int bits;                   /* width of a bit-field, else -1 */
  size_t align;               /* bytes, as asked for by the member itself; 0 for its type's own */
  bool is_packed;             /* aligned to 1 byte unless `align` says otherwise */
  const ark_member *laid_out; /* where the core has laid it out, once its struct is complete; NULL in a parameter */
};

/* The constants say most of what is known of a type; struct and union are `is_complete` from their `}` on. */
struct cdef_type {
  cdef_kind kind;
  bool is_complete;    /* its size is known; function: its parameters are */
  bool is_open;        /* its `{` was read */
  bool is_enum;        /* a scalar that an enum is */
  bool is_variadic;    /* function */
  bool is_transparent; /* union that is passed as its first member */
  bool is_packed;      /* struct or union: every member aligned to 1 byte */
  unsigned depth;      /* how many arrays, structs and unions are inside one another here */
  size_t leaves;       /* struct and union: members that are no struct themselves, as often as they are in it */
  unsigned index;      /* struct and union: its place in the description */
  size_t size, align;  /* bytes; 0 where C gives none */
  size_t least_align;  /* bytes; struct and union: as asked for by the type itself, else 0 */
  size_t pack;         /* bytes; struct and union: no member is aligned to more; 0 for no limit */
  const ark_type *scalar;
  ark_aggregate *layout;      /* struct and union: the core's, owned; NULL while it is not complete */
  const char *name;           /* what messages call it: "long double", "struct stat"; static or in the arena */
  const char *unusable;       /* why no value of it can be passed, or NULL */
  struct cdef_name *tag;      /* struct, union; NULL where there is none */
  cdef_qualified_type target; /* what is pointed to, the element, the result */
  uint64_t count;             /* array: elements; 0 for one of unknown length */
  cdef_member *members;       /* struct, union, function: in order */
  cdef_type *next; /* the next struct or union of the text; while a declarator is read, the next outer part of it */
};

#endif
