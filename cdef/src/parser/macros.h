/* Macros: what #define says, and the tokens that a use of it stands for: C11 6.10.3.
 *
 * `cdef` is no preprocessor: the text is one that a compiler has preprocessed, or has no macros in its declarations. So
 * a macro is expanded only where a constant is read. Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_MACROS_H
#define CDEF_MACROS_H

#include "parser/parser.h"

/* Limit for the parameters of a macro. C11 5.2.4.1 requires 127. */
#define CDEF_MAX_PARAMETERS 127

/* Tokens in the order in which they are added. */
typedef struct cdef_token_list {
  ark_arena *arena; /* has the tokens */
  cdef_token *tokens;
  size_t count, size;
} cdef_token_list;

/* Adds a copy of a token. */
void cdef_add_token(cdef_parser *parser, cdef_token_list *list, const cdef_token *token);

/* The lists of constants in the description. JSON has no numbers for those of the last two. */
typedef enum cdef_constant_list {
  CDEF_PLAIN_CONSTANTS,  /* numbers and texts */
  CDEF_LARGE_CONSTANTS,  /* integers that JavaScript reads as bigint */
  CDEF_SPECIAL_CONSTANTS /* infinities and NaN */
} cdef_constant_list;

typedef struct cdef_macro cdef_macro;

/* One #define. Its parameters and its tokens are read when they are first needed. */
struct cdef_macro {
  cdef_name *name;
  const char *at;         /* the text after the name */
  cdef_location here;     /* of `at`, except for its `text` */
  bool has_parameters;    /* is written with parentheses */
  bool is_variadic;       /* the last parameter stands for any number of arguments */
  bool is_read;           /* the members below are set */
  bool is_expanding;      /* its tokens are being expanded, so that its name in them is final */
  cdef_name **parameters; /* in the arena of the parser, like all below */
  size_t parameter_count;
  cdef_token *tokens; /* followed by one of the kind CDEF_END */
  size_t token_count;
  const char *problem; /* why it cannot be used, or NULL */
  cdef_macro *next;    /* the next one of the text */

  /* What it stands for at the end of the text; set for macros that are still defined then. */
  const char *json;        /* a constant: JSON of its value; else NULL */
  cdef_constant_list list; /* a constant: where the description lists it */
  const char *reason;      /* why it is no constant; NULL where it is one */
  const cdef_name *alias;  /* the function or variable that it is another name of, or NULL */
};

/* Defines a macro. `name` is the current token, and the text continues right after it. */
void cdef_define_macro(cdef_parser *parser, cdef_name *name);

/* Keeps what a name stands for as a macro, or restores what was kept last: #pragma push_macro and pop_macro. */
void cdef_push_macro(cdef_parser *parser, cdef_name *name);
void cdef_pop_macro(cdef_parser *parser, cdef_name *name);

/* Reads the parameters and the tokens of a macro, once. Whether it can be used; `problem` says why not. */
bool cdef_read_macro(cdef_parser *parser, cdef_macro *macro);

#endif
