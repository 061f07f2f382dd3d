#include "arkffi/layout.h"
#include "arkffi/alloc.h"
#include "platform/layout.h"
#include "reader.h"
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* No object is larger: differences of pointers must fit a ptrdiff_t. */
#define LARGEST_OBJECT ((size_t)PTRDIFF_MAX)

/* Where the next member can begin, a byte and a bit in it. Unions begin again at 0 for each. */
typedef struct position {
  size_t byte;
  unsigned bit; /* 0 to 7 */
} position;

/* An aggregate as it is allocated. */
typedef struct block {
  ark_aggregate aggregate; /* first, so that one can be had from the other */
  atomic_size_t references;
  position at;         /* while it is made */
  ark_member *members; /* owned; the same as the aggregate's, to be written */
  size_t room;         /* in `members` */
} block;

const ark_aggregate *ark_aggregate_of(const ark_type *type) {
  return type->id == ARK_TYPE_AGGREGATE ? (const ark_aggregate *)type : NULL;
}

void ark_type_refer(const ark_type *type) {
  if (type && type->id == ARK_TYPE_AGGREGATE) ((block *)type)->references++;
}

void ark_type_release(const ark_type *type) {
  if (!type || type->id != ARK_TYPE_AGGREGATE) return;
  block *of = (block *)type;
  if (--of->references) return;
  size_t count = of->aggregate.form == ARK_ARRAY ? of->room > 0 : of->aggregate.count;
  for (size_t i = 0; i < count; i++) ark_type_release(of->members[i].type);
  ark_free(of->members);
  ark_free(of);
}

ark_status ark_aggregate_create(ark_form form, ark_aggregate **out, ark_error *error) {
  block *made = ark_alloc(1, sizeof *made);
  if (!made) return ark_fail_memory(error);
  made->references = 1;
  made->aggregate.type = (ark_type){.id = ARK_TYPE_AGGREGATE,
                                    .kind = ARK_KIND_AGGREGATE,
                                    .code = form == ARK_ARRAY ? '[' : '{',
                                    .align = 1,
                                    .c_name = form == ARK_UNION   ? "union"
                                              : form == ARK_ARRAY ? "array"
                                                                  : "struct"};
  made->aggregate.form = form;
  *out = &made->aggregate;
  return ARK_OK;
}

/* Room for one member more, or NULL. */
static ark_member *next_member(ark_aggregate *whole) {
  block *of = (block *)whole;
  if (whole->count == of->room) {
    size_t room = of->room ? 2 * of->room : 4;
    ark_member *members = ark_resize(of->members, room * sizeof *members);
    if (!members) return NULL;
    of->members = members;
    of->room = room;
    whole->members = members;
  }
  ark_member *member = &of->members[whole->count];
  *member = (ark_member){0};
  return member;
}

/* Placing. */

/* To the next multiple of `align` bytes; false where there is none. */
static bool align_up(position *at, size_t align) {
  size_t byte = at->byte + (at->bit > 0);
  size_t padding = (align - byte % align) % align;
  if (byte > LARGEST_OBJECT - padding) return false;
  *at = (position){byte + padding, 0};
  return true;
}

static void raise_align(ark_aggregate *whole, size_t align) {
  if (align > whole->type.align) whole->type.align = align;
}

/* What `#pragma pack` leaves of an alignment. */
static size_t limited(const ark_aggregate *whole, size_t align) {
  return whole->pack && whole->pack < align ? whole->pack : align;
}

static bool is_packed(const ark_aggregate *whole, const ark_member *member) {
  return whole->is_packed || member->is_packed;
}

/* Packing goes before the alignment of the type, what the member itself asks for before packing, and `#pragma pack`
 * before all of it. */
static size_t align_of(const ark_aggregate *whole, const ark_member *member) {
  size_t align = is_packed(whole, member) ? 1 : member->type->align;
  return limited(whole, member->least_align > align ? member->least_align : align);
}

static bool place_plain(ark_aggregate *whole, ark_member *member, position *at) {
  if (!align_up(at, member->align) || at->byte > LARGEST_OBJECT - member->type->size) return false;
  member->offset = at->byte;
  at->byte += member->type->size;
  raise_align(whole, member->align);
  return true;
}

/* A bit-field of width 0 ends a unit of its type, and heeds no packing. */
static bool place_end_of_unit(ark_aggregate *whole, ark_member *member, position *at) {
  size_t own = member->type->align, align = member->least_align > own ? member->least_align : own;
  if (!align_up(at, align)) return false;
  member->offset = at->byte;
  if (ARK__UNNAMED_BIT_FIELDS_ALIGN) raise_align(whole, align);
  return true;
}

