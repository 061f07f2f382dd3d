/* Structs, unions and arrays: their members, laid out as the C compiler of this machine lays them out.
 *
 * Thread rule: a type is constant once made; any thread may read, refer to and release it.
 */
#ifndef ARKFFI_AGGREGATE_H
#define ARKFFI_AGGREGATE_H

#include "aggregate_type.h"
#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Begins a struct or union. The caller may then set `is_packed`, `bit_fields`, `pack` and `least_align`, adds the
 * members and ends the aggregate, which is constant from then on. On ARK_OK the caller has a reference in *out, which
 * ark_type_release ends. Fails with ARK_NO_MEMORY. */
ark_status ark_aggregate_create(ark_form form, ark_aggregate **out, ark_error *error);

/* Adds a copy of `member` and works out its offset, bit and alignment; the caller sets everything else. Adds a
 * reference to the member's type. Fails with ARK_NO_MEMORY or ARK_OUT_OF_RANGE (larger than ARK_MAX_OBJECT); then the
 * aggregate can only be released. */
ark_status ark_aggregate_add(ark_aggregate *whole, const ark_member *member, ark_error *error);

/* Works out the size and alignment of the whole. An aggregate without members has the size 0 and no value. Fails with
 * ARK_OUT_OF_RANGE (larger than ARK_MAX_OBJECT); then the aggregate can only be released. */
ark_status ark_aggregate_end(ark_aggregate *whole, ark_error *error);

/* Makes an array of `count` elements, which may be 0: it then has a size of 0 and the alignment of its element. Adds a
 * reference to the element's type. On ARK_OK the caller has a reference in *out, which ark_type_release ends. Fails
 * with ARK_NO_MEMORY or ARK_OUT_OF_RANGE (larger than ARK_MAX_OBJECT). */
ark_status ark_array_create(const ark_type *element, size_t count, const ark_aggregate **out, ark_error *error);

/* Adds a reference to a type. Does nothing for NULL and for types that are no aggregates, which are static. */
void ark_type_retain(const ark_type *type);

/* Ends a reference to a type; the last one frees it. Does nothing for NULL and for types that are no aggregates. */
void ark_type_release(const ark_type *type);

/* Whether two types are the same, aggregates member by member. */
bool ark_type_equal(const ark_type *left, const ark_type *right);

/* Writes a type as text, such as "{i{dd}}" (see layout.h), cut to `size` bytes including the NUL. Returns the length in
 * bytes of the whole text without the NUL. */
size_t ark_type_print(const ark_type *type, char *out, size_t size);

/* Whether a number is 1, 2, 4, 8 and so on, as every alignment is. */
static inline bool ark_is_power_of_two(size_t number) {
  return number && !(number & (number - 1));
}

#ifdef __cplusplus
}
#endif
#endif
