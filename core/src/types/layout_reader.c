#include "types/layout_reader.h"
#include "types/wide.h"

static bool layout_is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Reads a number; false if it is larger than `limit`. */
static bool layout_read_number(ark__reader *in, size_t limit, size_t *out) {
  size_t number = 0;
  bool fits = true;
  for (; layout_is_digit(*in->at); in->at++) {
    size_t digit = (size_t)(*in->at - '0');
    fits = fits && digit <= limit && number <= (limit - digit) / 10;
    if (fits) number = number * 10 + digit;
  }
  *out = number;
  return fits;
}

static ark_status layout_read_type(ark__reader *in, const ark_type **out, ark_error *error);

/* Reads an array. The caller releases *element, also when this fails. */
static ark_status layout_read_array(ark__reader *in, size_t *count, const ark_type **element, ark_error *error) {
  in->at++;
  if (!layout_is_digit(*in->at) || *in->at == '0') return ark__fail_reading(in, "an array's length is missing", error);
  if (!layout_read_number(in, ARK_MAX_OBJECT, count))
    return ark_fail(error, ARK_OUT_OF_RANGE, "the array is larger than memory");
  ark_status status = layout_read_type(in, element, error);
  if (status) return status;
  if (*in->at != ']') return ark__fail_reading(in, "']' is missing", error);
  in->at++;
  return ARK_OK;
}

static ark_status layout_read_whole_array(ark__reader *in, const ark_type **out, ark_error *error) {
  size_t count = 0;
  const ark_type *element = NULL;
  const ark_aggregate *array = NULL;
  ark_status status = layout_read_array(in, &count, &element, error);
  if (!status) status = ark_array_create(element, count, &array, error);
  if (!status) *out = &array->type;
  ark_type_release(element);
  return status;
}

/* Reads an alignment: a power of two up to `most`. */
static ark_status layout_read_align(ark__reader *in, size_t most, size_t *out, ark_error *error) {
  bool fits = layout_read_number(in, most, out);
  if (fits && ark_is_power_of_two(*out)) return ARK_OK;
  return ark__fail_reading(
      in, most == ARK_MAX_ALIGN ? "an alignment is no power of two up to 4096" : "a pack is no power of two up to 16",
      error);
}

static ark_status layout_read_colon(ark__reader *in, ark_error *error) {
  if (*in->at != ':') return ark__fail_reading(in, "':' is missing", error);
  in->at++;
  return ARK_OK;
}

/* Reads the attributes before the members of a struct or union. */
static ark_status layout_read_attributes(ark__reader *in, ark_aggregate *whole, ark_error *error) {
  ark_status status = ARK_OK;
  if (*in->at == '%') whole->bit_fields = ARK_BIT_FIELDS_MS;
  if (*in->at == '=') whole->bit_fields = ARK_BIT_FIELDS_GCC;
  in->at += whole->bit_fields != ARK_BIT_FIELDS_PLATFORM;
  if (*in->at == '!') {
    in->at++;
    whole->is_packed = !layout_is_digit(*in->at);
    if (!whole->is_packed) status = layout_read_align(in, ARK_MAX_PACK, &whole->pack, error);
    if (!whole->is_packed && !status) status = layout_read_colon(in, error);
  }
  if (status || *in->at != '@') return status;
  in->at++;
  status = layout_read_align(in, ARK_MAX_ALIGN, &whole->least_align, error);
  return status ? status : layout_read_colon(in, error);
}

/* Reads the attributes after a member. */
static ark_status layout_read_member_attributes(ark__reader *in, ark_member *member, ark_error *error) {
  member->is_packed = *in->at == '!';
  in->at += member->is_packed;
  if (*in->at != '@') return ARK_OK;
  in->at++;
  return layout_read_align(in, ARK_MAX_ALIGN, &member->least_align, error);
}

/* Reads the ":3" after the type of a bit-field. */
static ark_status layout_read_width(ark__reader *in, ark_member *member, ark_error *error) {
  const ark_type *type = member->type;
  bool is_integer = type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED || type->kind == ARK_KIND_BOOL;
  if (!is_integer) return ark__fail_reading(in, "a bit-field has no integer type", error);
  in->at++;
  if (!layout_is_digit(*in->at)) return ark__fail_reading(in, "a bit-field's width is missing", error);
  size_t width, most = type->kind == ARK_KIND_BOOL ? 1 : 8 * type->size;
  if (!layout_read_number(in, most, &width)) return ark__fail_reading(in, "a bit-field is wider than its type", error);
  member->is_bit_field = true;
  member->has_no_name = member->has_no_name || !width;
  member->width = (uint8_t)width;
  return ARK_OK;
}

/* Reads a member. The caller releases member->type, also when this fails. */
static ark_status layout_read_member(ark__reader *in, ark_member *member, ark_error *error) {
  member->has_no_name = *in->at == '_';
  in->at += member->has_no_name;
  ark_status status = layout_read_type(in, &member->type, error);
  if (status) return status;
  if (*in->at == ':') {
    status = layout_read_width(in, member, error);
    if (status) return status;
  } else if (member->has_no_name) {
    return ark__fail_reading(in, "only a bit-field can be without a name", error);
  }
  return layout_read_member_attributes(in, member, error);
}

static ark_status layout_read_members(ark__reader *in, ark_aggregate *whole, ark_error *error) {
  ark_status status = ARK_OK;
  while (!status && *in->at && *in->at != '}') {
    ark_member member = {0};
    status = layout_read_member(in, &member, error);
    if (!status) status = ark_aggregate_add(whole, &member, error);
    ark_type_release(member.type);
  }
  return status;
}

static ark_status layout_read_body(ark__reader *in, ark_aggregate *whole, ark_error *error) {
  ark_status status = layout_read_attributes(in, whole, error);
  if (!status) status = layout_read_members(in, whole, error);
  if (status) return status;
  if (!*in->at) return ark__fail_reading(in, "'}' is missing", error);
  if (!whole->type.size) return ark__fail_reading(in, "a struct has no members", error);
  in->at++;
  return ark_aggregate_end(whole, error);
}

static ark_status layout_read_struct(ark__reader *in, const ark_type **out, ark_error *error) {
  in->at++;
  bool is_union = *in->at == '|';
  in->at += is_union;
  ark_aggregate *made = NULL;
  ark_status status = ark_aggregate_create(is_union ? ARK_UNION : ARK_STRUCT, &made, error);
  if (status) return status;
  status = layout_read_body(in, made, error);
  if (status) {
    ark_type_release(&made->type);
    return status;
  }
  *out = &made->type;
  return ARK_OK;
}

static ark_status layout_read_type(ark__reader *in, const ark_type **out, ark_error *error) {
  char code = *in->at;
  if (code == '[' || code == '{') {
    if (in->depth >= ARK_MAX_DEPTH) return ark__fail_reading(in, "types nest too deep", error);
    in->depth++;
    ark_status status = (code == '[' ? layout_read_whole_array : layout_read_struct)(in, out, error);
    in->depth--;
    return status;
  }
  const ark_type *type = ark_type_of_code(code);
  if (!type) type = ark__wide_of_code(code);
  if (!type || !type->size) {
    return ark__fail_reading(in, code ? "there is no type of a member" : "a type is missing", error);
  }
  in->at++;
  *out = type;
  return ARK_OK;
}

ark_status ark__read_aggregate(ark__reader *in, const ark_type **out, ark_error *error) {
  return *in->at == '{' ? layout_read_type(in, out, error) : ark__fail_reading(in, "'{' is missing", error);
}
