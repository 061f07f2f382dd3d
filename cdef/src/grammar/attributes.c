#include "grammar/attributes.h"
#include "base/literal.h"
#include "grammar/expression.h"
#include "parser/lexer.h"
#include "types/basic_types.h"
#include <string.h>

/* Bytes; GCC's limit for alignments and for vectors. */
#define MAX_ALIGN ((size_t)1 << 28)

/* Whether the current token is the word, plain or as `__word__`. */
static bool attribute_is(const cdef_parser *parser, const char *word) {
  const char *text = parser->token.location.text;
  size_t length = parser->token.length, wanted = strlen(word);
  if (length == wanted + 4 && strncmp(text, "__", 2) == 0 && strncmp(text + length - 2, "__", 2) == 0) {
    text += 2;
    length = wanted;
  }
  return length == wanted && memcmp(text, word, wanted) == 0;
}

/* Reads a constant in parentheses. `absent` if there are no parentheses. */
static size_t attribute_read_number(cdef_parser *parser, size_t absent) {
  if (!cdef_take(parser, '(')) return absent;
  size_t number = (size_t)cdef_read_constant(parser).bits;
  cdef_expect(parser, ')');
  return number;
}

void cdef_check_align(cdef_parser *parser, size_t align, const cdef_location *location) {
  if (align == 0 || (align & (align - 1))) {
    cdef_fail_at(parser, location, "an alignment must be a power of two, got %zu", align);
  } else if (align > MAX_ALIGN) {
    cdef_fail_at(parser, location, "an alignment must be at most %zu, got %zu", MAX_ALIGN, align);
  }
}

static void attribute_read_aligned(cdef_parser *parser, cdef_attributes *out) {
  cdef_location location = parser->token.location;
  size_t align = attribute_read_number(parser, _Alignof(max_align_t));
  cdef_check_align(parser, align, &location);
  if (align > out->align) out->align = align;
}

static void attribute_read_vector(cdef_parser *parser, cdef_attributes *out) {
  cdef_location location = parser->token.location;
  size_t size = attribute_read_number(parser, 0);
  if (size == 0 || (size & (size - 1)) || size > MAX_ALIGN) {
    cdef_fail_at(parser, &location, "the size of a vector must be a power of two, got %zu", size);
  }
  out->vector = size;
}

/* Reads a machine mode of GCC, which sets the size of an integer: QI is one byte; HI, SI, DI and TI double it in
 * turn. */
static void attribute_read_mode(cdef_parser *parser, cdef_attributes *out) {
  static const struct {
    const char *name;
    size_t size;
  } modes[] = {{"QI", 1},
               {"byte", 1},
               {"HI", 2},
               {"SI", 4},
               {"DI", 8},
               {"TI", 16},
               {"word", sizeof(long)},
               {"pointer", sizeof(void *)},
               {"SF", 4},
               {"DF", 8}};
  cdef_expect(parser, '(');
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
    if (attribute_is(parser, modes[i].name)) out->mode = modes[i].size;
  }
  cdef_next(parser);
  cdef_expect(parser, ')');
}

static void attribute_read_one(cdef_parser *parser, cdef_attributes *out) {
  bool is_aligned = attribute_is(parser, "aligned"), is_mode = attribute_is(parser, "mode");
  bool is_vector = attribute_is(parser, "vector_size");
  if (attribute_is(parser, "packed")) out->is_packed = true;
  if (attribute_is(parser, "transparent_union")) out->is_transparent = true;
  if (attribute_is(parser, "ms_abi")) out->unusable = "the calling convention ms_abi is not supported";
  if (attribute_is(parser, "sysv_abi")) out->unusable = "the calling convention sysv_abi is not supported";
  cdef_next(parser);
  if (is_aligned) {
    attribute_read_aligned(parser, out);
  } else if (is_mode) {
    attribute_read_mode(parser, out);
  } else if (is_vector) {
    attribute_read_vector(parser, out);
  } else if (cdef_is(parser, '(')) {
    cdef_skip_group(parser);
  }
}

