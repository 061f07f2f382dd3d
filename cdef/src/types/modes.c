#include "types/modes.h"
#include "types/basic_types.h"
#include <string.h>

typedef enum mode_kind { MODE_INTEGER, MODE_FLOAT, MODE_COMPLEX } mode_kind;

struct cdef_mode {
  const char *name;
  mode_kind kind;
  size_t size, align; /* bytes; the alignment of an integer is its size */
};

/* GCC's documentation of `mode` says that QI, HI, SI, DI and TI double the size; SF, DF, XF and TF are floats; SC to TC
 * complex numbers. Modes whose size depends on the processor are not known. */
static const cdef_mode modes[] = {{"QI", MODE_INTEGER, 1, 1},
                                  {"byte", MODE_INTEGER, 1, 1},
                                  {"HI", MODE_INTEGER, 2, 2},
                                  {"SI", MODE_INTEGER, 4, 4},
                                  {"DI", MODE_INTEGER, 8, 8},
                                  {"TI", MODE_INTEGER, 16, 16},
                                  {"word", MODE_INTEGER, sizeof(void *), sizeof(void *)},
                                  {"unwind_word", MODE_INTEGER, sizeof(void *), sizeof(void *)},
                                  {"pointer", MODE_INTEGER, sizeof(void *), sizeof(void *)},
                                  {"HF", MODE_FLOAT, 2, 2},
                                  {"BF", MODE_FLOAT, 2, 2},
                                  {"SF", MODE_FLOAT, 4, 4},
                                  {"DF", MODE_FLOAT, 8, 8},
                                  {"XF", MODE_FLOAT, 16, 16},
                                  {"TF", MODE_FLOAT, 16, 16},
                                  {"HC", MODE_COMPLEX, 4, 2},
                                  {"SC", MODE_COMPLEX, 8, 4},
                                  {"DC", MODE_COMPLEX, 16, 8},
                                  {"XC", MODE_COMPLEX, 32, 16},
                                  {"TC", MODE_COMPLEX, 32, 16}};

const cdef_mode *cdef_mode_of(const char *name, size_t length) {
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
    if (strlen(modes[i].name) == length && memcmp(modes[i].name, name, length) == 0) return &modes[i];
  }
  return NULL;
}

/* Whether a type is one of those that a mode can replace. */
static bool mode_fits(const cdef_parser *parser, const cdef_mode *mode, const cdef_type *type) {
  const cdef_basic_types *basic = &parser->basic;
  bool is_scalar = type->kind == CDEF_SCALAR && !type->is_refused;
  bool is_float = is_scalar && type->scalar->kind == ARK_KIND_FLOAT;
  switch (mode->kind) {
  case MODE_INTEGER: return (is_scalar && !is_float) || type == &basic->int128 || type == &basic->uint128;
  case MODE_FLOAT: return is_float || type == &basic->long_double;
  case MODE_COMPLEX:
    return type == &basic->complex_float || type == &basic->complex_double || type == &basic->complex_long_double;
  }
  return false;
}

/* A type that arkffi has no letter for. */
static cdef_type *mode_foreign_type(cdef_parser *parser, const cdef_mode *mode) {
  cdef_type *type = cdef_new_type(parser, CDEF_FOREIGN);
  type->name = cdef_format(parser, "a type of the mode %s", mode->name);
  type->size = mode->size;
  type->align = mode->align;
  type->is_complete = true;
  return type;
}

static cdef_type *mode_type_of(cdef_parser *parser, const cdef_mode *mode, const cdef_type *type) {
  cdef_basic_types *basic = &parser->basic;
  cdef_type *scalar = NULL;
  if (mode->kind == MODE_INTEGER) {
    bool is_unsigned = type->kind == CDEF_SCALAR ? type->scalar->kind == ARK_KIND_UNSIGNED : type == &basic->uint128;
    scalar = cdef_integer_type(parser, mode->size, is_unsigned);
    return scalar ? scalar : is_unsigned ? &basic->uint128 : &basic->int128;
  }
  if (mode->kind == MODE_FLOAT) {
    if (mode->size == sizeof(float)) scalar = &basic->scalars[ARK_TYPE_FLOAT];
    if (mode->size == sizeof(double)) scalar = &basic->scalars[ARK_TYPE_DOUBLE];
    /* XF has 64 binary digits, and TF 113. */
    int digits = mode->name[0] == 'X' ? 64 : 113;
    if (mode->size == 16 && ark_long_double_digits() == digits) scalar = &basic->long_double;
  } else {
    if (mode->align == sizeof(float)) scalar = &basic->complex_float;
    if (mode->align == sizeof(double)) scalar = &basic->complex_double;
  }
  return scalar ? scalar : mode_foreign_type(parser, mode);
}

cdef_qualified_type cdef_with_mode(cdef_parser *parser, cdef_qualified_type qualified, const cdef_mode *mode) {
  const cdef_type *type = qualified.type;
  if (type->kind == CDEF_POINTER && mode->kind == MODE_INTEGER && mode->size == sizeof(void *)) return qualified;
  if (!mode_fits(parser, mode, type)) {
    return cdef_refuse_type(parser, qualified,
                            cdef_format_reason(parser, "this type does not have the mode %s", mode->name));
  }
  qualified.type = mode_type_of(parser, mode, type);
  return qualified;
}
