/* Structs, unions and enums: their members, and how large that makes them. */
#include "parser.h"
#include <limits.h>

/* ---- Layout, which the core works out */

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

static size_t most(size_t a, size_t b) {
  return a > b ? a : b;
}

static void fail_layout(cdef_parser *parser, ark_status status, const cdef_type *record, const cdef_place *place) {
  if (status == ARK_NO_MEMORY) cdef_fail_memory(parser);
  if (status) cdef_fail_at(parser, place, "%s is larger than memory", record->name);
}

/* The core's type of the same size, for the caller to release. What arkffi has no type for is bytes, whose alignment the
 * member asks for. */
static ark_status layout_of(const cdef_type *type, const ark_type **out, ark_error *error) {
  const ark_type *element = ark_type_of_id(type->kind == CDEF_POINTER ? ARK_TYPE_POINTER : ARK_TYPE_UINT8);
  const ark_aggregate *array = NULL;
  bool is_record = type->kind == CDEF_STRUCT || type->kind == CDEF_UNION;
  if (is_record || type->kind == CDEF_SCALAR || type->kind == CDEF_POINTER) {
    *out = is_record ? &type->layout->type : type->scalar ? type->scalar : element;
    ark_type_refer(*out);
    return ARK_OK;
  }
  size_t count = type->kind == CDEF_ARRAY ? (size_t)type->count : type->size;
  ark_status status = type->kind == CDEF_ARRAY ? layout_of(type->target.type, &element, error) : ARK_OK;
  if (!status) status = ark_array_create(element, count, &array, error);
  ark_type_release(element);
  if (!status) *out = &array->type;
  return status;
}

/* A typedef may align its type otherwise, also to less. Packing goes before that, but not before what the member asks
 * for itself. */
static ark_member placeable(const cdef_type *record, const cdef_member *member, const ark_type *type) {
  size_t own = most(member->use.align ? member->use.align : member->use.type->align, 1);
  ark_member out = {.type = type, .least_align = member->align, .is_packed = member->is_packed};
  out.is_bit_field = member->bits >= 0;
  out.width = (uint8_t)(out.is_bit_field ? member->bits : 0);
  out.has_no_name = out.is_bit_field && !member->name;
  if (record->is_packed || member->is_packed || own == type->align) return out;
  if (own < type->align && out.is_bit_field) return out;
  out.is_packed = own < type->align;
  out.least_align = most(own, member->align);
  return out;
}

static ark_status add_to_layout(cdef_type *record, const cdef_member *member, ark_error *error) {
  const ark_type *type = NULL;
  ark_status status = layout_of(member->use.type, &type, error);
  if (status) return status;
  ark_member placed = placeable(record, member, type);
  status = ark_aggregate_add(record->layout, &placed, error);
  ark_type_release(type);
  return status;
}

static void lay_out(cdef_parser *parser, cdef_type *record, const cdef_place *place) {
  ark_error error;
  ark_form form = record->kind == CDEF_UNION ? ARK_UNION : ARK_STRUCT;
  ark_status status = ark_aggregate_create(form, &record->layout, &error);
  if (!status) {
    record->layout->is_packed = record->is_packed;
    record->layout->pack = record->pack;
    record->layout->least_align = record->least_align;
  }
  for (cdef_member *member = record->members; member && !status; member = member->next) {
    status = add_to_layout(record, member, &error);
  }
  if (!status) status = ark_aggregate_end(record->layout, &error);
  fail_layout(parser, status, record, place);
}

/* How many members that are no struct themselves come with this one. */
static size_t leaves_of(const cdef_member *member) {
  const cdef_type *type = member->use.type;
  while (type->kind == CDEF_ARRAY) type = type->target.type;
  return type->leaves ? type->leaves : 1;
}

/* What a member makes of the whole, once it is placed. */
static void count_member(cdef_parser *parser, cdef_type *type, const cdef_member *member) {
  const char *unusable = cdef_why_unusable(parser, member->use.type);
  type->leaves = least(type->leaves + leaves_of(member), CDEF_MAX_LEAVES + 1);
  if (type->leaves > CDEF_MAX_LEAVES && !unusable) unusable = "there are too many members in it";
  if (member->use.type->depth >= type->depth) type->depth = member->use.type->depth + 1;
  if (!unusable || type->unusable) return;
  int length = member->name ? (int)cdef_cut_length(member->name->text, member->name->length, 100) : 0;
  type->unusable =
      member->name ? cdef_reason(parser, "member '%.*s': %s", length, member->name->text, unusable) : unusable;
}