static void attribute_read_gnu(cdef_parser *parser, cdef_attributes *out) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  cdef_expect(parser, '(');
  while (!cdef_is(parser, ')') && !cdef_is(parser, CDEF_END)) {
    if (!cdef_take(parser, ',')) attribute_read_one(parser, out);
  }
  cdef_expect(parser, ')');
  cdef_expect(parser, ')');
}

bool cdef_begins_attribute(const cdef_parser *parser) {
  return cdef_is(parser, CDEF_ATTRIBUTE_WORD) || (cdef_is(parser, '[') && *parser->at == '[');
}

/* Reads attributes of C23, such as [[deprecated, gnu::packed]]. */
static void attribute_read_standard(cdef_parser *parser, cdef_attributes *out) {
  cdef_expect(parser, '[');
  cdef_expect(parser, '[');
  while (!cdef_is(parser, ']') && !cdef_is(parser, CDEF_END)) {
    if (!cdef_take(parser, ',') && !cdef_take(parser, ':')) attribute_read_one(parser, out);
  }
  cdef_expect(parser, ']');
  cdef_expect(parser, ']');
}

/* Adds the string literal that is the current token to a label. */
static void attribute_add_to_label(cdef_parser *parser, cdef_buffer *label) {
  const char *at = parser->token.location.text + 1, *end = at + parser->token.length - 2;
  while (at < end) {
    char c = *at++;
    if (c == '\\') c = (char)cdef_read_escape(&at, end);
    if (!c) cdef_fail(parser, "a symbol cannot contain \\0");
    cdef_buffer_append(label, &c, 1);
  }
}

/* Reads an asm label, asm("name"). Adjacent string literals are joined. */
static void attribute_read_label(cdef_parser *parser, cdef_attributes *out) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  cdef_buffer label = {0};
  while (cdef_is(parser, CDEF_STRING)) {
    attribute_add_to_label(parser, &label);
    cdef_next(parser);
  }
  cdef_expect(parser, ')');
  out->label = cdef_finish_text(parser, &label);
}

void cdef_read_attributes(cdef_parser *parser, cdef_attributes *attributes) {
  for (;;) {
    if (cdef_is(parser, CDEF_ATTRIBUTE_WORD)) {
      attribute_read_gnu(parser, attributes);
    } else if (cdef_begins_attribute(parser)) {
      attribute_read_standard(parser, attributes);
    } else if (cdef_is(parser, CDEF_ASM_WORD)) {
      attribute_read_label(parser, attributes);
    } else if (!cdef_take(parser, CDEF_IGNORED_WORD)) {
      return;
    }
  }
}

cdef_qualified_type cdef_apply_attributes(cdef_parser *parser, cdef_qualified_type qualified,
                                          const cdef_attributes *attributes) {
  cdef_type *type = qualified.type;
  bool is_integer = type->kind == CDEF_SCALAR && type->scalar->kind != ARK_KIND_FLOAT;
  if (attributes->mode && is_integer) {
    type = cdef_integer_type(parser, attributes->mode, type->scalar->kind == ARK_KIND_UNSIGNED);
    qualified.type = type ? type : &parser->basic.int128;
  }
  if (attributes->vector) {
    qualified.type = cdef_new_type(parser, CDEF_FOREIGN);
    qualified.type->name = "a vector";
    qualified.type->size = qualified.type->align = attributes->vector;
    qualified.type->is_complete = true;
  }
  if (attributes->is_transparent && qualified.type->kind == CDEF_UNION) qualified.type->is_transparent = true;
  return qualified;
}

cdef_name *cdef_read_tag(cdef_parser *parser, cdef_attributes *attributes) {
  cdef_next(parser);
  cdef_read_attributes(parser, attributes);
  cdef_name *tag = cdef_is(parser, CDEF_IDENTIFIER) ? parser->token.name : NULL;
  if (tag) cdef_next(parser);
  return tag;
}
