/* Structs, unions and arrays: their members, laid out as the C compiler of this machine lays them out.
 *
 * Thread rule: a type is constant once made; any thread may read, refer to and release it.
 */
#ifndef ARKFFI_AGGREGATE_H
#define ARKFFI_AGGREGATE_H

#include "error.h"
#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The largest alignment in bytes that a type or member may ask for: that of a page, which no memory exceeds by
 * itself. */
#define ARK_MAX_ALIGN 4096

/* The largest number that GCC and Clang accept in #pragma pack. */
#define ARK_MAX_PACK 16

/* The largest size of a type in bytes: the difference of two pointers into an object must fit in a ptrdiff_t. */
#define ARK_MAX_OBJECT ((size_t)PTRDIFF_MAX)

/* How deep structs and arrays may nest, so that reading one never exhausts the stack. */
#define ARK_MAX_DEPTH 32

typedef enum ark_form { ARK_STRUCT, ARK_UNION, ARK_ARRAY } ark_form;

typedef struct ark_member {
  const ark_type *type; /* the aggregate has a reference to it */
  size_t offset;        /* bytes from the start; of a bit-field: of the byte that contains its first bit */
  size_t least_align;   /* bytes, as the member itself asks for; 0 when it does not */
  size_t align;         /* bytes, with everything considered; meaningless for the element of an array */
  uint8_t bit;          /* of a bit-field: its lowest bit in that byte, 0 to 7 */
  uint8_t width;        /* of a bit-field: its size in bits */
  bool is_bit_field;
  bool has_no_name; /* a bit-field without a name holds no value */
  bool is_packed;   /* the member itself; its struct may be packed as well */
} ark_member;

/* An ark_type with the id ARK_TYPE_AGGREGATE is the first member of one of these. */
typedef struct ark_aggregate {
  ark_type type;
  ark_form form;
  bool is_packed;
  bool has_padding;          /* set by ark_aggregate_end: some of its bytes belong to no member */
  size_t pack;               /* the largest alignment of a member in bytes; 0 for no limit */
  size_t least_align;        /* bytes, as the declaration asks for; 0 when it does not */
  size_t count;              /* of members; of an array: of elements */
  const ark_member *members; /* owned by the type; an array has one, which stands for each element */
} ark_aggregate;

/* Begins a struct or union. The caller may then set `is_packed`, `pack` and `least_align`, adds the members and ends
 * the aggregate, which is constant from then on. On ARK_OK the caller has a reference in *out, which ark_type_release
 * ends. Fails with ARK_NO_MEMORY. */
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

/* Sets the bytes that belong to no member to zero: C leaves anything there. Of a union these are the bytes that belong
 * to none of its members; a bit-field has all bytes that its bits lie in. `memory` has the size of the type. */
void ark_aggregate_clear_padding(const ark_aggregate *whole, void *memory);

/* The aggregate that a type is, or NULL for any other type. */
const ark_aggregate *ark_aggregate_of(const ark_type *type);

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
