#include "types/record_layout.h"
#include "base/utf8.h"
#include "types/basic_types.h"

/* Limit for the members of a struct, with those of the structs inside counted once for each use. More would make
 * a few declarations describe more than memory holds. */
#define CDEF_MAX_LEAVES 65536

static size_t layout_lesser(size_t a, size_t b) {
  return a < b ? a : b;
}

static size_t layout_greater(size_t a, size_t b) {
  return a > b ? a : b;
}

static void layout_fail(cdef_parser *parser, ark_status status, const cdef_type *record,
                        const cdef_location *location) {
  if (status == ARK_NO_MEMORY) cdef_fail_memory(parser);
  if (status) cdef_fail_at(parser, location, "%s is larger than memory", record->name);
}

/* The core's type for the layout of a type; the caller releases it. A type that arkffi has no letter for is laid out as
 * an array of bytes, and the member asks for its alignment. */
static ark_status layout_of_type(const cdef_type *type, const ark_type **out, ark_error *error) {
  const ark_type *element = ark_type_of_id(type->kind == CDEF_POINTER ? ARK_TYPE_POINTER : ARK_TYPE_UINT8);
  const ark_aggregate *array = NULL;
  bool is_record = type->kind == CDEF_STRUCT || type->kind == CDEF_UNION;
  if (is_record || type->kind == CDEF_SCALAR || type->kind == CDEF_POINTER) {
    *out = is_record ? &type->layout->type : type->scalar ? type->scalar : element;
    ark_type_retain(*out);
    return ARK_OK;
  }
  size_t count = type->kind == CDEF_ARRAY ? (size_t)type->count : type->size;
  ark_status status = type->kind == CDEF_ARRAY ? layout_of_type(type->target.type, &element, error) : ARK_OK;
  if (!status) status = ark_array_create(element, count, &array, error);
  ark_type_release(element);
  if (!status) *out = &array->type;
  return status;
}

/* The core's view of a member. A typedef may raise or lower the alignment of its type. Packing overrides a typedef,
 * and an alignment of the member itself overrides both. */
static ark_member layout_member_of(const cdef_type *record, const cdef_member *member, const ark_type *type) {
  size_t own = layout_greater(member->qualified.align ? member->qualified.align : member->qualified.type->align, 1);
  ark_member out = {.type = type, .least_align = member->align, .is_packed = member->is_packed};
  out.is_bit_field = member->bits >= 0;
  out.width = (uint8_t)(out.is_bit_field ? member->bits : 0);
  out.has_no_name = out.is_bit_field && !member->name;
  if (record->is_packed || member->is_packed || own == type->align) return out;
  if (own < type->align && out.is_bit_field) return out;
  out.is_packed = own < type->align;
  out.least_align = layout_greater(own, member->align);
  return out;
}

static ark_status layout_add_member(cdef_type *record, const cdef_member *member, ark_error *error) {
  const ark_type *type = NULL;
  ark_status status = layout_of_type(member->qualified.type, &type, error);
  if (status) return status;
  ark_member laid_out = layout_member_of(record, member, type);
  status = ark_aggregate_add(record->layout, &laid_out, error);
  ark_type_release(type);
  return status;
}

static void layout_create(cdef_parser *parser, cdef_type *record, const cdef_location *location) {
  ark_error error;
  ark_form form = record->kind == CDEF_UNION ? ARK_UNION : ARK_STRUCT;
  ark_status status = ark_aggregate_create(form, &record->layout, &error);
  if (!status) {
    record->layout->is_packed = record->is_packed;
    record->layout->bit_fields = record->bits;
    record->layout->pack = record->pack;
    record->layout->least_align = record->least_align;
  }
  for (cdef_member *member = record->members; member && !status; member = member->next) {
    status = layout_add_member(record, member, &error);
  }
  if (!status) status = ark_aggregate_end(record->layout, &error);
  layout_fail(parser, status, record, location);
}

/* The number of members that a member counts for: those of its struct, or 1. */
static size_t record_leaves_of(const cdef_member *member) {
  const cdef_type *type = member->qualified.type;
  while (type->kind == CDEF_ARRAY) type = type->target.type;
  return type->leaves ? type->leaves : 1;
}

/* Why a member cannot be in a struct whose numbers are big-endian, or NULL. */
static const char *record_why_not_big_endian(const cdef_member *member) {
  const cdef_type *type = member->qualified.type;
  while (type->kind == CDEF_ARRAY) type = type->target.type;
  bool is_integer = type->letters && (*type->letters == 'x' || *type->letters == 'X');
  if (member->bits >= 0) return "a bit-field of the byte order big-endian is not supported";
  return type->kind == CDEF_FOREIGN && !is_integer ? "this type is not supported in the byte order big-endian" : NULL;
}

/* Adds a member that is laid out to the properties of its struct: leaves, depth, and whether it is unusable. */
static void record_count_member(cdef_parser *parser, cdef_type *type, const cdef_member *member) {
  const cdef_type *own = member->qualified.type;
  const char *unusable = cdef_why_unusable(parser, own);
  if (!unusable && type->is_big_endian) unusable = record_why_not_big_endian(member);
  while (own->kind == CDEF_ARRAY && !own->has_unknown_layout) own = own->target.type;
  type->has_unknown_layout |= own->has_unknown_layout;
  type->leaves = layout_lesser(type->leaves + record_leaves_of(member), CDEF_MAX_LEAVES + 1);
  if (type->leaves > CDEF_MAX_LEAVES && !unusable) unusable = "there are too many members in it";
  if (member->qualified.type->depth >= type->depth) type->depth = member->qualified.type->depth + 1;
  if (!unusable || type->unusable) return;
  int length = member->name ? (int)cdef_cut_length(member->name->text, member->name->length, 100) : 0;
  type->unusable =
      member->name ? cdef_format_reason(parser, "member '%.*s': %s", length, member->name->text, unusable) : unusable;
}

void cdef_complete_record(cdef_parser *parser, cdef_type *type, const cdef_location *location) {
  if (!parser->status) layout_create(parser, type, location);
  if (parser->status) return;
  const ark_member *laid_out = type->layout->members;
  for (cdef_member *member = type->members; member; member = member->next) {
    member->laid_out = laid_out++;
    record_count_member(parser, type, member);
  }
  type->align = type->layout->type.align;
  type->size = type->layout->type.size;
  type->is_complete = true;
  if (type->depth > CDEF_MAX_DEPTH) {
    cdef_fail_at(parser, location, "%s nests deeper than %d levels", type->name, CDEF_MAX_DEPTH);
  }
}
