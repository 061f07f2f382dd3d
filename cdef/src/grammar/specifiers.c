#include "grammar/specifiers.h"
#include "arkffi/suggest.h"
#include "base/utf8.h"
#include "grammar/attributes.h"
#include "grammar/declarator.h"
#include "grammar/enumeration.h"
#include "grammar/expression.h"
#include "grammar/record.h"
#include "parser/lexer.h"
#include "types/basic_types.h"
#include <string.h>

/* The number of times that each word was read. */
typedef struct specifier_words {
  unsigned voids, chars, shorts, ints, longs, floats, doubles, signeds, unsigneds, bools, complexes, int128s, bit_ints;
  uint64_t bits; /* of a _BitInt */
} specifier_words;

static unsigned *specifiers_word_of(specifier_words *seen, int token) {
  switch (token) {
  case CDEF_VOID_WORD: return &seen->voids;
  case CDEF_CHAR_WORD: return &seen->chars;
  case CDEF_SHORT_WORD: return &seen->shorts;
  case CDEF_INT_WORD: return &seen->ints;
  case CDEF_LONG_WORD: return &seen->longs;
  case CDEF_FLOAT_WORD: return &seen->floats;
  case CDEF_DOUBLE_WORD: return &seen->doubles;
  case CDEF_SIGNED_WORD: return &seen->signeds;
  case CDEF_UNSIGNED_WORD: return &seen->unsigneds;
  case CDEF_BOOL_WORD: return &seen->bools;
  case CDEF_COMPLEX_WORD: return &seen->complexes;
  case CDEF_INT128_WORD: return &seen->int128s;
  case CDEF_BIT_INT_WORD: return &seen->bit_ints;
  default: return NULL;
  }
}

/* The type that the words make in any order, C11 6.7.2, or NULL if they make none. */
static cdef_type *specifiers_type_of(cdef_parser *parser, const specifier_words *seen) {
  cdef_basic_types *basic = &parser->basic;
  unsigned signs = seen->signeds + seen->unsigneds;
  unsigned kinds = seen->voids + seen->chars + seen->floats + seen->doubles + seen->bools + seen->int128s;
  kinds += seen->bit_ints;
  bool is_unsigned = seen->unsigneds > 0;
  if (signs > 1 || kinds > 1 || seen->shorts > 1 || seen->longs > 2 || seen->ints > 1 || seen->complexes > 1) {
    return NULL;
  }
  unsigned widths = seen->shorts + seen->longs;
  if (seen->floats || seen->doubles) {
    bool is_wrong = signs || seen->shorts || seen->ints || seen->longs > seen->doubles;
    if (is_wrong) return NULL;
    if (seen->floats) return seen->complexes ? &basic->complex_float : &basic->scalars[ARK_TYPE_FLOAT];
    if (seen->longs) return seen->complexes ? &basic->complex_long_double : &basic->long_double;
    return seen->complexes ? &basic->complex_double : &basic->scalars[ARK_TYPE_DOUBLE];
  }
  if (seen->complexes) return kinds + signs + widths + seen->ints ? NULL : &basic->complex_double;
  if (kinds && (widths || seen->ints)) return NULL;
  if (seen->voids) return signs ? NULL : &basic->void_type;
  if (seen->bools) return signs ? NULL : &basic->bool_type;
  if (seen->bit_ints) return cdef_bit_int_type(parser, seen->bits, is_unsigned);
  if (seen->int128s) return is_unsigned ? &basic->uint128 : &basic->int128;
  if (seen->chars) return signs ? cdef_integer_type(parser, sizeof(char), is_unsigned) : &basic->char_type;
  if (seen->shorts) return seen->longs ? NULL : cdef_integer_type(parser, sizeof(short), is_unsigned);
  if (seen->longs == 2) return cdef_integer_type(parser, sizeof(long long), is_unsigned);
  if (seen->longs) return cdef_integer_type(parser, sizeof(long), is_unsigned);
  return cdef_integer_type(parser, sizeof(int), is_unsigned);
}