/* What a bit-field that is not packed aligns its struct to; `#pragma pack` goes before packing here too. */
static size_t unit_align(const ark_aggregate *whole, const ark_member *member) {
  if (whole->pack) return limited(whole, member->type->align);
  return is_packed(whole, member) ? 1 : member->type->align;
}

/* The rules of System V (psABI 3.1.2, "Bit-Fields") and AAPCS64 (10.1.8), as GCC and Clang have them: a bit-field lies
 * inside one aligned unit of its type, unless something is packed. */
static bool place_bit_field(ark_aggregate *whole, ark_member *member, position *at) {
  const ark_type *type = member->type;
  if (!member->width) return place_end_of_unit(whole, member, at);
  size_t asked = member->least_align ? limited(whole, member->least_align) : 1;
  if (member->least_align && !align_up(at, asked)) return false;
  bool crosses = at->byte % type->align * 8 + at->bit + member->width > 8 * type->size;
  if (crosses && !is_packed(whole, member) && !whole->pack && !align_up(at, type->align)) return false;
  size_t bits = at->bit + member->width;
  if (at->byte > LARGEST_OBJECT - bits / 8 - 1) return false;
  member->offset = at->byte;
  member->bit = (uint8_t)at->bit;
  *at = (position){at->byte + bits / 8, bits % 8};
  if (!member->has_no_name || ARK__UNNAMED_BIT_FIELDS_ALIGN) {
    raise_align(whole, asked);
    raise_align(whole, unit_align(whole, member));
  }
  return true;
}

/* Puts a member behind the others, or beside them in a union. `whole->type.size` is what the members take. */
static bool place(ark_aggregate *whole, ark_member *member) {
  position *at = &((block *)whole)->at;
  if (whole->form == ARK_UNION) *at = (position){0};
  member->align = align_of(whole, member);
  if (!(member->is_bit_field ? place_bit_field : place_plain)(whole, member, at)) return false;
  size_t end = at->byte + (at->bit > 0);
  if (end > whole->type.size) whole->type.size = end;
  return true;
}

static ark_status fail_size(const char *what, ark_error *error) {
  return ark_fail(error, ARK_OUT_OF_RANGE, "%s is larger than memory", what);
}

ark_status ark_aggregate_add(ark_aggregate *whole, const ark_member *member, ark_error *error) {
  ark_member *added = next_member(whole);
  if (!added) return ark_fail_memory(error);
  *added = *member;
  ark_type_refer(added->type);
  whole->count++;
  return place(whole, added) ? ARK_OK : fail_size("the struct", error);
}

/* A struct ends on its own alignment, so that an array of it keeps every element aligned. */
ark_status ark_aggregate_end(ark_aggregate *whole, ark_error *error) {
  position end = {whole->type.size, 0};
  raise_align(whole, whole->least_align);
  if (!align_up(&end, whole->type.align)) return fail_size("the struct", error);
  whole->type.size = end.byte;
  return ARK_OK;
}

ark_status ark_array_create(const ark_type *element, size_t count, const ark_aggregate **out, ark_error *error) {
  ark_aggregate *array = NULL;
  if (element->size && count > LARGEST_OBJECT / element->size) return fail_size("the array", error);
  ark_status status = ark_aggregate_create(ARK_ARRAY, &array, error);
  if (status) return status;
  ark_member *member = next_member(array);
  if (!member) {
    ark_type_release(&array->type);
    return ark_fail_memory(error);
  }
  member->type = element;
  ark_type_refer(element);
  array->count = count;
  array->type.size = count * element->size;
  array->type.align = element->align;
  *out = array;
  return ARK_OK;
}

/* Reading. */

