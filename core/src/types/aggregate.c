#include "arkffi/aggregate.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "base/like_clang.h"
#include "types/ms_layout.h"
#include "types/has_padding.h"
#include <stdatomic.h>

/* A struct with a bit-field that has no name. */
struct aggregate_unnamed {
  char byte;
  int : 5;
};

/* Whether a bit-field without a name aligns its struct, as this compiler has it: AAPCS64 says yes (10.1.8), System V no
 * (psABI 3.1.2), nor does Apple. */
#if defined(ARKFFI_APPLE_CONVENTION)
enum { UNNAMED_BIT_FIELDS_ALIGN = false };
#else
enum { UNNAMED_BIT_FIELDS_ALIGN = _Alignof(struct aggregate_unnamed) > _Alignof(char) };
#endif

/* An aggregate as it is allocated. */
typedef struct block {
  ark_aggregate aggregate;
  atomic_size_t references;
  ark__position at;    /* while members are added */
  ark__ms_unit unit;   /* that of the last bit-field, while members are added */
  ark_member *members; /* owned; the aggregate's, but writable */
  size_t room;         /* of `members` */
} block;

static block *aggregate_block(const ark_aggregate *whole) {
  return ark_container_of(whole, block, aggregate);
}

/* Whether references to a type are counted: it is an aggregate that was made. */
static bool aggregate_is_counted(const ark_type *type) {
  const ark_aggregate *whole = type ? ark_aggregate_of(type) : NULL;
  return whole && whole->form != ARK_WIDE_SCALAR;
}

void ark_type_retain(const ark_type *type) {
  if (!aggregate_is_counted(type)) return;
  /* relaxed: the caller has a reference already, so nothing depends on when others see this one. */
  atomic_fetch_add_explicit(&aggregate_block(ark_aggregate_of(type))->references, 1, memory_order_relaxed);
}

void ark_type_release(const ark_type *type) {
  if (!aggregate_is_counted(type)) return;
  block *of = aggregate_block(ark_aggregate_of(type));
  /* acq_rel: every thread's reads of the type happen before the last reference frees it. */
  if (atomic_fetch_sub_explicit(&of->references, 1, memory_order_acq_rel) != 1) return;
  size_t count = of->aggregate.form == ARK_ARRAY ? of->room > 0 : of->aggregate.count;
  for (size_t i = 0; i < count; i++) ark_type_release(of->members[i].type);
  ark_free(of->members);
  ark_free(of);
}