static bool specifiers_at_type_name(const cdef_parser *parser) {
  return cdef_is(parser, CDEF_IDENTIFIER) && parser->token.name->meaning == CDEF_TYPE_NAME;
}

bool cdef_begins_type(const cdef_parser *parser) {
  int kind = parser->token.kind;
  return specifiers_at_type_name(parser) || cdef_begins_attribute(parser) ||
         (kind >= CDEF_TYPEDEF_WORD && kind <= CDEF_TYPEOF_WORD && kind != CDEF_ASM_WORD &&
          kind != CDEF_STATIC_ASSERT_WORD);
}

/* The C type that a word of other languages and libraries means, or NULL. */
static const char *specifiers_type_for_word(const char *word) {
  static const struct {
    const char *word, *type;
  } words[] = {
#define ARK_WORD(word, name, c_type) {word, c_type},
#define ARK_NAME(word, name, c_type) {word, c_type},
#include "../../../core/def/words.def"
#undef ARK_WORD
#undef ARK_NAME
  };
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (words[i].type[0] && strcmp(words[i].word, word) == 0) return words[i].type;
  }
  return NULL;
}

/* Fails at a name that is no type, and suggests a similar name or keyword that is one. */
static void specifiers_fail_unknown_type(cdef_parser *parser) {
  char wanted[ARK_SUGGEST_LENGTH + 1] = "", offered[ARK_SUGGEST_LENGTH + 1];
  const cdef_token *token = &parser->token;
  bool is_reported = !parser->is_trying; /* or the search would make the time grow with macros times types */
  if (is_reported && token->length <= ARK_SUGGEST_LENGTH) memcpy(wanted, token->location.text, token->length);
  ark_suggestion near;
  ark_suggest_start(&near, wanted);
  for (size_t i = 0; i < parser->names.size && wanted[0]; i++) {
    const cdef_name *name = parser->names.slots[i];
    bool is_keyword = name && name->keyword >= CDEF_CONST_WORD && name->keyword <= CDEF_BOOL_WORD;
    if (!name || name->length > ARK_SUGGEST_LENGTH) continue;
    if (name->meaning != CDEF_TYPE_NAME && !is_keyword) continue;
    memcpy(offered, name->text, name->length);
    offered[name->length] = '\0';
    ark_suggest_offer_type(&near, offered);
  }
  const char *meant = specifiers_type_for_word(wanted);
  if (!meant) meant = ark_suggest_found_type(&near);
  int length = (int)cdef_cut_length(token->location.text, token->length, ARK_SUGGEST_LENGTH);
  bool is_like_macro = cdef_is_like_macro(wanted, strlen(wanted)) || (token->name && token->name->macro);
  if (!meant[0] && is_like_macro && is_reported) {
    cdef_fail(parser, "'%.*s' is no known type; if it is a macro, cc -E writes the header without it", length,
              token->location.text);
    return;
  }
  cdef_fail(parser, "'%.*s' is no known type%s%s%s", length, token->location.text, meant[0] ? "; did you mean '" : "",
            meant, meant[0] ? "'?" : "");
}

cdef_type *cdef_type_of_expression(cdef_parser *parser, const char *ends) {
  cdef_trial trial;
  cdef_begin_trial(parser, &trial);
  cdef_value value = cdef_read_expression(parser);
  bool is_whole = parser->token.kind < 128 && parser->token.kind && strchr(ends, parser->token.kind);
  if (!cdef_end_trial(parser, &trial) || !is_whole || !value.size) return &parser->basic.unknown;
  if (value.kind == CDEF_FLOAT) return &parser->basic.scalars[ARK_TYPE_FLOAT];
  if (value.kind == CDEF_DOUBLE) return &parser->basic.scalars[ARK_TYPE_DOUBLE];
  if (value.kind == CDEF_LONG_DOUBLE) return &parser->basic.long_double;
  bool is_known = value.kind == CDEF_INTEGER && (value.size > 1 || !value.is_unsigned); /* or it may be a bool */
  cdef_type *type = is_known ? cdef_integer_type(parser, value.size, value.is_unsigned) : NULL;
  return type ? type : &parser->basic.unknown;
}

