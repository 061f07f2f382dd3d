#include "grammar/record.h"
#include "grammar/attributes.h"
#include "grammar/declarator.h"
#include "grammar/expression.h"
#include "grammar/specifiers.h"
#include "parser/lexer.h"
#include "types/basic_types.h"
#include "types/record_layout.h"

static size_t record_greater(size_t a, size_t b) {
  return a > b ? a : b;
}

typedef struct record_members {
  cdef_member **end;
} record_members;

static int record_read_width(cdef_parser *parser, const cdef_declarator *declarator) {
  cdef_location location = parser->token.location;
  cdef_value width = cdef_read_constant(parser);
  const cdef_type *type = declarator->qualified.type;
  bool is_integer = type->kind == CDEF_SCALAR && type->scalar->kind != ARK_KIND_FLOAT;
  size_t widest = is_integer && type->scalar->kind == ARK_KIND_BOOL ? 1 : type->size * 8;
  if (!is_integer) {
    cdef_fail_at(parser, &location, "only integers can be bit-fields");
  } else if (cdef_is_negative(width) || width.bits > widest) {
    cdef_fail_at(parser, &location, "a bit-field of this type has 0 to %zu bits", widest);
  } else if (width.bits == 0 && declarator->name) {
    cdef_fail_at(parser, &location, "a bit-field of 0 bits has no name");
  }
  return parser->status ? 0 : (int)width.bits;
}

static void record_check_member(cdef_parser *parser, const cdef_declarator *declarator) {
  const cdef_type *type = declarator->qualified.type;
  if (type->kind == CDEF_FUNCTION) cdef_fail_at(parser, &declarator->location, "a function cannot be a member");
  bool is_flexible = type->kind == CDEF_ARRAY && type->count == 0;
  if (type->is_complete || is_flexible || type == &parser->basic.unknown) return;
  cdef_fail_at(parser, &declarator->location, "this member's type has no size yet");
}

static void record_add_member(cdef_parser *parser, record_members *list, const cdef_member *member) {
  cdef_member *added = cdef_take_memory(parser, sizeof *added);
  if (!added) return;
  *added = *member;
  *list->end = added;
  list->end = &added->next;
}

/* Reads the attributes after the width of a bit-field. */
static void record_read_last_attributes(cdef_parser *parser, const cdef_specifiers *specifiers,
                                        cdef_declarator *declarator) {
  cdef_attributes last = {.unusable = specifiers->unusable};
  cdef_read_attributes(parser, &last);
  if (last.mode || last.vector) last.unusable = "a bit-field whose type an attribute changes is not supported";
  if (last.unusable) declarator->qualified = cdef_refuse_type(parser, declarator->qualified, last.unusable);
  if (last.align > declarator->attributes.align) declarator->attributes.align = last.align;
  declarator->attributes.is_packed |= last.is_packed;
}

static void record_read_member(cdef_parser *parser, record_members *list, const cdef_specifiers *specifiers) {
  cdef_member member = {.bits = -1};
  cdef_declarator declarator = {.location = parser->token.location, .qualified = specifiers->qualified};
  if (!cdef_is(parser, ':')) declarator = cdef_read_declarator(parser, specifiers);
  if (cdef_take(parser, ':')) {
    member.bits = record_read_width(parser, &declarator);
    record_read_last_attributes(parser, specifiers, &declarator);
  } else if (!declarator.name) {
    cdef_fail_expected(parser, "a member");
  }
  record_check_member(parser, &declarator);
  member.name = declarator.name;
  member.qualified = declarator.qualified;
  member.is_packed = declarator.attributes.is_packed || specifiers->is_packed;
  member.align = record_greater(specifiers->align, declarator.attributes.align);
  record_add_member(parser, list, &member);
}

/* Whether a declaration without a name is a member: that of a struct or union without a tag. To compilers for Windows
 * it is one with a tag, or the name of a typedef, too. */
static bool record_is_anonymous(const cdef_specifiers *specifiers) {
  const cdef_type *type = specifiers->qualified.type;
  if (!type->is_complete || (type->kind != CDEF_STRUCT && type->kind != CDEF_UNION)) return false;
  return (specifiers->is_record && !type->tag) || cdef_has_ms_extensions();
}

/* Adds an anonymous struct or union, whose members belong to the one around it. */
static void record_add_anonymous(cdef_parser *parser, record_members *list, const cdef_specifiers *specifiers) {
  if (!record_is_anonymous(specifiers)) return;
  cdef_member member = {.qualified = specifiers->qualified, .bits = -1, .align = specifiers->align};
  const char *unusable = specifiers->unusable;
  if (specifiers->is_placed) unusable = "compilers disagree about the alignment of a member without a name";
  if (unusable) member.qualified = cdef_refuse_type(parser, member.qualified, unusable);
  record_add_member(parser, list, &member);
}

