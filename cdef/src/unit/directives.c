#include "unit/directives.h"
#include "grammar/attributes.h"
#include "grammar/expression.h"
#include "parser/lexer.h"
#include "parser/macros.h"

static bool directive_is(const cdef_parser *parser, const char *word) {
  return cdef_token_is(&parser->token, word);
}

/* Reads a line marker, `# 12 "stdio.h" 1 3`, or the rest of #line: both give the number of the next line. */
static void directive_read_marker(cdef_parser *parser) {
  cdef_value line = cdef_read_constant(parser);
  if (cdef_is(parser, CDEF_STRING)) {
    parser->here.file = parser->token.location.text + 1;
    parser->here.file_length = parser->token.length - 2;
  }
  parser->here.line = (size_t)line.bits - 1;
  parser->is_header = true;
}

/* ---- #pragma pack */

static void directive_read_pack_size(cdef_parser *parser) {
  cdef_value size = cdef_read_constant(parser);
  if (size.bits > 16 || (size.bits & (size.bits - 1))) {
    cdef_fail(parser, "#pragma pack takes 1, 2, 4, 8 or 16");
    return;
  }
  parser->pack = (size_t)size.bits;
}

static void directive_push_pack(cdef_parser *parser) {
  if (parser->pack_count == CDEF_MAX_PACKS) {
    cdef_fail(parser, "#pragma pack(push) nests deeper than %d levels", CDEF_MAX_PACKS);
    return;
  }
  parser->packs[parser->pack_count++] = parser->pack;
}

/* A pop without a push has no effect: GCC and Clang only warn. */
static void directive_pop_pack(cdef_parser *parser) {
  if (parser->pack_count) parser->pack = parser->packs[--parser->pack_count];
}

static void directive_read_pack(cdef_parser *parser) {
  cdef_expect(parser, '(');
  if (cdef_is(parser, ')')) {
    parser->pack = 0;
    return;
  }
  while (!cdef_is(parser, ')') && !cdef_is(parser, CDEF_END)) {
    bool is_push = directive_is(parser, "push"), is_pop = directive_is(parser, "pop");
    if (is_push) directive_push_pack(parser);
    if (is_pop) directive_pop_pack(parser);
    if (cdef_is(parser, CDEF_IDENTIFIER)) {
      cdef_next(parser); /* push, pop, or the name of a level, which is ignored */
    } else {
      directive_read_pack_size(parser);
    }
    if (!cdef_is(parser, ')')) cdef_expect(parser, ',');
  }
}

/* ---- Bit-fields by Microsoft's rules */

/* Reads `on`, `off` or `reset`. */
static void directive_read_ms_struct(cdef_parser *parser) {
  parser->bits = directive_is(parser, "on") ? ARK_BIT_FIELDS_MS : ARK_BIT_FIELDS_PLATFORM;
}

/* ---- Other pragmas that change layouts: structs that they apply to are unusable */

static void directive_set_problem(cdef_parser *parser, cdef_layout_pragma pragma, bool has_effect, const char *reason) {
  parser->layout_problems[pragma] = has_effect ? reason : NULL;
}

/* Reads `big-endian`, `little-endian` or `default`. All known machines have the second. */
static void directive_read_byte_order(cdef_parser *parser) {
  parser->is_big_endian = directive_is(parser, "big");
}

/* Reads `=packed` and the like, as IBM's and Apple's compilers have it after `align`. */
static void directive_read_align(cdef_parser *parser) {
  if (!cdef_take(parser, '=')) return;
  bool is_usual = directive_is(parser, "natural") || directive_is(parser, "native") || directive_is(parser, "power") ||
                  directive_is(parser, "reset");
  directive_set_problem(parser, CDEF_PRAGMA_OPTIONS, !is_usual, "#pragma align is not supported");
}

/* Reads `align=packed`. */
static void directive_read_options(cdef_parser *parser) {
  if (!directive_is(parser, "align")) return;
  cdef_next(parser);
  directive_read_align(parser);
}

/* Reads `attribute push(__attribute__((…)), apply_to = …)`, `attribute push` and `attribute pop`, with or without a
 * namespace. Only attributes that change nothing may be pushed. */
