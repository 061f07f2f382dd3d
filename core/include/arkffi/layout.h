/* Structs, unions and arrays: their members, laid out by the rules of the platform's C compiler.
 *
 * Written as text, a struct is its members in braces, "{i{dd}[3h]}"; "[3h]" is an array, "I:3" a bit-field of three
 * bits. What stands before the members says how they lie, in this order:
 *
 *   {|id}     a union
 *   {!cd}     packed: no padding between members, as __attribute__((packed))
 *   {!4:cd}   no member is aligned to more than so many bytes, 1 to 16, as by #pragma pack(4)
 *   {@16:dd}  aligned to so many bytes at least, a power of two, as __attribute__((aligned(16)))
 *
 * An underscore before a bit-field, "_I:5", says that it has no name in C; one of width 0 never has. What stands behind
 * a member says how it lies, in this order:
 *
 *   {cd!}     packed: aligned to a byte, and a bit-field to a bit, as __attribute__((packed)) behind the member
 *   {cd@16}   aligned to so many bytes at least, as __attribute__((aligned(16))) behind it and _Alignas(16) before it
 *   {cd!@2}   both: aligned to 2 bytes
 *
 * Thread rule: a type is constant once made, and any thread may read, refer to and release it.
 */
#ifndef ARKFFI_LAYOUT_H
#define ARKFFI_LAYOUT_H

#include "error.h"
#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A larger alignment than a page's is not one that any memory has by itself. */
#define ARK_MAX_ALIGN 4096

/* The largest number that GCC and Clang take in #pragma pack. */
#define ARK_MAX_PACK 16

/* How deep structs and arrays may lie in each other, so that no text exhausts the stack. */
#define ARK_MAX_DEPTH 32

typedef enum ark_form { ARK_STRUCT, ARK_UNION, ARK_ARRAY } ark_form;

typedef struct ark_member {
  const ark_type *type; /* referred to by the aggregate */
  size_t offset;        /* bytes from the start; of a bit-field, to the byte with its first bit */
  size_t least_align;   /* bytes, as the member itself asks for; 0 when it does not */
  size_t align;         /* bytes, with all that is asked for; meaningless for an array's element */
  uint8_t bit;          /* of a bit-field: its lowest bit in that byte */
  uint8_t width;        /* of a bit-field: how many bits it has */
  bool is_bit_field;
  bool has_no_name; /* such a bit-field holds no value */
  bool is_packed;   /* itself; it may lie in a packed struct besides */
} ark_member;

/* An ark_type with the id ARK_TYPE_AGGREGATE is the first member of one of these. */
typedef struct ark_aggregate {
  ark_type type;
  ark_form form;
  bool is_packed;
  size_t pack;               /* bytes, to which a member is aligned at most; 0 for no limit */
  size_t least_align;        /* as it was asked for; 0 when it was not */
  size_t count;              /* of the members; of an array's elements */
  const ark_member *members; /* inside the type's own block; an array has one, which stands for each element */
} ark_aggregate;

/* Reads one struct or union. On ARK_OK the caller has a reference in *out, which ark_type_release ends.
 * Fails with ARK_BAD_SIGNATURE (the message shows where), ARK_OUT_OF_RANGE (larger than memory) or ARK_NO_MEMORY. */
ark_status ark_layout_parse(const char *text, const ark_aggregate **out, ark_error *error);

/* One made member by member: created, which sets its form alone; then `is_packed`, `pack` and `least_align` are the
 * caller's to set; then added to; then ended, from where on it is constant. A struct without members has the size 0, and
 * no value. The caller has a reference in *out.
 * Fail with ARK_NO_MEMORY or ARK_OUT_OF_RANGE (larger than memory); then it can only be released. */
ark_status ark_aggregate_create(ark_form form, ark_aggregate **out, ark_error *error);
ark_status ark_aggregate_end(ark_aggregate *whole, ark_error *error);

/* Adds a member, of which type, width, names and what it asks for are given; where it lies is worked out. The type is
 * referred to. */
ark_status ark_aggregate_add(ark_aggregate *whole, const ark_member *member, ark_error *error);

/* An array, of 0 elements too, which takes no room but is aligned. Refers to the element's type. Fails likewise. */
ark_status ark_array_create(const ark_type *element, size_t count, const ark_aggregate **out, ark_error *error);

/* The aggregate that a type is, or NULL. */
const ark_aggregate *ark_aggregate_of(const ark_type *type);

/* One reference more, or less: the last one frees. Types that are no aggregates are static, and nothing happens to them;
 * nor to NULL. */
void ark_type_refer(const ark_type *type);
void ark_type_release(const ark_type *type);

/* The same type, member by member. */
bool ark_type_equal(const ark_type *left, const ark_type *right);

/* Writes a type as text, "{i{dd}}", cut to `size` bytes with the NUL. Gives the length of the whole. */
size_t ark_type_print(const ark_type *type, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
