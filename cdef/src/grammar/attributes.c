#include "grammar/attributes.h"
#include "arkffi/ms_struct.h"
#include "base/string_literal.h"
#include "base/utf8.h"
#include "grammar/expression.h"
#include "grammar/size.h"
#include "parser/lexer.h"
#include "types/basic_types.h"
#include <string.h>

/* Bytes; GCC's limit for alignments and for vectors. */
#define MAX_ALIGN ((size_t)1 << 28)

/* Bytes of the name of an attribute that a message quotes. No known attribute has a longer name. */
enum { LONGEST_NAME = 64 };

/* What is done with an attribute; attributes.def says it for each. */
typedef enum attribute_effect {
  ATTRIBUTE_UNKNOWN,
  ATTRIBUTE_IGNORED,
  ATTRIBUTE_CONVENTION,
  ATTRIBUTE_MS_ABI,
  ATTRIBUTE_SYSTEM_V_ABI,
  ATTRIBUTE_MS_STRUCT,
  ATTRIBUTE_GCC_STRUCT,
  ATTRIBUTE_REFUSED,
  ATTRIBUTE_PACKED,
  ATTRIBUTE_ALIGNED,
  ATTRIBUTE_MODE,
  ATTRIBUTE_VECTOR,
  ATTRIBUTE_TRANSPARENT,
  ATTRIBUTE_NOT_TEXT,
  ATTRIBUTE_BYTE_ORDER
} attribute_effect;

/* A name that may be written with two underscores before and after it. */
typedef struct attribute_name {
  const char *text;
  int length;
} attribute_name;

static attribute_name attribute_name_of(const cdef_token *token) {
  const char *text = token->location.text;
  size_t length = token->length;
  if (length > 4 && strncmp(text, "__", 2) == 0 && strncmp(text + length - 2, "__", 2) == 0) {
    text += 2;
    length -= 4;
  }
  return (attribute_name){text, (int)cdef_cut_length(text, length, LONGEST_NAME)};
}

/* As strcmp. */
static int attribute_compare(const attribute_name *name, const char *word) {
  size_t length = strlen(word);
  int order = memcmp(name->text, word, (size_t)name->length < length ? (size_t)name->length : length);
  return order ? order : (int)((size_t)name->length > length) - (int)((size_t)name->length < length);
}

