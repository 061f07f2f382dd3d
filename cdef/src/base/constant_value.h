/* The values of constant expressions.
 *
 * Thread rule: pure functions; any thread may call them.
 */
#ifndef CDEF_CONSTANT_VALUE_H
#define CDEF_CONSTANT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits of an integer. GCC gives a decimal constant that no type of 64 bits with a sign holds the type __int128. */
#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 cdef_bits;
__extension__ typedef __int128 cdef_signed_bits;
#else
typedef uint64_t cdef_bits;
typedef int64_t cdef_signed_bits;
#endif

/* Kinds of values. The floating-point types are in the order of the usual arithmetic conversions. */
typedef enum cdef_value_kind {
  CDEF_INTEGER,
  CDEF_FLOAT,
  CDEF_DOUBLE,
  CDEF_LONG_DOUBLE,
  CDEF_ADDRESS, /* an integer that was converted to a pointer, such as ((void *)-1) */
  CDEF_TEXT     /* a string literal */
} cdef_value_kind;

/* The value of a constant expression and the type that C gives it. Where there is no value, `problem` says why; the
 * type is known if `size` is not 0. */
typedef struct cdef_value {
  cdef_value_kind kind;
  bool is_unsigned;      /* integer */
  size_t size;           /* of the type, in bytes; integer: 1, 2, 4, 8, or 16 if 64 bits hold the value */
  cdef_bits bits;        /* integer: extended according to the sign of the type; address */
  long double number;    /* floating-point types: the value, which is one of the type */
  size_t unit;           /* text: size of a character in bytes */
  const char *json;      /* text: as JSON, or NULL if its bytes are no text; in the arena of the parser */
  const char *problem;   /* NULL where there is a value; static text, with a '%' where `subject` belongs */
  const char *subject;   /* what the problem is about: a name, not NUL-terminated; or NULL */
  size_t subject_length; /* bytes */
} cdef_value;

/* An integer of which only this much is kept. */
typedef struct cdef_integer {
  uint64_t bits;
  bool is_unsigned;
  size_t size;
} cdef_integer;

/* A value of the integer type with that size, in bytes, and that sign. `bits` must fit the type, extended to 64 bits
 * according to its sign. */
cdef_value cdef_value_of(uint64_t bits, bool is_unsigned, size_t size);

/* The result of an expression that has neither value nor known type. `problem` must be static text. */
cdef_value cdef_no_value(const char *problem);

/* Whether an integer is less than 0. */
bool cdef_is_negative(cdef_value value);

/* Converts an integer of 16 bytes to one of 8 with the same value, as GCC does it for the constant of an enum. Other
 * values stay as they are. */
cdef_value cdef_narrow(cdef_value value);

/* Wraps `bits` to the size of the integer's type, as a conversion to that type does in GCC and Clang. */
cdef_value cdef_wrap(cdef_value value);

#endif
