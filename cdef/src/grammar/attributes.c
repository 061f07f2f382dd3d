#include "grammar/attributes.h"
#include "types/basic_types.h"
#include "grammar/expression.h"
#include "parser/lexer.h"
#include <string.h>

/* Whether the current token is that word, also with the underscores that headers put around it. */
static bool is_word(const cdef_parser *parser, const char *word) {
  const char *text = parser->token.place.text;
  size_t length = parser->token.length, wanted = strlen(word);
  if (length == wanted + 4 && strncmp(text, "__", 2) == 0 && strncmp(text + length - 2, "__", 2) == 0) {
    text += 2;
    length = wanted;
  }
  return length == wanted && memcmp(text, word, wanted) == 0;
}

/* The number in parentheses, or `absent` where there are none. */
static size_t read_number(cdef_parser *parser, size_t absent) {
  if (!cdef_take(parser, '(')) return absent;
  size_t number = (size_t)cdef_read_constant(parser).bits;
  cdef_expect(parser, ')');
  return number;
}

static void read_aligned(cdef_parser *parser, cdef_attributes *out) {
  cdef_place place = parser->token.place;
  size_t align = read_number(parser, _Alignof(max_align_t));
  if (align == 0 || (align & (align - 1)) || align > (size_t)1 << 28) {
    cdef_fail_at(parser, &place, "an alignment must be a power of two, got %zu", align);
  } else if (align > out->align) {
    out->align = align;
  }
}

/* An integer of a machine's mode: QI is one byte, and each further letter doubles it. */
static void read_mode(cdef_parser *parser, cdef_attributes *out) {
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
    if (is_word(parser, modes[i].name)) out->mode = modes[i].size;
  }
  cdef_next(parser);
  cdef_expect(parser, ')');
}

static void read_one(cdef_parser *parser, cdef_attributes *out) {
  bool is_aligned = is_word(parser, "aligned"), is_mode = is_word(parser, "mode");
  bool is_vector = is_word(parser, "vector_size");
  if (is_word(parser, "packed")) out->is_packed = true;
  if (is_word(parser, "transparent_union")) out->is_transparent = true;
  if (is_word(parser, "ms_abi")) out->unusable = "the calling convention ms_abi is not supported";
  if (is_word(parser, "sysv_abi")) out->unusable = "the calling convention sysv_abi is not supported";
  cdef_next(parser);
  if (is_aligned) {
    read_aligned(parser, out);
  } else if (is_mode) {
    read_mode(parser, out);
  } else if (is_vector) {
    out->vector = read_number(parser, 0);
  } else if (cdef_is(parser, '(')) {
    cdef_skip_group(parser);
  }
}

static void read_attribute(cdef_parser *parser, cdef_attributes *out) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  cdef_expect(parser, '(');
  while (!cdef_is(parser, ')') && !cdef_is(parser, CDEF_END)) {
    if (!cdef_take(parser, ',')) read_one(parser, out);
  }
  cdef_expect(parser, ')');
  cdef_expect(parser, ')');
}

bool cdef_begins_attribute(const cdef_parser *parser) {
  return cdef_is(parser, CDEF_ATTRIBUTE_WORD) || (cdef_is(parser, '[') && *parser->at == '[');
}

/* [[deprecated, gnu::packed]], as C23 has them. */
static void read_standard_attribute(cdef_parser *parser, cdef_attributes *out) {
  cdef_expect(parser, '[');
  cdef_expect(parser, '[');
  while (!cdef_is(parser, ']') && !cdef_is(parser, CDEF_END)) {
    if (!cdef_take(parser, ',') && !cdef_take(parser, ':')) read_one(parser, out);
  }
  cdef_expect(parser, ']');
  cdef_expect(parser, ']');
}

/* asm("name"), which may come in pieces: all of them make up the symbol. */
static void read_label(cdef_parser *parser, cdef_attributes *out) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  cdef_buffer label = {0};
  while (cdef_is(parser, CDEF_STRING)) {
    cdef_buffer_print(&label, "%.*s", (int)parser->token.length - 2, parser->token.place.text + 1);
    cdef_next(parser);
  }
  cdef_expect(parser, ')');
  out->label = cdef_keep(parser, &label);
}

void cdef_read_attributes(cdef_parser *parser, cdef_attributes *attributes) {
  for (;;) {
    if (cdef_is(parser, CDEF_ATTRIBUTE_WORD)) {
      read_attribute(parser, attributes);
    } else if (cdef_begins_attribute(parser)) {
      read_standard_attribute(parser, attributes);
    } else if (cdef_is(parser, CDEF_ASM_WORD)) {
      read_label(parser, attributes);
    } else if (!cdef_take(parser, CDEF_IGNORED_WORD)) {
      return;
    }
  }
}

cdef_use cdef_apply_attributes(cdef_parser *parser, cdef_use use, const cdef_attributes *attributes) {
  cdef_type *type = use.type;
  bool is_integer = type->kind == CDEF_SCALAR && type->scalar->kind != ARK_KIND_FLOAT;
  if (attributes->mode && is_integer) {
    type = cdef_integer_type(parser, attributes->mode, type->scalar->kind == ARK_KIND_UNSIGNED);
    use.type = type ? type : &parser->basic.int128;
  }
  if (attributes->vector) {
    use.type = cdef_new_type(parser, CDEF_FOREIGN);
    use.type->name = "a vector";
    use.type->size = use.type->align = attributes->vector;
    use.type->is_complete = true;
  }
  if (attributes->is_transparent && use.type->kind == CDEF_UNION) use.type->is_transparent = true;
  return use;
}

cdef_name *cdef_read_tag(cdef_parser *parser, cdef_attributes *attributes) {
  cdef_next(parser);
  cdef_read_attributes(parser, attributes);
  cdef_name *tag = cdef_is(parser, CDEF_IDENTIFIER) ? parser->token.name : NULL;
  if (tag) cdef_next(parser);
  return tag;
}
