#include "types/type_text.h"

static void type_write_member(ark__text_writer *to, const ark_member *member) {
  if (member->has_no_name && member->width) ark__write_char(to, '_');
  ark__write_type(to, member->type);
  if (member->is_bit_field) ark__write_char(to, ':');
  if (member->is_bit_field) ark__write_number(to, member->width);
  if (member->is_packed) ark__write_char(to, '!');
  if (member->least_align) ark__write_char(to, '@');
  if (member->least_align) ark__write_number(to, member->least_align);
}

void ark__write_type(ark__text_writer *to, const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  ark__write_char(to, type->code);
  if (!whole || whole->form == ARK_WIDE_SCALAR) return;
  if (whole->form == ARK_ARRAY) {
    ark__write_number(to, whole->count);
    ark__write_type(to, whole->members->type);
    ark__write_char(to, ']');
    return;
  }
  if (whole->form == ARK_UNION) ark__write_char(to, '|');
  if (whole->bit_fields) ark__write_char(to, whole->bit_fields == ARK_BIT_FIELDS_MS ? '%' : '=');
  if (whole->is_packed || whole->pack) ark__write_char(to, '!');
  if (whole->pack) {
    ark__write_number(to, whole->pack);
    ark__write_char(to, ':');
  }
  if (whole->least_align) {
    ark__write_char(to, '@');
    ark__write_number(to, whole->least_align);
    ark__write_char(to, ':');
  }
  for (size_t i = 0; i < whole->count; i++) type_write_member(to, &whole->members[i]);
  ark__write_char(to, '}');
}

size_t ark_type_print(const ark_type *type, char *out, size_t size) {
  ark__text_writer to = ark__text_writer_to(out, size);
  ark__write_type(&to, type);
  return ark__text_writer_end(&to);
}