static void directive_read_clang(cdef_parser *parser) {
  if (!directive_is(parser, "attribute")) return;
  cdef_next(parser);
  bool has_attributes = false;
  for (; !cdef_is(parser, CDEF_END); cdef_next(parser)) {
    if (directive_is(parser, "push")) parser->pushed_attributes++;
    if (directive_is(parser, "pop") && parser->pushed_attributes) parser->pushed_attributes--;
    while (cdef_begins_attribute(parser)) {
      cdef_attributes attributes = {0};
      cdef_read_attributes(parser, &attributes);
      has_attributes |= attributes.is_packed || attributes.is_transparent || attributes.align || attributes.mode ||
                        attributes.vector || attributes.unusable;
    }
  }
  if (has_attributes)
    directive_set_problem(parser, CDEF_PRAGMA_ATTRIBUTE, true, "#pragma clang attribute is not supported");
  if (!parser->pushed_attributes) directive_set_problem(parser, CDEF_PRAGMA_ATTRIBUTE, false, NULL);
}

/* Reads `redefine_extname old new`: the name of a symbol in the library, as asm("new") gives it. */
static void directive_read_extname(cdef_parser *parser) {
  cdef_name *name = parser->token.name;
  if (!cdef_take(parser, CDEF_IDENTIFIER) || !cdef_is(parser, CDEF_IDENTIFIER)) return;
  name->label = cdef_format(parser, "%.*s", (int)parser->token.length, parser->token.location.text);
}

/* The name in `("NAME")`, or NULL. */
static cdef_name *directive_read_macro_name(cdef_parser *parser) {
  if (!cdef_take(parser, '(') || !cdef_is(parser, CDEF_STRING)) return NULL;
  const cdef_token *token = &parser->token;
  if (token->location.text[0] != '"') return NULL;
  cdef_name *name = cdef_name_of(&parser->names, &parser->arena, token->location.text + 1, token->length - 2);
  if (!name) cdef_fail_memory(parser);
  return name;
}

static void directive_push_macro(cdef_parser *parser) {
  cdef_name *name = directive_read_macro_name(parser);
  if (name) cdef_push_macro(parser, name);
}

static void directive_pop_macro(cdef_parser *parser) {
  cdef_name *name = directive_read_macro_name(parser);
  if (name) cdef_pop_macro(parser, name);
}

static void directive_read_pragma(cdef_parser *parser) {
  static const struct {
    const char *name;
    void (*read)(cdef_parser *parser);
  } pragmas[] = {{"pack", directive_read_pack},
                 {"ms_struct", directive_read_ms_struct},
                 {"scalar_storage_order", directive_read_byte_order},
                 {"align", directive_read_align},
                 {"options", directive_read_options},
                 {"clang", directive_read_clang},
                 {"redefine_extname", directive_read_extname},
                 {"push_macro", directive_push_macro},
                 {"pop_macro", directive_pop_macro}};
  cdef_next(parser);
  for (size_t i = 0; i < sizeof pragmas / sizeof pragmas[0]; i++) {
    if (!directive_is(parser, pragmas[i].name)) continue;
    cdef_next(parser);
    pragmas[i].read(parser);
    return;
  }
}

/* ---- #define */

static void directive_read_define(cdef_parser *parser) {
  cdef_next(parser);
  if (parser->token.name) cdef_define_macro(parser, parser->token.name);
}

static void directive_read_undef(cdef_parser *parser) {
  cdef_next(parser);
  if (parser->token.name) parser->token.name->macro = NULL;
}

static bool directive_is_condition(const cdef_parser *parser) {
  static const char *const words[] = {"include", "include_next", "import", "if",      "ifdef", "ifndef",
                                      "elif",    "else",         "endif",  "elifdef", "error"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (directive_is(parser, words[i])) return true;
  }
  return false;
}

void cdef_read_directive(cdef_parser *parser) {
  parser->in_directive = true;
  cdef_next(parser);
  if (cdef_is(parser, CDEF_NUMBER)) {
    directive_read_marker(parser);
  } else if (directive_is(parser, "line")) {
    cdef_next(parser);
    directive_read_marker(parser);
  } else if (directive_is(parser, "pragma")) {
    directive_read_pragma(parser);
  } else if (directive_is(parser, "define")) {
    directive_read_define(parser);
  } else if (directive_is(parser, "undef")) {
    directive_read_undef(parser);
  } else if (directive_is_condition(parser)) {
    cdef_fail(parser, "#%.*s is the preprocessor's: run the text through `cc -E` first", (int)parser->token.length,
              parser->token.location.text);
  }
  cdef_skip_line(parser);
  parser->in_directive = false;
}
