#include "calls/ffi_type.h"

#if ARK__NEEDS_LIBFFI
static ffi_type *const ffi_types[] = {
#define ARK_TYPE(id, code, c_type, ffi, kind, from_js, to_js, names) [ARK_TYPE_##id] = &ffi_type_##ffi,
#define ARK_ALIAS(name, c_type, as)
#include "../../def/types.def"
#undef ARK_TYPE
#undef ARK_ALIAS
};

ffi_type *ark__ffi_type_of(const ark_type *type) {
  return ffi_types[type->id];
}
#endif