void cdef_complete_record(cdef_parser *parser, cdef_type *type, const cdef_place *place) {
  if (!parser->status) lay_out(parser, type, place);
  if (parser->status) return;
  const ark_member *placed = type->layout->members;
  for (cdef_member *member = type->members; member; member = member->next) {
    member->placed = placed++;
    count_member(parser, type, member);
  }
  type->align = type->layout->type.align;
  type->size = type->layout->type.size;
  type->is_complete = true;
  if (type->depth > CDEF_MAX_DEPTH) {
    cdef_fail_at(parser, place, "%s nests deeper than %d levels", type->name, CDEF_MAX_DEPTH);
  }
}

/* ---- Members */

typedef struct member_list {
  cdef_type *record;
  cdef_member **end;
} member_list;

static int read_width(cdef_parser *parser, const cdef_declarator *declarator) {
  cdef_place place = parser->token.place;
  cdef_value width = cdef_read_constant(parser);
  const cdef_type *type = declarator->use.type;
  bool is_integer = type->kind == CDEF_SCALAR && type->scalar->kind != ARK_KIND_FLOAT;
  size_t widest = is_integer && type->scalar->kind == ARK_KIND_BOOL ? 1 : type->size * 8;
  if (!is_integer) {
    cdef_fail_at(parser, &place, "only integers can be bit-fields");
  } else if (cdef_is_negative(width) || width.bits > widest) {
    cdef_fail_at(parser, &place, "a bit-field of this type has 0 to %zu bits", widest);
  } else if (width.bits == 0 && declarator->name) {
    cdef_fail_at(parser, &place, "a bit-field of 0 bits has no name");
  }
  return parser->status ? 0 : (int)width.bits;
}

static void check_member(cdef_parser *parser, const cdef_declarator *declarator) {
  const cdef_type *type = declarator->use.type;
  if (type->kind == CDEF_FUNCTION) cdef_fail_at(parser, &declarator->place, "a function cannot be a member");
  bool is_flexible = type->kind == CDEF_ARRAY && type->count == 0;
  if (type->is_complete || is_flexible || type == &parser->basic.untold) return;
  cdef_fail_at(parser, &declarator->place, "this member's type has no size yet");
}

static void add_member(cdef_parser *parser, member_list *list, const cdef_member *member) {
  cdef_member *added = cdef_take_memory(parser, sizeof *added);
  if (!added) return;
  *added = *member;
  *list->end = added;
  list->end = &added->next;
}

static void read_member(cdef_parser *parser, member_list *list, const cdef_specifiers *specifiers) {
  cdef_member member = {.bits = -1};
  cdef_declarator declarator = {.place = parser->token.place, .use = specifiers->use};
  if (!cdef_is(parser, ':')) declarator = cdef_read_declarator(parser, specifiers);
  if (cdef_take(parser, ':')) {
    member.bits = read_width(parser, &declarator);
    cdef_read_attributes(parser, &declarator.attributes);
  } else if (!declarator.name) {
    cdef_fail_expected(parser, "a member");
  }
  check_member(parser, &declarator);
  member.name = declarator.name;
  member.use = declarator.use;
  member.is_packed = declarator.attributes.is_packed;
  member.align = most(specifiers->align, declarator.attributes.align);
  add_member(parser, list, &member);
}

/* A struct or union without a declarator has its members in the one around it; one with a tag is only declared. */
static void add_anonymous(cdef_parser *parser, member_list *list, const cdef_specifiers *specifiers) {
  const cdef_type *type = specifiers->use.type;
  if (!specifiers->is_record || type->tag || !type->is_complete) return;
  cdef_member member = {.use = specifiers->use, .bits = -1, .align = specifiers->align};
  add_member(parser, list, &member);
}

