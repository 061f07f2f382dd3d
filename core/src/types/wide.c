#include "types/wide.h"
#include "arkffi/type.h"
#include "base/like_clang.h"
#include <float.h>

enum { WIDE_SIZE = 16 };

/* What this platform has as long double. Neither that of PowerPC, which is two doubles, nor one that is a double is
 * such a scalar. On Windows it is Microsoft's, a double, also where MinGW, whose own has 80 bits, compiles arkffi. */
#if ARKFFI_MS_BIT_FIELDS || LDBL_MANT_DIG == DBL_MANT_DIG
enum { WIDE_LONG_DOUBLE = ARK_WIDE_NONE, WIDE_DIGITS = DBL_MANT_DIG };
#elif LDBL_MANT_DIG == 64
enum { WIDE_LONG_DOUBLE = ARK_WIDE_X87, WIDE_DIGITS = LDBL_MANT_DIG };
#elif LDBL_MANT_DIG == 113
enum { WIDE_LONG_DOUBLE = ARK_WIDE_QUAD, WIDE_DIGITS = LDBL_MANT_DIG };
#else
enum { WIDE_LONG_DOUBLE = ARK_WIDE_NONE, WIDE_DIGITS = LDBL_MANT_DIG };
#endif
enum { WIDE_INTEGER = ARK_WIDE_INTEGER };

#define ARK_WIDE(letter, name, kind_of)                                                                                \
  {.type = {.id = ARK_TYPE_AGGREGATE,                                                                                  \
            .kind = ARK_KIND_AGGREGATE,                                                                                \
            .code = (letter),                                                                                          \
            .size = WIDE_SIZE,                                                                                         \
            .align = WIDE_SIZE,                                                                                        \
            .c_name = (name)},                                                                                         \
   .form = ARK_WIDE_SCALAR,                                                                                            \
   .wide = (ark_wide_kind)WIDE_##kind_of,                                                                              \
   .has_padding = (int)WIDE_##kind_of == (int)ARK_WIDE_X87},

static const ark_aggregate wide_types[] = {
#include "../../def/wide.def"
};
#undef ARK_WIDE

int ark_long_double_digits(void) {
  return WIDE_DIGITS;
}

const ark_type *ark__wide_of_code(char code) {
  for (size_t i = 0; i < sizeof wide_types / sizeof wide_types[0]; i++) {
    const ark_aggregate *found = &wide_types[i];
    if (found->type.code == code && found->wide != ARK_WIDE_NONE) return &found->type;
  }
  return NULL;
}
