#include "arkffi/type.h"
#include <assert.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

static_assert(sizeof(ark_value) == 8, "a value fills one register, stack slot or argument slot");

/* C gives void no size. */
#define MEASURE_VOID(of, c_type) 0
#define MEASURE_BOOL(of, c_type) of(c_type)
#define MEASURE_SIGNED(of, c_type) of(c_type)
#define MEASURE_UNSIGNED(of, c_type) of(c_type)
#define MEASURE_FLOAT(of, c_type) of(c_type)
#define MEASURE_STRING(of, c_type) of(c_type)
#define MEASURE_POINTER(of, c_type) of(c_type)

static const ark_type type_table[] = {
#define ARK_TYPE(id, code, c_type, ffi, kind, from_js, to_js, names)                                                   \
  {ARK_TYPE_##id, ARK_KIND_##kind, code, MEASURE_##kind(sizeof, c_type), MEASURE_##kind(_Alignof, c_type), #c_type},
#define ARK_ALIAS(name, c_type, as)
#include "../../def/types.def"
#undef ARK_TYPE
#undef ARK_ALIAS
};

static const ark_type *const type_by_code[128] = {
#define ARK_TYPE(id, code, c_type, ffi, kind, from_js, to_js, names) [code] = &type_table[ARK_TYPE_##id],
#define ARK_ALIAS(name, c_type, as)
#include "../../def/types.def"
#undef ARK_TYPE
#undef ARK_ALIAS
};

static const struct {
  const char *name;
  size_t size;
  bool is_signed;
} type_aliases[] = {
#define ARK_TYPE(id, code, c_type, ffi, kind, from_js, to_js, names)
#define ARK_ALIAS(name, c_type, as) {#name, sizeof(c_type), (c_type)-1 < (c_type)1},
#include "../../def/types.def"
#undef ARK_TYPE
#undef ARK_ALIAS
};
enum { ALIAS_COUNT = sizeof type_aliases / sizeof type_aliases[0] };

const ark_type *ark_type_of_code(char code) {
  unsigned char index = (unsigned char)code;
  return index < 128 ? type_by_code[index] : NULL;
}

const ark_type *ark_type_of_id(ark_type_id id) {
  return &type_table[id];
}

size_t ark_type_text_width(const ark_type *type) {
  switch (type->id) {
  case ARK_TYPE_STRING16: return sizeof(uint16_t);
  case ARK_TYPE_WSTRING: return sizeof(wchar_t);
  default: return 1;
  }
}

const ark_type *ark_type_of_alias(const char *name) {
  for (size_t i = 0; i < ALIAS_COUNT; i++) {
    if (strcmp(type_aliases[i].name, name) != 0) continue;
    for (size_t j = 0; j < ARK_TYPE_COUNT; j++) {
      ark_kind wanted = type_aliases[i].is_signed ? ARK_KIND_SIGNED : ARK_KIND_UNSIGNED;
      if (type_table[j].kind == wanted && type_table[j].size == type_aliases[i].size) return &type_table[j];
    }
  }
  return NULL;
}

const char *ark_type_alias(size_t index) {
  return index < ALIAS_COUNT ? type_aliases[index].name : NULL;
}

/* Copies of a fixed size are single instructions; a copy of any size would be a call. */
ark_value ark_value_load(const ark_type *type, const void *memory) {
  ark_value value = {0};
  switch (type->size) {
  case 8: memcpy(&value, memory, 8); return value;
  case 4: memcpy(&value, memory, 4); break;
  case 2: memcpy(&value, memory, 2); break;
  case 1: memcpy(&value, memory, 1); break;
  default: break;
  }
  return ark_value_widen(type, value);
}
