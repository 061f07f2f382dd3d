#include "types/basic_types.h"
#include <complex.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>

cdef_type *cdef_integer_type(cdef_parser *parser, size_t size, bool is_unsigned) {
  static const ark_type_id ids[][2] = {{ARK_TYPE_INT8, ARK_TYPE_UINT8},
                                       {ARK_TYPE_INT16, ARK_TYPE_UINT16},
                                       {ARK_TYPE_INT32, ARK_TYPE_UINT32},
                                       {ARK_TYPE_INT64, ARK_TYPE_UINT64}};
  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    ark_type_id id = ids[i][is_unsigned];
    if (ark_type_of_id(id)->size == size) return &parser->basic.scalars[id];
  }
  return NULL;
}

const char *cdef_why_unusable(cdef_parser *parser, const cdef_type *type) {
  while (type->kind == CDEF_ARRAY && !type->unusable) type = type->target.type;
  if (type->kind == CDEF_FOREIGN && !type->letters && !type->unusable)
    return cdef_format_reason(parser, "%s has no type here", type->name);
  return type->unusable;
}

cdef_qualified_type cdef_refuse_type(cdef_parser *parser, cdef_qualified_type qualified, const char *reason) {
  cdef_type *copy = cdef_new_type(parser, qualified.type->kind);
  *copy = *qualified.type;
  copy->unusable = reason;
  copy->is_refused = copy->has_unknown_layout = true;
  qualified.type = copy;
  return qualified;
}

static cdef_type basic_scalar(ark_type_id id) {
  const ark_type *type = ark_type_of_id(id);
  return (cdef_type){
      .kind = CDEF_SCALAR, .is_complete = true, .size = type->size, .align = type->align, .scalar = type};
}

static cdef_type basic_unsupported(const char *name, size_t size, size_t align) {
  return (cdef_type){.kind = CDEF_FOREIGN, .is_complete = true, .size = size, .align = align, .name = name};
}

/* A type whose values JavaScript converts, by its letters in layouts. */
static cdef_type basic_converted(const char *name, const char *letters, size_t size, size_t align) {
  cdef_type type = basic_unsupported(name, size, align);
  type.letters = letters;
  return type;
}

cdef_type *cdef_complex_type(cdef_parser *parser, const cdef_type *type) {
  cdef_basic_types *basic = &parser->basic;
  if (type == &basic->scalars[ARK_TYPE_FLOAT]) return &basic->complex_float;
  if (type == &basic->scalars[ARK_TYPE_DOUBLE]) return &basic->complex_double;
  const char *name = type->kind == CDEF_FOREIGN ? type->name : "this type";
  if (strstr(name, "_Complex")) name = "this type"; /* not valid C; the name must not grow with each typedef */
  cdef_type *made = cdef_new_type(parser, CDEF_FOREIGN);
  *made = basic_unsupported(cdef_format(parser, "%s _Complex", name), 2 * type->size, type->align);
  return made;
}

cdef_type *cdef_bit_int_type(cdef_parser *parser, uint64_t bits, bool is_unsigned) {
  size_t size = 1;
  while (size < 8 && size * 8 < bits) size *= 2;
  if (bits > 64) size = (size_t)(bits + 63) / 64 * 8; /* on 64-bit ARM it is a multiple of 16 */
  cdef_type *made = cdef_new_type(parser, CDEF_FOREIGN);
  const char *sign = is_unsigned ? "unsigned " : "";
  *made = basic_unsupported(cdef_format(parser, "%s_BitInt(%u)", sign, (unsigned)bits), size, size < 8 ? size : 8);
  made->has_unknown_layout = true;
  return made;
}

static void basic_name_type(cdef_parser *parser, const char *text, cdef_type *type) {
  cdef_name *name = cdef_name_of(&parser->names, &parser->arena, text, strlen(text));
  if (!name) {
    cdef_fail_memory(parser);
    return;
  }
  name->meaning = CDEF_TYPE_NAME;
  name->qualified = (cdef_qualified_type){.type = type};
}

static void basic_name_integers(cdef_parser *parser) {
#define NAME(name, type) basic_name_type(parser, name, cdef_integer_type(parser, sizeof(type), (type)-1 > (type)0))
  NAME("int8_t", int8_t);
  NAME("int16_t", int16_t);
  NAME("int32_t", int32_t);
  NAME("int64_t", int64_t);
  NAME("uint8_t", uint8_t);
  NAME("uint16_t", uint16_t);
  NAME("uint32_t", uint32_t);
  NAME("uint64_t", uint64_t);
  NAME("intptr_t", intptr_t);
  NAME("uintptr_t", uintptr_t);
  NAME("intmax_t", intmax_t);
  NAME("uintmax_t", uintmax_t);
  NAME("size_t", size_t);
  NAME("ssize_t", ptrdiff_t); /* POSIX: as wide as size_t */
  NAME("ptrdiff_t", ptrdiff_t);
  NAME("char8_t", uint8_t);
  NAME("char32_t", uint32_t);
#undef NAME
}

/* Names that GCC and Clang define and headers use, and names of <stdbool.h>, <stdarg.h> and <stdio.h> for text that is
 * written by hand. */
