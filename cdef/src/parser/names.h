/* The table of names: one entry for each identifier of a text, with everything that it means there.
 *
 * Thread rule: a table belongs to one thread.
 */
#ifndef CDEF_NAMES_H
#define CDEF_NAMES_H

#include "base/constant_value.h"
#include "parser/c_type.h"

/* What an identifier means as an ordinary identifier, that is, not as a tag: C11 6.2.3. */
typedef enum cdef_meaning {
  CDEF_UNKNOWN,
  CDEF_TYPE_NAME, /* of the type `qualified` */
  CDEF_CONSTANT,  /* of an enum: an integer, `value` */
  CDEF_FUNCTION_NAME,
  CDEF_VARIABLE
} cdef_meaning;

typedef struct cdef_name {
  const char *text; /* the identifier, not NUL-terminated, owned by the caller of cdef_name_of */
  size_t length;    /* bytes */
  uint64_t hash;
  int keyword; /* the kind of its token, or 0 for an identifier */
  cdef_meaning meaning;
  cdef_qualified_type qualified; /* type name, function, variable: the type */
  cdef_integer value;            /* constant: an integer; shape: its number in the description */
  const char *json;              /* function, variable, shape: JSON of its description; in the parser's arena */
  const char *label;             /* function, variable: symbol from an asm label, or NULL; in the parser's arena */
  cdef_type *tag;                /* the struct, union or enum with this tag, or NULL */
  size_t line;                   /* of the declaration; 0 for names that need none */
  unsigned member_of;            /* serial number of the last list of members that has this name */
  struct cdef_macro *macro;      /* what #define has made of the name, or NULL; independent of `meaning` */
  bool is_static;         /* a function or variable of this name is no symbol of the library, and has no meaning */
  bool is_inline;         /* such a function, on the list that `next_inline` links */
  bool is_listed;         /* is on the list that `next` links */
  struct cdef_name *next; /* the next name with a meaning; shape: the next shape */
  struct cdef_name *next_inline;
} cdef_name;

typedef struct cdef_names {
  cdef_name **slots;  /* owned; NULL for an empty slot */
  size_t size, count; /* slots, a power of two; entries */
} cdef_names;

struct ark_arena;

/* The entry for a spelling of `length` bytes; made in `arena` if there is none yet. `text` must live as long as the
 * table. NULL when out of memory. */
cdef_name *cdef_name_of(cdef_names *names, struct ark_arena *arena, const char *text, size_t length);

/* Frees the table. The entries belong to the arena. */
void cdef_names_free(cdef_names *names);

#endif
