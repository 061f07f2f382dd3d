/* The state of a parser, and what all parts of it use: failures, memory, positions and the limit for nesting.
 *
 * A function `cdef_read_…` reads one construct: it expects the first token of it as the current token, and leaves the
 * token after it as the current one.
 * The first failure is final, see parser/lexer.h. It is in `status` and `error`; functions report it in no other way,
 * and return some valid value after it.
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_PARSER_H
#define CDEF_PARSER_H

#include "arkffi/arena.h"
#include "arkffi/error.h"
#include "base/text_buffer.h"
#include "base/token.h"
#include "parser/c_type.h"
#include "parser/names.h"

/* Limit for declarations, declarators and expressions inside one another. C11 5.2.4.1 requires 63 levels. */
#define CDEF_MAX_DEPTH 200

/* Limit for open `#pragma pack(push)`. */
#define CDEF_MAX_PACKS 32

/* The pragmas that change layouts in ways that are not supported. */
typedef enum cdef_layout_pragma { CDEF_PRAGMA_OPTIONS, CDEF_PRAGMA_ATTRIBUTE, CDEF_LAYOUT_PRAGMAS } cdef_layout_pragma;

/* The types that need no declaration. `unknown` stands for every type that cannot be determined. */
typedef struct cdef_basic_types {
  cdef_type void_type, bool_type, char_type, char16_type, wchar_type;
  cdef_type scalars[ARK_TYPE_COUNT]; /* by ark_type_id; only those of integers, float and double are used */
  cdef_type long_double, int128, uint128, complex_float, complex_double, complex_long_double;
  cdef_type va_list_type, va_list_pointer, unknown;
} cdef_basic_types;

typedef struct cdef_parser cdef_parser;

struct cdef_parser {
  /* Position in the text. */
  const char *at;                              /* the next character; the text belongs to the caller of cdef_describe */
  cdef_location here;                          /* location of `at`, except for its `text` */
  cdef_token token;                            /* the current token */
  bool in_directive;                           /* a directive is read: the end of its line is CDEF_END */
  bool is_trying;                              /* between cdef_begin_trial and cdef_end_trial */
  const cdef_token *replay;                    /* tokens of an expansion, which are read before the text, up to one of
                                                  the kind CDEF_END or CDEF_RESUME; NULL for none */
  bool is_header;                              /* a line marker was seen */
  void (*read_directive)(cdef_parser *parser); /* carries out the directive whose `#` was just read */

  /* What the declarations so far have said. A shape is the type of a function that is passed as a pointer; its
   * description is its name in `shapes`. */
  cdef_names names;
  cdef_names shapes;
  cdef_name *first_name, **next_name;     /* names with a meaning, in order of declaration */
  cdef_name *first_inline;                /* static and inline functions, the last one first */
  cdef_type *first_record, **next_record; /* structs and unions, in order */
  cdef_type *first_enum, **next_enum;     /* enums, in order */
  unsigned enum_count;
  cdef_name *first_shape, **next_shape;         /* shapes, in order; `value` of each is its number */
  struct cdef_macro *first_macro, **next_macro; /* macros, in order, also those that another #define has replaced */
  struct cdef_saved_macro *saved_macros;        /* by #pragma push_macro, the last one first */
  size_t expansion_budget;                      /* how much all macros together may still expand to */
  unsigned type_count;                          /* structs, unions and shapes, which are numbered together */
  unsigned member_lists;                        /* serial number of the last list of members */
  unsigned depth;                               /* levels of the construct that is read now */
  bool is_in_parameters; /* parameters are read, where an array is a pointer and its length is ignored */
  bool is_big_endian;    /* what #pragma scalar_storage_order says of structs */
  const char *layout_problems[CDEF_LAYOUT_PRAGMAS]; /* why structs cannot be used now, or NULL; static */
  unsigned pushed_attributes;                       /* open `#pragma clang attribute push` */
  ark_bit_fields bits;                              /* from #pragma ms_struct; the platform's for none */
  size_t pack;                                      /* bytes, from #pragma pack; 0 for no limit */
  size_t packs[CDEF_MAX_PACKS];                     /* values of `pack` that #pragma pack(push) saved */
  size_t pack_count;                                /* number of saved values */
  cdef_basic_types basic;

  ark_arena arena; /* names, types and texts */
  ark_status status;
  ark_error *error; /* the caller's; has a message when `status` is not ARK_OK */
};

/* A position to which the parser can return, to read the same text in another way. */
typedef struct cdef_position {
  const char *at;
  const cdef_token *replay;
  cdef_location here;
  cdef_token token;
} cdef_position;

/* What the parser returns to after a trial. */
typedef struct cdef_trial {
  cdef_position position;
  bool in_directive, was_trying, is_in_parameters;
  unsigned depth;
  ark_error *error;
  ark_error reason; /* why it has failed; without a location */
} cdef_trial;

/* Fails with ARK_BAD_SIGNATURE at the current token, unless the parser has failed already. */
void cdef_fail(cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);

/* Fails as cdef_fail does, at another location. */
void cdef_fail_at(cdef_parser *parser, const cdef_location *location, const char *format, ...) ARK_PRINTF(3, 4);

/* Fails as cdef_fail does; the message says what was expected and quotes the current token. */
void cdef_fail_expected(cdef_parser *parser, const char *expected);

/* Whether a word is written as macros are: in capitals. */
bool cdef_is_like_macro(const char *word, size_t length);

/* Fails with ARK_NO_MEMORY, which replaces any other failure: that one may belong to an attempt that is undone. */
void cdef_fail_memory(cdef_parser *parser);

/* Takes zeroed memory that lives as long as the parser. Fails and returns NULL when out of memory. */
void *cdef_take_memory(cdef_parser *parser, size_t size);

/* Formats text of any length, in memory that lives as long as the parser. Never NULL; "" when out of memory. */
const char *cdef_format(cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);

/* Formats a reason why a value cannot be passed. A reason becomes part of the reasons of all types and functions
 * that use the type, so it is cut to 256 bytes, which keeps the description proportional to the text. Never NULL. */
const char *cdef_format_reason(cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);

/* Copies the text of a buffer into memory that lives as long as the parser, and frees the buffer. Fails when the buffer
 * has failed. Never NULL. */
const char *cdef_finish_text(cdef_parser *parser, cdef_buffer *buffer);

/* Creates a type. Never NULL: `unknown` is overwritten and returned when out of memory. */
cdef_type *cdef_new_type(cdef_parser *parser, cdef_kind kind);

/* The position of the current token. */
cdef_position cdef_position_of(const cdef_parser *parser);

/* Returns to a position. The status stays as it is, so the parser must not have failed since then. */
void cdef_return_to(cdef_parser *parser, const cdef_position *position);

/* Begins to read something whose failures are undone. Lack of memory is not undone. */
void cdef_begin_trial(cdef_parser *parser, cdef_trial *trial);

/* Ends a trial, and returns to where it has begun. Whether it has not failed. */
bool cdef_end_trial(cdef_parser *parser, cdef_trial *trial);

/* Counts one more level of nesting; fails beyond CDEF_MAX_DEPTH. Each call needs a cdef_leave_level, also after a
 * failure. */
void cdef_enter_level(cdef_parser *parser);

/* Counts one level of nesting less. */
void cdef_leave_level(cdef_parser *parser);

#endif
