/* The C types that signatures are made of, and a union that holds a value of any of them.
 *
 * Thread rule: everything here is constant data or a pure function.
 */
#ifndef ARKFFI_TYPE_H
#define ARKFFI_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ark_type_id {
#define ARK_TYPE(id, code, c_type, ffi, kind, from_js, to_js, names) ARK_TYPE_##id,
#define ARK_ALIAS(name, c_type, as)
#include "../../def/types.def"
#undef ARK_TYPE
#undef ARK_ALIAS
  ARK_TYPE_COUNT,
  ARK_TYPE_AGGREGATE /* a struct, union or array, see aggregate.h; each has an ark_type of its own */
} ark_type_id;

typedef enum ark_kind {
  ARK_KIND_VOID,
  ARK_KIND_BOOL,
  ARK_KIND_SIGNED,
  ARK_KIND_UNSIGNED,
  ARK_KIND_FLOAT,
  ARK_KIND_STRING,
  ARK_KIND_POINTER,
  ARK_KIND_AGGREGATE
} ark_kind;

typedef struct ark_type {
  ark_type_id id;
  ark_kind kind;
  char code;          /* the letter in a signature; '{' or '[' for an aggregate */
  size_t size;        /* bytes; 0 for void */
  size_t align;       /* bytes; 0 for void */
  const char *c_name; /* "uint8_t"; static */
} ark_type;

/* One argument or result, widened so that a copy of `bits` fills a register: integers and bool are extended to 64 bits
 * according to their sign; a float lies in the low four bytes, and the others are zero. An aggregate is a pointer to
 * its bytes, which stay the caller's. */
typedef union ark_value {
  uint64_t bits;
  int64_t i64;
  uint64_t u64;
  float f32;
  double f64;
  const char *text;
  void *pointer;
} ark_value;

/* The address of a C function of any type. It is converted to a pointer to the function's own type before a call. */
typedef void (*ark_c_function)(void);

/* The type with the letter `code` in def/types.def, or NULL. The type is static. */
const ark_type *ark_type_of_code(char code);

/* The type with an id below ARK_TYPE_COUNT. The type is static. */
const ark_type *ark_type_of_id(ark_type_id id);

/* The size in bytes of one unit of the text that a type of kind STRING points to: 1 for UTF-8, 2 for UTF-16, 4 for
 * UTF-32. */
size_t ark_type_text_width(const ark_type *type);

/* The type of "long", "ulong" or "wchar" on this machine, or NULL for any other name. The type is static. */
const ark_type *ark_type_of_alias(const char *name);

/* The name with that index among those that ark_type_of_alias knows, or NULL after the last. Static text. */
const char *ark_type_alias(size_t index);

/* The binary digits of this machine's long double: 53 if it is a double, as on Windows to Microsoft's compilers, 64 for
 * the number of 80 bits of x86, 113 for one of 128 bits, 106 for two doubles. */
int ark_long_double_digits(void);

/* The least value of an integer type or bool. */
static inline int64_t ark_type_min(const ark_type *type) {
  return type->kind == ARK_KIND_SIGNED ? INT64_MIN >> (64 - 8 * type->size) : 0;
}

/* The greatest value of an integer type or bool. */
static inline uint64_t ark_type_max(const ark_type *type) {
  if (type->kind == ARK_KIND_BOOL) return 1;
  uint64_t all = UINT64_MAX >> (64 - 8 * type->size);
  return type->kind == ARK_KIND_SIGNED ? all >> 1 : all;
}

/* Reads a value of `type`, which must not be an aggregate, from memory that need not be aligned, and widens it. */
ark_value ark_value_load(const ark_type *type, const void *memory);

/* Widens a value of which only the low bytes are set, as C functions leave their results in registers. */
static inline ark_value ark_value_widen(const ark_type *type, ark_value value) {
  unsigned unused = 64 - 8 * (unsigned)type->size;
  if (type->kind == ARK_KIND_SIGNED) {
    value.i64 = (int64_t)(value.bits << unused) >> unused;
  } else if (type->kind == ARK_KIND_BOOL) {
    value.bits = (uint8_t)value.bits != 0;
  } else {
    value.bits = type->kind == ARK_KIND_VOID ? 0 : value.bits << unused >> unused;
  }
  return value;
}

#ifdef __cplusplus
}
#endif
#endif