static void read_members(cdef_parser *parser, member_list *list) {
  while (!cdef_is(parser, '}') && !cdef_is(parser, CDEF_END)) {
    if (cdef_take(parser, ';')) continue;
    if (cdef_is(parser, CDEF_STATIC_ASSERT_WORD)) {
      cdef_next(parser);
      if (cdef_is(parser, '(')) cdef_skip_group(parser);
      continue;
    }
    cdef_specifiers specifiers = cdef_read_specifiers(parser);
    if (cdef_is(parser, ';')) {
      add_anonymous(parser, list, &specifiers);
      continue;
    }
    do {
      read_member(parser, list, &specifiers);
    } while (cdef_take(parser, ','));
    if (!cdef_is(parser, '}')) cdef_expect(parser, ';');
  }
}

/* Members are found by name, so each name may be there once; those of anonymous members count too. */
static void check_names(cdef_parser *parser, const cdef_type *record, const cdef_member *first,
                        const cdef_place *place) {
  for (const cdef_member *member = first; member && !parser->status; member = member->next) {
    if (!member->name) {
      if (member->bits < 0) check_names(parser, record, member->use.type->members, place);
      continue;
    }
    if (member->name->member_of == parser->member_lists) {
      cdef_fail_at(parser, place, "%s has two members called '%.*s'", record->name, (int)member->name->length,
                   member->name->text);
    }
    member->name->member_of = parser->member_lists;
  }
}

static void read_body(cdef_parser *parser, cdef_type *record, cdef_attributes *attributes) {
  cdef_place open = parser->token.place;
  bool was_in_parameters = parser->is_in_parameters;
  member_list list = {record, &record->members};
  parser->is_in_parameters = false;
  record->pack = parser->pack;
  cdef_deeper(parser);
  cdef_next(parser);
  read_members(parser, &list);
  cdef_expect(parser, '}');
  cdef_shallower(parser);
  parser->is_in_parameters = was_in_parameters;
  cdef_read_attributes(parser, attributes);
  record->is_packed = attributes->is_packed;
  record->is_transparent = attributes->is_transparent;
  record->least_align = attributes->align;
  parser->member_lists++;
  check_names(parser, record, record->members, &open);
  cdef_complete_record(parser, record, &open);
}

static cdef_type *new_record(cdef_parser *parser, cdef_kind kind, cdef_name *tag) {
  cdef_type *record = cdef_new_type(parser, kind);
  const char *word = kind == CDEF_UNION ? "union" : "struct";
  record->tag = tag;
  record->name = tag ? cdef_text(parser, "%s %.*s", word, (int)tag->length, tag->text) : word;
  record->index = parser->type_count++;
  if (record == &parser->basic.untold) return record;
  *parser->next_record = record;
  parser->next_record = &record->next;
  return record;
}

/* The tag behind struct, union or enum, with the attributes around it. NULL for none. */
static cdef_name *read_tag(cdef_parser *parser, cdef_attributes *attributes) {
  cdef_next(parser);
  cdef_read_attributes(parser, attributes);
  cdef_name *tag = cdef_is(parser, CDEF_IDENTIFIER) ? parser->token.name : NULL;
  if (tag) cdef_next(parser);
  return tag;
}

cdef_type *cdef_read_record(cdef_parser *parser, bool is_union) {
  cdef_kind kind = is_union ? CDEF_UNION : CDEF_STRUCT;
  cdef_attributes attributes = {0};
  cdef_place place = parser->token.place;
  cdef_name *tag = read_tag(parser, &attributes);
  bool has_body = cdef_is(parser, '{');
  if (!tag && !has_body) cdef_fail_expected(parser, "'{' or a tag");
  cdef_type *record = tag ? tag->tag : NULL;
  if (!record) record = new_record(parser, kind, tag);
  if (tag && !tag->tag) tag->tag = record;
  if (record->kind != kind) {
    cdef_fail_at(parser, &place, "%s is declared as something else as well", record->name ? record->name : "this enum");
  } else if (has_body && (record->is_complete || record->is_open)) {
    cdef_fail_at(parser, &place, "%s has members already", record->name);
  } else if (has_body) {
    record->is_open = true;
    read_body(parser, record, &attributes);
  }
  return record;
}

/* ---- Enums */

