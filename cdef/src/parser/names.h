/* Every identifier of a text once, with all that it means there.
 *
 * Thread rule: a table belongs to one thread.
 */
#ifndef CDEF_NAMES_H
#define CDEF_NAMES_H

#include "parser/c_type.h"
#include "base/integer_value.h"

/* What an identifier means where no tag is asked for. */
typedef enum cdef_meaning {
  CDEF_UNKNOWN,
  CDEF_TYPE_NAME, /* `qualified` is the type */
  CDEF_CONSTANT,  /* `value`, or what `json` says */
  CDEF_FUNCTION_NAME,
  CDEF_VARIABLE
} cdef_meaning;

typedef struct cdef_name {
  const char *text; /* not terminated */
  size_t length;    /* bytes */
  uint64_t hash;
  int keyword; /* its token, or 0 */
  cdef_meaning meaning;
  cdef_qualified_type qualified; /* type name, function, variable: its type */
  cdef_value value;
  const char *json;   /* constant that is no integer; function or variable: what is said of it */
  const char *label;  /* function or variable: the symbol that it has in a library, or NULL for its own name */
  cdef_type *tag;     /* the struct, union or enum of that tag */
  size_t line;        /* of its first declaration; 0 for what is known from the start */
  unsigned member_of; /* serial number of the list of members where it was last seen */
  bool is_macro;      /* constant that the preprocessor put in place of its name: another declaration goes before it */
  bool is_listed;     /* is among those with a meaning */
  struct cdef_name *next; /* the next of these */
} cdef_name;

typedef struct cdef_names {
  cdef_name **slots; /* owned; a power of two of them */
  size_t size, count;
} cdef_names;

/* The entry for a spelling, made in `arena` if there is none yet. `text` must live as long as the table. NULL when out of
 * memory. */
struct ark_arena;
cdef_name *cdef_name_of(cdef_names *names, struct ark_arena *arena, const char *text, size_t length);

/* Gives the table back; the entries are the arena's. */
void cdef_names_free(cdef_names *names);

#endif