ark_status ark__fail_reading(const ark__reader *in, const char *problem, ark_error *error) {
  return ark_fail(error, ARK_BAD_SIGNATURE, "%s: %s at position %td of '%s'", in->what, problem, in->at - in->text + 1,
                  in->text);
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* A number that is at most `limit`; false for one that is larger. */
static bool read_number(ark__reader *in, size_t limit, size_t *out) {
  size_t number = 0;
  bool fits = true;
  for (; is_digit(*in->at); in->at++) {
    size_t digit = (size_t)(*in->at - '0');
    fits = fits && digit <= limit && number <= (limit - digit) / 10;
    if (fits) number = number * 10 + digit;
  }
  *out = number;
  return fits;
}

static ark_status read_type(ark__reader *in, const ark_type **out, ark_error *error);

/* The length and the element, which the caller releases, also when this fails. */
static ark_status read_array(ark__reader *in, size_t *count, const ark_type **element, ark_error *error) {
  in->at++;
  if (!is_digit(*in->at) || *in->at == '0') return ark__fail_reading(in, "an array's length is missing", error);
  if (!read_number(in, LARGEST_OBJECT, count)) return fail_size("the array", error);
  ark_status status = read_type(in, element, error);
  if (status) return status;
  if (*in->at != ']') return ark__fail_reading(in, "']' is missing", error);
  in->at++;
  return ARK_OK;
}

static ark_status read_whole_array(ark__reader *in, const ark_type **out, ark_error *error) {
  size_t count = 0;
  const ark_type *element = NULL;
  const ark_aggregate *array = NULL;
  ark_status status = read_array(in, &count, &element, error);
  if (!status) status = ark_array_create(element, count, &array, error);
  if (!status) *out = &array->type;
  ark_type_release(element);
  return status;
}

/* An alignment from the next character on: a power of two up to `most`. */
static ark_status read_align(ark__reader *in, size_t most, size_t *out, ark_error *error) {
  bool fits = read_number(in, most, out);
  if (fits && *out && !(*out & (*out - 1))) return ARK_OK;
  return ark__fail_reading(
      in, most == ARK_MAX_ALIGN ? "an alignment is no power of two up to 4096" : "a pack is no power of two up to 16",
      error);
}

static ark_status read_colon(ark__reader *in, ark_error *error) {
  if (*in->at != ':') return ark__fail_reading(in, "':' is missing", error);
  in->at++;
  return ARK_OK;
}

/* What stands before the members of a struct or union. */
static ark_status read_manner(ark__reader *in, ark_aggregate *whole, ark_error *error) {
  ark_status status = ARK_OK;
  if (*in->at == '!') {
    in->at++;
    whole->is_packed = !is_digit(*in->at);
    if (!whole->is_packed) status = read_align(in, ARK_MAX_PACK, &whole->pack, error);
    if (!whole->is_packed && !status) status = read_colon(in, error);
  }
  if (status || *in->at != '@') return status;
  in->at++;
  status = read_align(in, ARK_MAX_ALIGN, &whole->least_align, error);
  return status ? status : read_colon(in, error);
}

/* What stands behind a member. */
static ark_status read_member_manner(ark__reader *in, ark_member *member, ark_error *error) {
  member->is_packed = *in->at == '!';
  in->at += member->is_packed;
  if (*in->at != '@') return ARK_OK;
  in->at++;
  return read_align(in, ARK_MAX_ALIGN, &member->least_align, error);
}

/* The ":3" behind the type of a bit-field. */
static ark_status read_width(ark__reader *in, ark_member *member, ark_error *error) {
  const ark_type *type = member->type;
  bool is_integer = type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED || type->kind == ARK_KIND_BOOL;
  if (!is_integer) return ark__fail_reading(in, "a bit-field has no integer type", error);
  in->at++;
  if (!is_digit(*in->at)) return ark__fail_reading(in, "a bit-field's width is missing", error);
  size_t width, most = type->kind == ARK_KIND_BOOL ? 1 : 8 * type->size;
  if (!read_number(in, most, &width)) return ark__fail_reading(in, "a bit-field is wider than its type", error);
  member->is_bit_field = true;
  member->has_no_name = member->has_no_name || !width;
  member->width = (uint8_t)width;
  return ARK_OK;
}

/* What `member` has of a type is the caller's to release, also when this fails. */
static ark_status read_member(ark__reader *in, ark_member *member, ark_error *error) {
  member->has_no_name = *in->at == '_';
  in->at += member->has_no_name;
  ark_status status = read_type(in, &member->type, error);
  if (status) return status;
  if (*in->at == ':') {
    status = read_width(in, member, error);
    if (status) return status;
  } else if (member->has_no_name) {
    return ark__fail_reading(in, "only a bit-field can be without a name", error);
  }
  return read_member_manner(in, member, error);
}

static ark_status read_members(ark__reader *in, ark_aggregate *whole, ark_error *error) {
  ark_status status = ARK_OK;
  while (!status && *in->at && *in->at != '}') {
    ark_member member = {0};
    status = read_member(in, &member, error);
    if (!status) status = ark_aggregate_add(whole, &member, error);
    ark_type_release(member.type);
  }
  return status;
}

static ark_status read_members_into(ark__reader *in, ark_aggregate *whole, ark_error *error) {
  ark_status status = read_manner(in, whole, error);
  if (!status) status = read_members(in, whole, error);
  if (status) return status;
  if (!*in->at) return ark__fail_reading(in, "'}' is missing", error);
  if (!whole->type.size) return ark__fail_reading(in, "a struct has no members", error);
  in->at++;
  return ark_aggregate_end(whole, error);
}

static ark_status read_struct(ark__reader *in, const ark_type **out, ark_error *error) {
  in->at++;
  bool is_union = *in->at == '|';
  in->at += is_union;
  ark_aggregate *made = NULL;
  ark_status status = ark_aggregate_create(is_union ? ARK_UNION : ARK_STRUCT, &made, error);
  if (status) return status;
  status = read_members_into(in, made, error);
  if (status) {
    ark_type_release(&made->type);
    return status;
  }
  *out = &made->type;
  return ARK_OK;
}

static ark_status read_type(ark__reader *in, const ark_type **out, ark_error *error) {
  char code = *in->at;
  if (code == '[' || code == '{') {
    if (in->depth >= ARK_MAX_DEPTH) return ark__fail_reading(in, "types nest too deep", error);
    in->depth++;
    ark_status status = (code == '[' ? read_whole_array : read_struct)(in, out, error);
    in->depth--;
    return status;
  }
  const ark_type *type = ark_type_of_code(code);
  if (!type || !type->size) {
    return ark__fail_reading(in, code ? "there is no type of a member" : "a type is missing", error);
  }
  in->at++;
  *out = type;
  return ARK_OK;
}

ark_status ark__read_aggregate(ark__reader *in, const ark_type **out, ark_error *error) {
  return *in->at == '{' ? read_type(in, out, error) : ark__fail_reading(in, "'{' is missing", error);
}

ark_status ark_layout_parse(const char *text, const ark_aggregate **out, ark_error *error) {
  ark__reader in = {.what = "struct layout", .text = text, .at = text};
  const ark_type *type;
  ark_status status = ark__read_aggregate(&in, &type, error);
  if (status) return status;
  if (*in.at) {
    ark_type_release(type);
    return ark__fail_reading(&in, "the struct has ended", error);
  }
  *out = ark_aggregate_of(type);
  return ARK_OK;
}

/* Comparing and printing. */

static bool members_equal(const ark_member *a, const ark_member *b) {
  return a->is_bit_field == b->is_bit_field && a->width == b->width && a->has_no_name == b->has_no_name &&
         a->is_packed == b->is_packed && a->least_align == b->least_align && ark_type_equal(a->type, b->type);
}

bool ark_type_equal(const ark_type *left, const ark_type *right) {
  const ark_aggregate *a = ark_aggregate_of(left), *b = ark_aggregate_of(right);
  if (!a || !b || a == b) return left == right;
  if (a->form != b->form || a->count != b->count || a->is_packed != b->is_packed) return false;
  if (a->pack != b->pack || a->least_align != b->least_align) return false;
  size_t count = a->form == ARK_ARRAY ? 1 : a->count;
  for (size_t i = 0; i < count; i++) {
    if (!members_equal(&a->members[i], &b->members[i])) return false;
  }
  return true;
}

/* Where text goes, and how much of it there would be. */
typedef struct writer {
  char *at, *end;
  size_t length;
} writer;

static void put(writer *to, char c) {
  if (to->at < to->end) *to->at++ = c;
  to->length++;
}

static void put_number(writer *to, size_t number) {
  char digits[24];
  snprintf(digits, sizeof digits, "%zu", number);
  for (const char *digit = digits; *digit; digit++) put(to, *digit);
}

static void print(writer *to, const ark_type *type);

static void print_member(writer *to, const ark_member *member) {
  if (member->has_no_name && member->width) put(to, '_');
  print(to, member->type);
  if (member->is_bit_field) put(to, ':');
  if (member->is_bit_field) put_number(to, member->width);
  if (member->is_packed) put(to, '!');
  if (member->least_align) put(to, '@');
  if (member->least_align) put_number(to, member->least_align);
}

static void print(writer *to, const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  put(to, type->code);
  if (!whole) return;
  if (whole->form == ARK_ARRAY) {
    put_number(to, whole->count);
    print(to, whole->members->type);
    put(to, ']');
    return;
  }
  if (whole->form == ARK_UNION) put(to, '|');
  if (whole->is_packed || whole->pack) put(to, '!');
  if (whole->pack) {
    put_number(to, whole->pack);
    put(to, ':');
  }
  if (whole->least_align) {
    put(to, '@');
    put_number(to, whole->least_align);
    put(to, ':');
  }
  for (size_t i = 0; i < whole->count; i++) print_member(to, &whole->members[i]);
  put(to, '}');
}

size_t ark_type_print(const ark_type *type, char *out, size_t size) {
  writer to = {out, size ? out + size - 1 : out, 0};
  print(&to, type);
  if (size) *to.at = '\0';
  return to.length;
}