static void basic_name_others(cdef_parser *parser) {
  cdef_basic_types *basic = &parser->basic;
  cdef_type *float_type = &basic->scalars[ARK_TYPE_FLOAT], *double_type = &basic->scalars[ARK_TYPE_DOUBLE];
  cdef_type *null = cdef_new_type(parser, CDEF_POINTER);
  null->is_complete = true;
  null->size = null->align = sizeof(void *);
  null->target.type = &basic->void_type;
  basic_name_type(parser, "nullptr_t", null);
  basic_name_type(parser, "bool", &basic->bool_type);
  basic_name_type(parser, "char16_t", &basic->char16_type);
  basic_name_type(parser, "wchar_t", &basic->wchar_type);
  basic_name_type(parser, "va_list", &basic->va_list_type);
  basic_name_type(parser, "__builtin_va_list", &basic->va_list_type);
  basic_name_type(parser, "__gnuc_va_list", &basic->va_list_type);
  basic_name_type(parser, "__builtin_ms_va_list", &basic->va_list_pointer); /* char *, but no text */
  basic_name_type(parser, "__int128_t", &basic->int128);
  basic_name_type(parser, "__uint128_t", &basic->uint128);
  basic_name_type(parser, "_Float32", float_type);
  basic_name_type(parser, "_Float64", double_type);
  basic_name_type(parser, "_Float32x", double_type);
  basic_name_type(parser, "FILE", &basic->void_type);
  enum { FLOAT64X = 2, QUADS = 3 }; /* those that a long double may be the same as */
  static const struct {
    const char *name;
    size_t size;
  } unsupported[] = {{"_Float128", 16}, {"__float128", 16}, {"_Float64x", 16}, {"_Float16", 2},    {"__fp16", 2},
                     {"__bf16", 2},     {"_Decimal32", 4},  {"_Decimal64", 8}, {"_Decimal128", 16}};
  for (size_t i = 0; i < sizeof unsupported / sizeof unsupported[0]; i++) {
    cdef_type *type = cdef_new_type(parser, CDEF_FOREIGN);
    *type = basic_unsupported(unsupported[i].name, unsupported[i].size, unsupported[i].size);
    bool is_quad = i < QUADS && ark_long_double_digits() == 113;
    if (is_quad || (i == FLOAT64X && ark_long_double_digits() == 64)) type->letters = "D";
    basic_name_type(parser, unsupported[i].name, type);
  }
}

#ifndef ARKFFI_MS_BIT_FIELDS
#define ARKFFI_MS_BIT_FIELDS 0
#endif

bool cdef_has_ms_extensions(void) {
  return ARKFFI_MS_BIT_FIELDS;
}

/* A type that contains a long double. On Windows it is a double to Microsoft's compilers, and has 80 bits to MinGW's.
 */
static cdef_type basic_of_long_double(const char *name, size_t size, size_t align) {
  cdef_type type = basic_unsupported(name, size, align);
  bool is_one = ark_long_double_digits() != 106; /* not two doubles, as on PowerPC */
  if (is_one && strcmp(name, "long double") == 0) type.letters = "D";
  if (ARKFFI_MS_BIT_FIELDS) type.unusable = "compilers for Windows disagree about long double";
  type.has_unknown_layout = ARKFFI_MS_BIT_FIELDS;
  return type;
}

/* A va_list is a pointer on most platforms: Windows, Apple's systems, riscv64, ppc64le. On x86-64 it is an array of one
 * struct, and on 64-bit ARM a struct of 32 bytes, which no arkffi type describes. */
enum { VA_LIST_IS_POINTER = sizeof(va_list) == sizeof(void *) };

static cdef_type basic_pointer(cdef_type *target) {
  return (cdef_type){.kind = CDEF_POINTER,
                     .is_complete = true,
                     .is_not_text = true,
                     .size = sizeof(void *),
                     .align = _Alignof(void *),
                     .target = {.type = target}};
}

static cdef_type basic_va_list(cdef_type *target) {
  if (VA_LIST_IS_POINTER) return basic_pointer(target);
  cdef_type type = basic_unsupported("va_list", sizeof(va_list), _Alignof(va_list));
  type.unusable = "va_list has a type only as a parameter, where it is a pointer";
  return type;
}

void cdef_add_basic_types(cdef_parser *parser) {
  cdef_basic_types *basic = &parser->basic;
  for (int id = 0; id < ARK_TYPE_COUNT; id++) basic->scalars[id] = basic_scalar((ark_type_id)id);
  basic->void_type = (cdef_type){.kind = CDEF_VOID};
  basic->bool_type = basic_scalar(ARK_TYPE_BOOL);
  /* The ABI of the platform decides whether char is signed; the compiler that builds arkffi follows it. */
  basic->char_type = basic_scalar(CHAR_MIN < 0 ? ARK_TYPE_INT8 : ARK_TYPE_UINT8);
  basic->char16_type = basic_scalar(ARK_TYPE_UINT16);
  basic->wchar_type = *cdef_integer_type(parser, sizeof(wchar_t), (wchar_t)-1 > (wchar_t)0);
  basic->long_double = basic_of_long_double("long double", sizeof(long double), _Alignof(long double));
  basic->int128 = basic_converted("__int128", "x", 16, 16);
  basic->uint128 = basic_converted("unsigned __int128", "X", 16, 16);
  basic->complex_float = basic_converted("float _Complex", "{ff}", sizeof(float complex), _Alignof(float complex));
  basic->complex_double = basic_converted("double _Complex", "{dd}", sizeof(double complex), _Alignof(double complex));
  basic->complex_long_double =
      basic_of_long_double("long double _Complex", sizeof(long double complex), _Alignof(long double complex));
  basic->va_list_type = basic_va_list(&basic->void_type);
  basic->va_list_pointer = basic_pointer(&basic->void_type);
  basic->unknown = basic_unsupported("the type of an expression", 0, 0);
  basic_name_integers(parser);
  basic_name_others(parser);
}