typedef struct range {
  bool has_negative;
  int64_t least;
  uint64_t most;
} range;

static void widen(range *values, cdef_value value) {
  if (cdef_is_negative(value)) {
    values->has_negative = true;
    if ((int64_t)value.bits < values->least) values->least = (int64_t)value.bits;
  } else if (value.bits > values->most) {
    values->most = value.bits;
  }
}

/* As GCC and Clang choose it: unsigned int where the values allow it, narrower only where it is packed. */
static cdef_type *enum_type(cdef_parser *parser, const range *values, bool is_packed) {
  for (size_t size = is_packed ? 1 : sizeof(int); size <= 8; size *= 2) {
    cdef_type *type = cdef_integer_type(parser, size, !values->has_negative);
    if (type && values->most <= ark_type_max(type->scalar) && values->least >= ark_type_min(type->scalar)) return type;
  }
  return cdef_integer_type(parser, 8, !values->has_negative);
}

/* One more, in a type that holds it. */
static cdef_value next_value(cdef_value value) {
  bool was_negative = cdef_is_negative(value);
  value.bits++;
  if (was_negative) return value;
  if (value.bits > (value.is_unsigned ? UINT_MAX : INT_MAX)) value.size = 8;
  if (value.bits > INT64_MAX) value.is_unsigned = true;
  return value;
}

static void declare_constant(cdef_parser *parser, const cdef_token *token, cdef_value value) {
  if (cdef_is_declared(token->name)) {
    cdef_fail_redeclared(parser, token->name, &token->place);
    return;
  }
  cdef_declare(parser, token->name, CDEF_CONSTANT, &token->place);
  token->name->value = value;
}

static void read_enumerators(cdef_parser *parser, range *values) {
  cdef_value value = {.size = sizeof(int)};
  while (!cdef_is(parser, '}') && !cdef_is(parser, CDEF_END)) {
    if (!cdef_is(parser, CDEF_IDENTIFIER)) {
      cdef_fail_expected(parser, "a name");
      return;
    }
    cdef_token token = parser->token;
    cdef_next(parser);
    cdef_attributes ignored = {0};
    cdef_read_attributes(parser, &ignored);
    if (cdef_take(parser, '=')) value = cdef_read_constant(parser);
    declare_constant(parser, &token, value);
    widen(values, value);
    value = next_value(value);
    if (!cdef_is(parser, '}')) cdef_expect(parser, ',');
  }
}

/* The type that C23 and Clang let one write behind a colon, or NULL. */
static cdef_type *read_underlying(cdef_parser *parser) {
  if (!cdef_take(parser, ':')) return NULL;
  cdef_specifiers specifiers = cdef_read_specifiers(parser);
  return specifiers.use.type->kind == CDEF_SCALAR ? specifiers.use.type : NULL;
}

static void become(cdef_type *type, const cdef_type *integer) {
  type->scalar = integer->scalar;
  type->size = integer->size;
  type->align = integer->align;
}

cdef_type *cdef_read_enum(cdef_parser *parser) {
  cdef_attributes attributes = {0};
  cdef_place place = parser->token.place;
  cdef_name *tag = read_tag(parser, &attributes);
  cdef_type *underlying = read_underlying(parser);
  cdef_type *type = tag ? tag->tag : NULL;
  if (!type) {
    type = cdef_new_type(parser, CDEF_SCALAR);
    type->is_enum = type->is_complete = true;
    become(type, underlying ? underlying : cdef_integer_type(parser, sizeof(int), true));
    if (tag) tag->tag = type;
  }
  if (!type->is_enum) cdef_fail_at(parser, &place, "%s is no enum", type->name ? type->name : "this");
  if (!cdef_is(parser, '{')) {
    if (!tag) cdef_fail_expected(parser, "'{' or a tag");
    return type;
  }
  if (type->is_open) cdef_fail_at(parser, &place, "this enum has values already");
  type->is_open = true;
  range values = {0};
  cdef_next(parser);
  read_enumerators(parser, &values);
  cdef_expect(parser, '}');
  cdef_read_attributes(parser, &attributes);
  if (!underlying) become(type, enum_type(parser, &values, attributes.is_packed));
  return type;
}