ark_status ark_aggregate_create(ark_form form, ark_aggregate **out, ark_error *error) {
  block *made = ark_alloc(1, sizeof *made);
  if (!made) return ark_fail_memory(error);
  atomic_init(&made->references, 1);
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

/* A new, zeroed member at the end; NULL when out of memory. */
static ark_member *aggregate_next_member(ark_aggregate *whole) {
  block *of = aggregate_block(whole);
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

/* What a type asks for by a member or as a whole, and Microsoft's compiler does not let `#pragma pack` limit. A whole
 * that asks for any alignment keeps all that it has. */
static size_t aggregate_asked_of_type(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  while (whole && whole->form == ARK_ARRAY) whole = ark_aggregate_of(whole->members->type);
  if (!whole) return 0;
  return whole->least_align ? whole->type.align : whole->asked_align;
}

/* Packing overrides the alignment of the type, an alignment that the member asks for overrides packing, and
 * `#pragma pack` limits all of them. To Microsoft's compiler, what anything asks for overrides both. */
static size_t aggregate_member_align(ark_aggregate *whole, const ark_member *member) {
  size_t align = ark__is_packed(whole, member) ? 1 : member->type->align;
  if (!ARK__LIKE_MICROSOFT) return ark__limit_align(whole, ark__greater(member->least_align, align));
  size_t asked = ark__greater(member->least_align, aggregate_asked_of_type(member->type));
  if (!member->is_bit_field) whole->asked_align = ark__greater(whole->asked_align, asked);
  return ark__greater(ark__limit_align(whole, align), asked);
}

static bool aggregate_place_plain(ark_aggregate *whole, ark_member *member, ark__position *at) {
  if (!ark__align_up(at, member->align) || at->byte > ARK_MAX_OBJECT - member->type->size) return false;
  member->offset = at->byte;
  at->byte += member->type->size;
  ark__raise_align(whole, member->align);
  return true;
}

/* A bit-field of width 0 makes the next member begin at a new unit of its type, regardless of packing. */
static bool aggregate_end_unit(ark_aggregate *whole, ark_member *member, ark__position *at) {
  size_t align = ark__greater(member->type->align, member->least_align);
  if (!ark__align_up(at, align)) return false;
  member->offset = at->byte;
  if (UNNAMED_BIT_FIELDS_ALIGN) ark__raise_align(whole, align);
  return true;
}

/* What the type of a bit-field aligns its struct to. `#pragma pack` overrides packing here. */
static size_t aggregate_unit_align(const ark_aggregate *whole, const ark_member *member) {
  if (whole->pack) return ark__limit_align(whole, member->type->align);
  return ark__is_packed(whole, member) ? 1 : member->type->align;
}

/* Whether a bit-field that begins there would lie in two units of its type. */
static bool aggregate_crosses(const ark_member *member, const ark__position *at) {
  return at->byte % member->type->align * 8 + at->bit + member->width > 8 * member->type->size;
}

/* The rules of System V (psABI 3.1.2, "Bit-Fields") and AAPCS64 (10.1.8), as GCC and Clang apply them: a bit-field lies
 * inside one aligned unit of its type, unless it is packed. Clang looks for that before it aligns the bit-field as this
 * asks for itself, GCC after it. What exceeds `#pragma pack` there, GCC limits and Clang ignores. */
static bool aggregate_place_bit_field(ark_aggregate *whole, ark_member *member, ark__position *at) {
  const ark_type *type = member->type;
  if (!member->width) return aggregate_end_unit(whole, member, at);
  size_t asked = member->least_align ? ark__limit_align(whole, member->least_align) : 1;
  const ark__position start = *at;
  bool is_ignored = ARK__LIKE_CLANG && asked < member->least_align;
  if (member->least_align && !is_ignored && !ark__align_up(at, asked)) return false;
  bool crosses = aggregate_crosses(member, ARK__LIKE_CLANG ? &start : at);
  if (crosses && !ark__is_packed(whole, member) && !whole->pack && !ark__align_up(at, type->align)) return false;
  size_t bits = at->bit + member->width;
  if (at->byte > ARK_MAX_OBJECT - bits / 8 - 1) return false;
  member->offset = at->byte;
  member->bit = (uint8_t)at->bit;
  *at = (ark__position){at->byte + bits / 8, bits % 8};
  if (!member->has_no_name || UNNAMED_BIT_FIELDS_ALIGN) {
    ark__raise_align(whole, asked);
    ark__raise_align(whole, aggregate_unit_align(whole, member));
  }
  return true;
}

/* A member that is no bit-field ends the unit of those before it. */
static bool aggregate_place_member(ark_aggregate *whole, ark_member *member, ark__position *at) {
  ark__ms_unit *unit = &aggregate_block(whole)->unit;
  if (member->is_bit_field && ark__has_ms_bit_fields(whole)) return ark__place_ms_bit_field(whole, member, unit, at);
  *unit = (ark__ms_unit){0};
  return (member->is_bit_field ? aggregate_place_bit_field : aggregate_place_plain)(whole, member, at);
}

/* Works out where a member lies: after the others, or in a union at the start. `whole->type.size` is the end of the
 * members so far. */
static bool aggregate_place(ark_aggregate *whole, ark_member *member) {
  ark__position *at = &aggregate_block(whole)->at;
  if (whole->form == ARK_UNION) *at = (ark__position){0};
  member->align = aggregate_member_align(whole, member);
  if (!aggregate_place_member(whole, member, at)) return false;
  size_t end = at->byte + (at->bit > 0);
  if (end > whole->type.size) whole->type.size = end;
  return true;
}

static ark_status aggregate_fail_size(const char *what, ark_error *error) {
  return ark_fail(error, ARK_OUT_OF_RANGE, "%s is larger than memory", what);
}

ark_status ark_aggregate_add(ark_aggregate *whole, const ark_member *member, ark_error *error) {
  ark_member *added = aggregate_next_member(whole);
  if (!added) return ark_fail_memory(error);
  *added = *member;
  ark_type_retain(added->type);
  whole->count++;
  return aggregate_place(whole, added) ? ARK_OK : aggregate_fail_size("the struct", error);
}

/* The size is a multiple of the alignment, so that every element of an array is aligned. */
ark_status ark_aggregate_end(ark_aggregate *whole, ark_error *error) {
  ark__position end = {whole->type.size, 0};
  whole->asked_align = ark__greater(whole->asked_align, whole->least_align);
  ark__raise_align(whole, whole->least_align);
  if (!ark__align_up(&end, whole->type.align)) return aggregate_fail_size("the struct", error);
  whole->type.size = end.byte;
  whole->has_padding = ark__has_padding(whole);
  return ARK_OK;
}

ark_status ark_array_create(const ark_type *element, size_t count, const ark_aggregate **out, ark_error *error) {
  ark_aggregate *array = NULL;
  if (element->size && count > ARK_MAX_OBJECT / element->size) return aggregate_fail_size("the array", error);
  ark_status status = ark_aggregate_create(ARK_ARRAY, &array, error);
  if (status) return status;
  ark_member *member = aggregate_next_member(array);
  if (!member) {
    ark_type_release(&array->type);
    return ark_fail_memory(error);
  }
  member->type = element;
  ark_type_retain(element);
  array->count = count;
  array->type.size = count * element->size;
  array->type.align = element->align;
  array->has_padding = ark__has_padding(array);
  *out = array;
  return ARK_OK;
}

static bool aggregate_members_equal(const ark_member *a, const ark_member *b) {
  return a->is_bit_field == b->is_bit_field && a->width == b->width && a->has_no_name == b->has_no_name &&
         a->is_packed == b->is_packed && a->least_align == b->least_align && ark_type_equal(a->type, b->type);
}

bool ark_type_equal(const ark_type *left, const ark_type *right) {
  const ark_aggregate *a = ark_aggregate_of(left), *b = ark_aggregate_of(right);
  if (!a || !b || a == b || a->form == ARK_WIDE_SCALAR) return left == right;
  if (a->form != b->form || a->count != b->count || a->is_packed != b->is_packed) return false;
  if (a->bit_fields != b->bit_fields || a->pack != b->pack || a->least_align != b->least_align) return false;
  size_t count = a->form == ARK_ARRAY ? 1 : a->count;
  for (size_t i = 0; i < count; i++) {
    if (!aggregate_members_equal(&a->members[i], &b->members[i])) return false;
  }
  return true;
}
