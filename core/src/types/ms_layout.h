/* Structs as Microsoft's compiler lays them out, and as `__attribute__((ms_struct))` makes other compilers do it:
 * bit-fields share a storage unit, which has the size of their type, and one of a type of another size begins a new
 * unit. Three compilers do this, each in its own way where packing, asked alignments or unions come in: Microsoft's
 * own, GCC (also MinGW's), and Clang for other systems. base/like_clang.h says which of them the build follows.
 *
 * Thread rule: an aggregate that is being built belongs to one thread.
 */
#ifndef ARK__MS_LAYOUT_H
#define ARK__MS_LAYOUT_H

#include "types/member_place.h"

/* The storage unit that the next bit-field may lie in. It ends where the members so far do. */
typedef struct ark__ms_unit {
  size_t size;   /* bytes; 0 if the last member was no bit-field that needs a unit */
  unsigned left; /* bits at its end that are free */
} ark__ms_unit;

/* Whether the bit-fields of a struct or union are laid out in this way. */
bool ark__has_ms_bit_fields(const ark_aggregate *whole);

/* Works out where a bit-field lies. False if that is beyond ARK_MAX_OBJECT. */
bool ark__place_ms_bit_field(ark_aggregate *whole, ark_member *member, ark__ms_unit *unit, ark__position *at);

#endif
