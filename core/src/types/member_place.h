/* What the ways of laying out a struct have in common.
 *
 * Thread rule: an aggregate that is being built belongs to one thread.
 */
#ifndef ARK__MEMBER_PLACE_H
#define ARK__MEMBER_PLACE_H

#include "arkffi/aggregate_type.h"

/* The bit at which the next member can begin. In a union, each member begins at 0. */
typedef struct ark__position {
  size_t byte;
  unsigned bit; /* 0 to 7 */
} ark__position;

/* Moves a position to the next multiple of `align` bytes; false if that is beyond ARK_MAX_OBJECT. */
static inline bool ark__align_up(ark__position *at, size_t align) {
  size_t byte = at->byte + (at->bit > 0);
  size_t padding = (align - byte % align) % align;
  if (byte > ARK_MAX_OBJECT - padding) return false;
  *at = (ark__position){byte + padding, 0};
  return true;
}

static inline size_t ark__greater(size_t a, size_t b) {
  return a > b ? a : b;
}

static inline void ark__raise_align(ark_aggregate *whole, size_t align) {
  whole->type.align = ark__greater(whole->type.align, align);
}

/* An alignment as `#pragma pack` limits it. */
static inline size_t ark__limit_align(const ark_aggregate *whole, size_t align) {
  return whole->pack && whole->pack < align ? whole->pack : align;
}

static inline bool ark__is_packed(const ark_aggregate *whole, const ark_member *member) {
  return whole->is_packed || member->is_packed;
}

#endif
