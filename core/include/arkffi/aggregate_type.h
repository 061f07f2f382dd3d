/* What structs, unions and arrays consist of; aggregate.h makes them. Scalars of 16 bytes are passed as they are.
 *
 * Thread rule: a type is constant once made; any thread may read it.
 */
#ifndef ARKFFI_AGGREGATE_TYPE_H
#define ARKFFI_AGGREGATE_TYPE_H

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

typedef enum ark_form {
  ARK_STRUCT,
  ARK_UNION,
  ARK_ARRAY,
  ARK_WIDE_SCALAR /* a type of def/wide.def, which has no members and is static */
} ark_form;

/* Which scalar of 16 bytes it is, as far as calling conventions ask. */
typedef enum ark_wide_kind {
  ARK_WIDE_NONE,
  ARK_WIDE_INTEGER, /* __int128 of either sign */
  ARK_WIDE_X87,     /* the floating-point number of 80 bits of x86, and padding */
  ARK_WIDE_QUAD     /* that of 128 bits, IEEE 754's binary128 */
} ark_wide_kind;

/* Whose rules place the bit-fields of a struct or union. */
typedef enum ark_bit_fields {
  ARK_BIT_FIELDS_PLATFORM, /* those of the platform, Microsoft's on Windows and GCC's elsewhere */
  ARK_BIT_FIELDS_MS,       /* Microsoft's, as `__attribute__((ms_struct))` says */
  ARK_BIT_FIELDS_GCC       /* GCC's for all other systems, as `__attribute__((gcc_struct))` says */
} ark_bit_fields;

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
  ark_wide_kind wide; /* ARK_WIDE_NONE unless it is such a scalar */
  bool is_packed;
  bool has_padding; /* set by ark_aggregate_end: some of its bytes belong to no member */
  ark_bit_fields bit_fields;
  size_t pack;               /* the largest alignment of a member in bytes; 0 for no limit */
  size_t least_align;        /* bytes, as the declaration asks for; 0 when it does not */
  size_t asked_align;        /* bytes, as the whole or a member asks for, once the aggregate has ended */
  size_t count;              /* of members; of an array: of elements */
  const ark_member *members; /* owned by the type; an array has one, which stands for each element */
} ark_aggregate;

/* The aggregate that a type is, or NULL for any other type. */
static inline const ark_aggregate *ark_aggregate_of(const ark_type *type) {
  return type->id == ARK_TYPE_AGGREGATE ? (const ark_aggregate *)(const void *)type : NULL;
}

#ifdef __cplusplus
}
#endif
#endif
