/* What the parts of the parser share. Each part reads one kind of thing, from the current token to behind its end.
 *
 * As lexer.h says, the first failure stays, and none of these functions tells of it. They give something harmless then.
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_PARSER_H
#define CDEF_PARSER_H

#include "arkffi/arena.h"
#include "arkffi/error.h"
#include "parser/c_type.h"
#include "parser/names.h"
#include "base/text_buffer.h"
#include "base/token.h"

/* How deep declarations, declarators and expressions may be inside one another. C11 5.2.4.1 asks for 63 of each. */
#define CDEF_MAX_DEPTH 200

/* How many `#pragma pack(push)` may be open. */
#define CDEF_MAX_PACKS 32

/* Types without declarators. */
typedef struct cdef_basic_types {
  cdef_type void_type, bool_type, char_type, char16_type;
  cdef_type scalars[ARK_TYPE_COUNT]; /* by ark_type_id; those of integers, float and double */
  cdef_type long_double, int128, complex_float, complex_double, complex_long_double, va_list_type, unknown;
} cdef_basic_types;

typedef struct cdef_parser cdef_parser;

struct cdef_parser {
  /* The text. */
  const char *at;                              /* the next character */
  cdef_location here;                          /* of the next token, but for its `text` */
  cdef_token token;                            /* the current one */
  bool in_directive;                           /* the end of the line is the end of the tokens */
  bool is_header;                              /* a line marker was seen */
  void (*read_directive)(cdef_parser *parser); /* carries out the directive whose `#` has just been read */

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
};

/* How far a parser has read, to go on from there once more. */
typedef struct cdef_position {
  const char *at;
  cdef_location here;
  cdef_token token;
} cdef_position;

/* Fails at the current token, or at another place. */
void cdef_fail(cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);
void cdef_fail_at(cdef_parser *parser, const cdef_location *location, const char *format, ...) ARK_PRINTF(3, 4);
void cdef_fail_expected(cdef_parser *parser, const char *expected);
void cdef_fail_memory(cdef_parser *parser);

/* Memory that lives as long as the parser, zeroed. NULL, and a failure, where there is none. */
void *cdef_take_memory(cdef_parser *parser, size_t size);

/* Text put together as by printf, in that memory. Never NULL. */
const char *cdef_format(cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);

/* The same for why something cannot be used: as one reason may become part of many others, a long one is cut. */
const char *cdef_format_reason(cdef_parser *parser, const char *format, ...) ARK_PRINTF(2, 3);

/* Text that was put together in a writer, which is given back. Never NULL. */
const char *cdef_finish_text(cdef_parser *parser, cdef_buffer *buffer);

/* A new type. Never NULL. */
cdef_type *cdef_new_type(cdef_parser *parser, cdef_kind kind);

/* Where the parser is, and back to there. A failure since then is not taken back. */
cdef_position cdef_position_of(const cdef_parser *parser);
void cdef_return_to(cdef_parser *parser, const cdef_position *position);

/* One level deeper, or a failure where that is too deep; each cdef_enter_level has its cdef_leave_level. */
void cdef_enter_level(cdef_parser *parser);
void cdef_leave_level(cdef_parser *parser);

#endif