/* Reads `typeof` of a type, of a declared name or of a constant expression. The type of any other expression is
 * `unknown`. */
static cdef_qualified_type specifier_read_typeof(cdef_parser *parser) {
  cdef_qualified_type qualified = {.type = &parser->basic.unknown};
  cdef_next(parser);
  if (!cdef_is(parser, '(')) {
    cdef_expect(parser, '(');
    return qualified;
  }
  cdef_position open = cdef_position_of(parser);
  cdef_next(parser);
  if (cdef_begins_type(parser)) {
    qualified = cdef_read_type_name(parser);
    cdef_expect(parser, ')');
    return qualified;
  }
  cdef_name *name = parser->token.name;
  if (name && (name->meaning == CDEF_FUNCTION_NAME || name->meaning == CDEF_VARIABLE)) {
    cdef_next(parser);
    if (cdef_take(parser, ')')) return name->qualified;
  }
  if (parser->status) return qualified;
  cdef_return_to(parser, &open);
  cdef_next(parser);
  if (!cdef_begins_attribute(parser)) qualified.type = cdef_type_of_expression(parser, ")");
  if (parser->status) return qualified;
  cdef_return_to(parser, &open);
  cdef_skip_group(parser);
  return qualified;
}

/* Reads `_Atomic`, as a qualifier or with a type in parentheses. An atomic type is passed as the type itself. */
static void specifier_read_atomic(cdef_parser *parser, cdef_specifiers *out) {
  cdef_next(parser);
  if (!cdef_take(parser, '(')) return;
  cdef_qualified_type qualified = cdef_read_type_name(parser);
  qualified.is_const |= out->qualified.is_const;
  out->qualified = qualified;
  cdef_expect(parser, ')');
}

static void specifier_read_align_as(cdef_parser *parser, cdef_specifiers *out) {
  cdef_next(parser);
  cdef_expect(parser, '(');
  cdef_location location = parser->token.location;
  size_t align;
  if (cdef_begins_type(parser)) {
    cdef_qualified_type qualified = cdef_read_type_name(parser);
    align = qualified.align ? qualified.align : qualified.type->align;
  } else {
    align = (size_t)cdef_read_constant(parser).bits;
  }
  cdef_expect(parser, ')');
  if (align) cdef_check_align(parser, align, &location); /* C11 6.7.5: 0 has no effect */
  if (align > out->align) out->align = align;
}

/* Reads a struct, union, enum, typeof, or the name of a type. Whether there was one. */
static bool specifier_read_named_type(cdef_parser *parser, cdef_specifiers *out) {
  if (cdef_is(parser, CDEF_STRUCT_WORD) || cdef_is(parser, CDEF_UNION_WORD)) {
    out->qualified.type = cdef_read_record(parser, cdef_is(parser, CDEF_UNION_WORD));
    out->is_record = true;
  } else if (cdef_is(parser, CDEF_ENUM_WORD)) {
    out->qualified.type = cdef_read_enum(parser);
  } else if (cdef_is(parser, CDEF_TYPEOF_WORD)) {
    cdef_qualified_type qualified = specifier_read_typeof(parser);
    out->qualified.type = qualified.type;
    out->qualified.align = qualified.align;
    out->qualified.is_const |= qualified.is_const;
  } else if (specifiers_at_type_name(parser)) {
    cdef_qualified_type qualified = parser->token.name->qualified;
    out->qualified.type = qualified.type;
    out->qualified.align = qualified.align;
    out->qualified.is_const |= qualified.is_const;
    cdef_next(parser);
  } else {
    return false;
  }
  return true;
}

/* Reads the width of a `_BitInt`, in parentheses: C23 6.2.5. */
static uint64_t specifier_read_bits(cdef_parser *parser) {
  enum { MOST_BITS = 1 << 23 }; /* Clang's limit, the greatest of all compilers */
  cdef_expect(parser, '(');
  cdef_location location = parser->token.location;
  cdef_value bits = cdef_read_constant(parser);
  cdef_expect(parser, ')');
  bool is_width = bits.bits >= 1 && bits.bits <= MOST_BITS;
  if (!is_width) cdef_fail_at(parser, &location, "a _BitInt has 1 to %d bits", MOST_BITS);
  return is_width ? (uint64_t)bits.bits : 1;
}