static void record_read_members(cdef_parser *parser, record_members *list) {
  while (!cdef_is(parser, '}') && !cdef_is(parser, CDEF_END)) {
    if (cdef_take(parser, ';')) continue;
    if (cdef_is(parser, CDEF_STATIC_ASSERT_WORD)) {
      cdef_next(parser);
      if (cdef_is(parser, '(')) cdef_skip_group(parser);
      continue;
    }
    cdef_specifiers specifiers = cdef_read_specifiers(parser);
    if (cdef_is(parser, ';')) {
      record_add_anonymous(parser, list, &specifiers);
      continue;
    }
    do {
      record_read_member(parser, list, &specifiers);
    } while (cdef_take(parser, ','));
    if (!cdef_is(parser, '}')) cdef_expect(parser, ';');
  }
}

/* Fails if a name occurs twice, also in anonymous members: members are found by name. */
static void record_check_names(cdef_parser *parser, const cdef_type *record, const cdef_member *first,
                               const cdef_location *location) {
  for (const cdef_member *member = first; member && !parser->status; member = member->next) {
    if (!member->name) {
      if (member->bits < 0) record_check_names(parser, record, member->qualified.type->members, location);
      continue;
    }
    if (member->name->member_of == parser->member_lists) {
      cdef_fail_at(parser, location, "%s has two members called '%.*s'", record->name, (int)member->name->length,
                   member->name->text);
    }
    member->name->member_of = parser->member_lists;
  }
}

static void record_read_body(cdef_parser *parser, cdef_type *record, cdef_attributes *attributes) {
  cdef_location open = parser->token.location;
  bool was_in_parameters = parser->is_in_parameters;
  record_members list = {&record->members};
  parser->is_in_parameters = false;
  record->pack = parser->pack;
  cdef_enter_level(parser);
  cdef_next(parser);
  record_read_members(parser, &list);
  cdef_expect(parser, '}');
  cdef_leave_level(parser);
  parser->is_in_parameters = was_in_parameters;
  cdef_read_type_attributes(parser, attributes);
  record->unusable = attributes->unusable == cdef_other_order ? NULL : attributes->unusable;
  record->is_big_endian = attributes->order ? attributes->order == CDEF_ORDER_BIG : parser->is_big_endian;
  for (int i = 0; i < CDEF_LAYOUT_PRAGMAS && !record->unusable; i++) record->unusable = parser->layout_problems[i];
  record->has_unknown_layout = record->unusable != NULL;
  record->bits = attributes->bits ? attributes->bits : parser->bits;
  record->is_packed = attributes->is_packed;
  record->is_transparent = attributes->is_transparent;
  record->least_align = attributes->align;
  parser->member_lists++;
  record_check_names(parser, record, record->members, &open);
  cdef_complete_record(parser, record, &open);
}

static cdef_type *record_create(cdef_parser *parser, cdef_kind kind, cdef_name *tag) {
  cdef_type *record = cdef_new_type(parser, kind);
  const char *word = kind == CDEF_UNION ? "union" : "struct";
  record->tag = tag;
  record->name = tag ? cdef_format(parser, "%s %.*s", word, (int)tag->length, tag->text) : word;
  record->index = parser->type_count++;
  if (record == &parser->basic.unknown) return record;
  *parser->next_record = record;
  parser->next_record = &record->next;
  return record;
}

cdef_type *cdef_read_record(cdef_parser *parser, bool is_union) {
  cdef_kind kind = is_union ? CDEF_UNION : CDEF_STRUCT;
  cdef_attributes attributes = {0};
  cdef_location location = parser->token.location;
  cdef_name *tag = cdef_read_tag(parser, &attributes);
  bool has_body = cdef_is(parser, '{');
  if (has_body && parser->is_trying) {
    cdef_fail(parser, "it defines a type");
    return &parser->basic.unknown;
  }
  if (!tag && !has_body) cdef_fail_expected(parser, "'{' or a tag");
  cdef_type *record = tag ? tag->tag : NULL;
  if (!record) record = record_create(parser, kind, tag);
  if (tag && !tag->tag) tag->tag = record;
  if (record->kind != kind) {
    cdef_fail_at(parser, &location, "%s is declared as something else as well",
                 record->name ? record->name : "this enum");
  } else if (has_body && (record->is_complete || record->is_open)) {
    cdef_fail_at(parser, &location, "%s has members already", record->name);
  } else if (has_body) {
    record->is_open = true;
    record_read_body(parser, record, &attributes);
  }
  return record;
}
