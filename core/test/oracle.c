#include "oracle.h"
#include "arkffi/aggregate.h"
#include "cpu/convention.h"

static ffi_type *const scalars[] = {
#define ARK_TYPE(id, code, c_type, ffi, kind, from_js, to_js, names) [ARK_TYPE_##id] = &ffi_type_##ffi,
#define ARK_ALIAS(name, c_type, as)
#include "../def/types.def"
#undef ARK_TYPE
#undef ARK_ALIAS
};

/* The number of elements that libffi sees: each of an array by itself. */
static size_t count_elements(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole || whole->form != ARK_ARRAY) return 1;
  return whole->count * count_elements(whole->members->type);
}

static ffi_type **add_elements(ffi_type **to, const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole || whole->form != ARK_ARRAY) {
    *to++ = oracle_type(type);
    return to;
  }
  for (size_t i = 0; i < whole->count; i++) to = add_elements(to, whole->members->type);
  return to;
}

ffi_type *oracle_type(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) return scalars[type->id];
  assert_int_equal(whole->form, ARK_STRUCT);
  size_t count = 0;
  for (size_t i = 0; i < whole->count; i++) count += count_elements(whole->members[i].type);
  ffi_type *made = calloc(1, sizeof *made);
  made->type = FFI_TYPE_STRUCT;
  made->elements = calloc(count + 1, sizeof made->elements[0]);
  ffi_type **to = made->elements;
  for (size_t i = 0; i < whole->count; i++) to = add_elements(to, whole->members[i].type);
  return made;
}

void oracle_type_free(ffi_type *type) {
  if (type->type != FFI_TYPE_STRUCT) return;
  for (size_t i = 0; type->elements[i]; i++) oracle_type_free(type->elements[i]);
  free(type->elements);
  free(type);
}

ffi_abi oracle_abi(const ark_signature *signature) {
#if ARK__MS
  if (signature->abi == ARK_ABI_MS) return FFI_GNUW64;
#else
  (void)signature;
#endif
  return FFI_DEFAULT_ABI;
}

void oracle_call(const ark_signature *signature, ark_c_function function, const ark_value *args, void *result) {
  ffi_cif cif;
  ffi_type *types[ARK_MAX_ARGS], *result_type = oracle_type(signature->result);
  void *pointers[ARK_MAX_ARGS];
  unsigned count = (unsigned)signature->count;
  for (size_t i = 0; i < count; i++) {
    const ark_type *type = signature->parameters[i].type;
    types[i] = oracle_type(type);
    pointers[i] = type->kind == ARK_KIND_AGGREGATE ? args[i].pointer : (void *)&args[i];
  }
  assert_int_equal(ffi_prep_cif(&cif, oracle_abi(signature), count, result_type, types), FFI_OK);
  for (size_t i = 0; i < count; i++) assert_int_equal(types[i]->size, signature->parameters[i].type->size);
  ffi_call(&cif, function, result, pointers);
  for (size_t i = 0; i < count; i++) oracle_type_free(types[i]);
  oracle_type_free(result_type);
}