/* Reads one storage class, qualifier or ignored word. Whether there was one. */
static bool specifier_read_plain_word(cdef_parser *parser, cdef_specifiers *out) {
  switch (parser->token.kind) {
  case CDEF_TYPEDEF_WORD: out->is_typedef = true; break;
  case CDEF_STATIC_WORD: out->is_static = true; break;
  case CDEF_CONSTEXPR_WORD: out->is_static = out->is_constexpr = true; break; /* C23 6.2.2: no other linkage */
  case CDEF_EXTERN_WORD: break;
  case CDEF_INLINE_WORD: out->is_inline = true; break;
  case CDEF_AUTO_WORD: out->is_inferred = true; break; /* unless a type follows */
  case CDEF_CONST_WORD: out->qualified.is_const = true; break;
  case CDEF_IGNORED_WORD: break;
  default: return false;
  }
  cdef_next(parser);
  return true;
}

/* Applies attributes among the specifiers to the type itself. */
static void specifiers_apply_attributes(cdef_parser *parser, const cdef_attributes *attributes, cdef_specifiers *out) {
  if (attributes->align > out->align) out->align = attributes->align;
  out->is_packed = attributes->is_packed;
  out->is_placed = attributes->is_packed || attributes->align;
  out->is_not_text = attributes->is_not_text;
  out->abi = attributes->abi;
  out->unusable = attributes->unusable;
  out->qualified = cdef_apply_attributes(parser, out->qualified, attributes);
}

cdef_specifiers cdef_read_specifiers(cdef_parser *parser) {
  cdef_specifiers out = {0};
  cdef_attributes attributes = {0};
  specifier_words seen = {0};
  cdef_location location = parser->token.location;
  bool has_words = false;
  for (;;) {
    unsigned *word = specifiers_word_of(&seen, parser->token.kind);
    bool is_complex = cdef_is(parser, CDEF_COMPLEX_WORD);
    if (word && (is_complex || !out.qualified.type)) {
      ++*word;
      has_words |= !is_complex;
      bool has_width = cdef_is(parser, CDEF_BIT_INT_WORD);
      cdef_next(parser);
      if (has_width) seen.bits = specifier_read_bits(parser);
    } else if (cdef_begins_attribute(parser)) {
      cdef_read_attributes(parser, &attributes);
    } else if (cdef_is(parser, CDEF_ALIGN_AS_WORD)) {
      specifier_read_align_as(parser, &out);
    } else if (cdef_is(parser, CDEF_ATOMIC_WORD)) {
      specifier_read_atomic(parser, &out);
    } else if (!specifier_read_plain_word(parser, &out) &&
               (has_words || out.qualified.type || !specifier_read_named_type(parser, &out))) {
      break;
    }
  }
  out.is_inferred &= !out.qualified.type && !has_words && !seen.complexes;
  if (out.qualified.type) {
    if (seen.complexes) out.qualified.type = cdef_complex_type(parser, out.qualified.type);
  } else if (has_words || seen.complexes) {
    out.qualified.type = specifiers_type_of(parser, &seen);
    if (!out.qualified.type) cdef_fail_at(parser, &location, "these words make no type");
  } else if (cdef_is(parser, CDEF_IDENTIFIER) && out.is_inferred) {
    out.qualified.type = &parser->basic.unknown;
  } else if (cdef_is(parser, CDEF_IDENTIFIER)) {
    specifiers_fail_unknown_type(parser);
  } else if (cdef_is(parser, CDEF_STRING)) {
    cdef_fail(parser, "extern with a text is C++; cc -E, with a C compiler, writes the header without it");
  } else {
    cdef_fail_expected(parser, "a type");
  }
  if (!out.qualified.type) out.qualified.type = &parser->basic.unknown;
  specifiers_apply_attributes(parser, &attributes, &out);
  return out;
}
