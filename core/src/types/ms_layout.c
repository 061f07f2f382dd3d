#include "types/ms_layout.h"
#include "base/like_clang.h"

/* Clang for other systems than Windows. */
enum { MS_AS_CLANG = ARK__LIKE_CLANG && !ARK__LIKE_MICROSOFT };

/* GCC, also for Windows. */
enum { MS_AS_GCC = !ARK__LIKE_CLANG };

bool ark__has_ms_bit_fields(const ark_aggregate *whole) {
  return whole->bit_fields ? whole->bit_fields == ARK_BIT_FIELDS_MS : ARK__MS_BIT_FIELDS;
}

/* What a storage unit is aligned to. Microsoft limits the alignment of the type alone, Clang ignores packing. To GCC, a
 * unit that follows one of the same size needs only what its bit-field asks for. */
static size_t ms_unit_align(const ark_aggregate *whole, const ark_member *member, bool follows) {
  size_t own = member->type->size, asked = member->least_align;
  bool is_packed = ark__is_packed(whole, member);
  if (MS_AS_CLANG) return ark__limit_align(whole, ark__greater(own, asked));
  if (is_packed || (MS_AS_GCC && follows)) own = 1;
  if (MS_AS_GCC) return ark__limit_align(whole, ark__greater(own, asked));
  return ark__greater(ark__limit_align(whole, own), asked);
}

/* What a bit-field aligns its struct to, whether or not it begins a unit. */
static void ms_raise_align(ark_aggregate *whole, const ark_member *member) {
  if (MS_AS_GCC && ark__is_packed(whole, member)) return;
  ark__raise_align(whole, ms_unit_align(whole, member, false));
}

/* A bit-field of width 0 where there is no unit means nothing but what an attribute asks for, which Microsoft ignores
 * and by which GCC does not align the struct. */
static bool ms_align_as_asked(ark_aggregate *whole, ark_member *member, ark__position *at) {
  size_t align = ARK__LIKE_MICROSOFT ? 1 : ark__greater(member->least_align, 1);
  if (!ark__align_up(at, align)) return false;
  member->offset = at->byte;
  if (MS_AS_CLANG) ark__raise_align(whole, align);
  return true;
}

/* A bit-field of width 0 ends the unit, and aligns what follows and the struct. */
static bool ms_end_unit(ark_aggregate *whole, ark_member *member, ark__ms_unit *unit, ark__position *at) {
  bool follows = unit->size == member->type->size;
  size_t align = ms_unit_align(whole, member, follows);
  if (MS_AS_CLANG) {
    /* Neither does `#pragma pack` count, nor the whole unit, if it is one of the same size. */
    align = ark__greater(member->type->size, member->least_align);
    if (follows) at->byte -= unit->left / 8;
  }
  unit->size = 0;
  if (!ark__align_up(at, align)) return false;
  member->offset = at->byte;
  if (MS_AS_GCC) {
    /* To the type, however packed. */
    align = ark__limit_align(whole, ark__greater(member->type->size, member->least_align));
  } else if (!MS_AS_CLANG) {
    align = ms_unit_align(whole, member, false);
  }
  ark__raise_align(whole, align);
  return true;
}

/* In a union, Microsoft and Clang take room for a whole unit and do not align for it. GCC takes the bits and aligns. */
static bool ms_place_in_union(ark_aggregate *whole, ark_member *member, ark__ms_unit *unit, ark__position *at) {
  bool takes_room = member->width || (ARK__LIKE_MICROSOFT && !MS_AS_GCC && unit->size);
  unit->size = member->width ? member->type->size : 0;
  if (takes_room) at->byte = MS_AS_GCC ? (member->width + 7U) / 8 : member->type->size;
  if (MS_AS_GCC && member->width) ms_raise_align(whole, member);
  return true;
}

bool ark__place_ms_bit_field(ark_aggregate *whole, ark_member *member, ark__ms_unit *unit, ark__position *at) {
  const ark_type *type = member->type;
  bool follows = unit->size == type->size;
  if (whole->form == ARK_UNION) return ms_place_in_union(whole, member, unit, at);
  if (!member->width && !unit->size) return ms_align_as_asked(whole, member, at);
  if (!member->width) return ms_end_unit(whole, member, unit, at);
  bool begins = !follows || member->width > unit->left;
  if (begins) {
    if (!ark__align_up(at, ms_unit_align(whole, member, follows))) return false;
    if (at->byte > ARK_MAX_OBJECT - type->size) return false;
    *at = (ark__position){at->byte + type->size, 0};
    *unit = (ark__ms_unit){type->size, (unsigned)(8 * type->size)};
  }
  member->offset = at->byte - (unit->left + 7) / 8;
  member->bit = (uint8_t)((8 - unit->left % 8) % 8);
  unit->left -= member->width;
  if (begins || MS_AS_CLANG || MS_AS_GCC) ms_raise_align(whole, member);
  return true;
}