/* The attributes are sorted, because headers of some megabytes have thousands of them. */
static attribute_effect attribute_effect_of(const attribute_name *name) {
  static const struct {
    const char *name;
    attribute_effect effect;
  } known[] = {
#define CDEF_ATTRIBUTE(name, effect) {name, ATTRIBUTE_##effect},
#include "grammar/attributes.def"
#undef CDEF_ATTRIBUTE
  };
  size_t low = 0, high = sizeof known / sizeof known[0];
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = attribute_compare(name, known[middle].name);
    if (order == 0) return known[middle].effect;
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return ATTRIBUTE_UNKNOWN;
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

/* Whether the argument in parentheses is the size or alignment of a type whose layout is not known, which is then read.
 */
static bool attribute_is_of_unknown_size(cdef_parser *parser) {
  cdef_position start = cdef_position_of(parser);
  bool is_unknown = cdef_take(parser, '(') && cdef_read_expression(parser).problem == cdef_size_unknown;
  is_unknown = is_unknown && cdef_take(parser, ')');
  if (!is_unknown && !parser->status) cdef_return_to(parser, &start);
  return is_unknown;
}

/* The alignment of a long double, of which the type max_align_t of GCC's headers has a member, is not known on Windows.
 */
static void attribute_read_aligned(cdef_parser *parser, cdef_attributes *out) {
  cdef_location location = parser->token.location;
  if (attribute_is_of_unknown_size(parser)) {
    out->unusable = cdef_size_unknown;
    return;
  }
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

/* Reads a machine mode. One that is not known makes the declaration unusable. */
static void attribute_read_mode(cdef_parser *parser, cdef_attributes *out) {
  cdef_expect(parser, '(');
  attribute_name name = attribute_name_of(&parser->token);
  out->mode = cdef_mode_of(name.text, (size_t)name.length);
  if (!out->mode)
    out->unusable = cdef_format_reason(parser, "the machine mode %.*s is not known", name.length, name.text);
  cdef_next(parser);
  cdef_expect(parser, ')');
}

const char cdef_other_order[] = "the attribute scalar_storage_order is for structs and unions";

/* Reads the argument of scalar_storage_order. All machines that are known have the order "little-endian". */
static void attribute_read_byte_order(cdef_parser *parser, cdef_attributes *out) {
  cdef_expect(parser, '(');
  if (cdef_token_is(&parser->token, "\"big-endian\"")) {
    out->order = CDEF_ORDER_BIG;
    if (!out->unusable) out->unusable = cdef_other_order;
  } else if (cdef_token_is(&parser->token, "\"little-endian\"")) {
    out->order = CDEF_ORDER_LITTLE;
  } else {
    out->unusable = "the attribute scalar_storage_order names no order of bytes";
  }
  cdef_next(parser);
  cdef_expect(parser, ')');
}

void cdef_add_abi(cdef_attributes *to, ark_abi abi) {
  if (to->abi && abi && to->abi != abi) to->unusable = "the attributes ms_abi and sysv_abi contradict each other";
  if (abi) to->abi = abi;
}

/* Sets whose rules place bit-fields. GCC knows neither attribute on some processors, where Clang knows the first. */
static void attribute_set_bits(cdef_attributes *to, ark_bit_fields bits) {
  if (to->bits && to->bits != bits) to->unusable = "the attributes ms_struct and gcc_struct contradict each other";
  if (bits == ARK_BIT_FIELDS_MS && !ark_compilers_know_ms_struct())
    to->unusable = "compilers disagree about the attribute ms_struct on this processor";
  to->bits = bits;
}

/* Reads the attribute that was just named, from its arguments on. */
static void attribute_read_named(cdef_parser *parser, attribute_name name, cdef_attributes *out) {
  attribute_effect effect = attribute_effect_of(&name);
  const char *what = effect == ATTRIBUTE_CONVENTION ? "calling convention" : "attribute";
  const char *verdict = effect == ATTRIBUTE_UNKNOWN ? "known" : "supported";
  switch (effect) {
  case ATTRIBUTE_ALIGNED: attribute_read_aligned(parser, out); return;
  case ATTRIBUTE_MODE: attribute_read_mode(parser, out); return;
  case ATTRIBUTE_VECTOR: attribute_read_vector(parser, out); return;
  case ATTRIBUTE_BYTE_ORDER: attribute_read_byte_order(parser, out); return;
  case ATTRIBUTE_MS_ABI: cdef_add_abi(out, ARK_ABI_MS); break;
  case ATTRIBUTE_SYSTEM_V_ABI: cdef_add_abi(out, ARK_ABI_SYSTEM_V); break;
  case ATTRIBUTE_MS_STRUCT: attribute_set_bits(out, ARK_BIT_FIELDS_MS); break;
  case ATTRIBUTE_GCC_STRUCT: attribute_set_bits(out, ARK_BIT_FIELDS_GCC); break;
  case ATTRIBUTE_PACKED: out->is_packed = true; break;
  case ATTRIBUTE_TRANSPARENT: out->is_transparent = true; break;
  case ATTRIBUTE_NOT_TEXT: out->is_not_text = true; break;
  case ATTRIBUTE_IGNORED: break;
  case ATTRIBUTE_UNKNOWN:
  case ATTRIBUTE_CONVENTION:
  case ATTRIBUTE_REFUSED:
    out->unusable = cdef_format_reason(parser, "the %s %.*s is not %s", what, name.length, name.text, verdict);
  }
  if (cdef_is(parser, '(')) cdef_skip_group(parser);
}

/* Reads an attribute. In C23 a prefix may name the compiler that defines it: gnu::packed. */
static void attribute_read_one(cdef_parser *parser, cdef_attributes *out) {
  if (!parser->token.name) {
    cdef_fail_expected(parser, "an attribute");
    return;
  }
  attribute_name name = attribute_name_of(&parser->token);
  cdef_next(parser);
  if (cdef_take(parser, ':')) {
    cdef_expect(parser, ':');
    name = attribute_name_of(&parser->token);
    cdef_next(parser);
  }
  attribute_read_named(parser, name, out);
}

/* Reads a list up to the bracket that ends it. Attributes may be empty. */
static void attribute_read_list(cdef_parser *parser, int end, cdef_attributes *out) {
  do {
    if (!cdef_is(parser, ',') && !cdef_is(parser, end)) attribute_read_one(parser, out);
  } while (cdef_take(parser, ','));
}

static void attribute_read_gnu(cdef_parser *parser, cdef_attributes *out) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  cdef_expect(parser, '(');
  attribute_read_list(parser, ')', out);
  cdef_expect(parser, ')');
  cdef_expect(parser, ')');
}

bool cdef_begins_attribute(const cdef_parser *parser) {
  return cdef_is(parser, CDEF_ATTRIBUTE_WORD) || (cdef_is(parser, '[') && cdef_is_before(parser, '['));
}

/* Reads attributes of C23, such as [[deprecated, gnu::packed]]. */
static void attribute_read_standard(cdef_parser *parser, cdef_attributes *out) {
  cdef_expect(parser, '[');
  cdef_expect(parser, '[');
  attribute_read_list(parser, ']', out);
  cdef_expect(parser, ']');
  cdef_expect(parser, ']');
}

/* Adds the string literal that is the current token to a label. */
static void attribute_add_to_label(cdef_parser *parser, cdef_buffer *label) {
  const char *at = parser->token.location.text + 1, *end = at + parser->token.length - 2;
  if (at[-1] != '"') cdef_fail_expected(parser, "a string without a prefix");
  while (at < end && !parser->status) {
    char c = *at++;
    if (c == '\\') c = cdef_read_escaped_byte(&at, end);
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

void cdef_read_type_attributes(cdef_parser *parser, cdef_attributes *attributes) {
  while (cdef_is(parser, CDEF_ATTRIBUTE_WORD)) attribute_read_gnu(parser, attributes);
}

cdef_qualified_type cdef_apply_attributes(cdef_parser *parser, cdef_qualified_type qualified,
                                          const cdef_attributes *attributes) {
  if (attributes->mode) qualified = cdef_with_mode(parser, qualified, attributes->mode);
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
