#include "calls/ffi_call.h"
#include "calls/ffi_type.h"

#if ARK__NEEDS_LIBFFI
#include "arkffi/alloc.h"
#include <ffi.h>

struct ark__ffi_call {
  const ark_signature *signature;
  ffi_cif cif;
  ffi_type *types[]; /* of the arguments; the cif points to them */
};

static ffi_type *ffi_promoted_type(const ark_type *type) {
  if (type->id == ARK_TYPE_FLOAT) return &ffi_type_double;
  bool is_integer = type->kind == ARK_KIND_BOOL || type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED;
  return is_integer && type->size < sizeof(int) ? &ffi_type_sint : ark__ffi_type_of(type);
}

static ffi_status ffi_prepare(ark__ffi_call *call) {
  const ark_signature *signature = call->signature;
  unsigned count = (unsigned)signature->count, fixed = (unsigned)signature->fixed;
  for (size_t i = 0; i < count; i++) {
    const ark_type *type = signature->parameters[i].type;
    call->types[i] = i < fixed ? ark__ffi_type_of(type) : ffi_promoted_type(type);
  }
  ffi_type *result = ark__ffi_type_of(signature->result);
  return signature->is_variadic ? ffi_prep_cif_var(&call->cif, FFI_DEFAULT_ABI, fixed, count, result, call->types)
                                : ffi_prep_cif(&call->cif, FFI_DEFAULT_ABI, count, result, call->types);
}

ark_status ark__ffi_call_create(const ark_signature *signature, ark__ffi_call **out, ark_error *error) {
  ark__ffi_call *call = ark_alloc(1, sizeof *call + signature->count * sizeof call->types[0]);
  if (!call) return ark_fail_memory(error);
  call->signature = signature;
  if (ffi_prepare(call) != FFI_OK) {
    ark_free(call);
    return ark_fail(error, ARK_BAD_SIGNATURE, "the calling convention has no place for these types");
  }
  *out = call;
  return ARK_OK;
}

/* libffi takes the address of each argument. Calls nest, so those with few arguments take little stack. */
enum { FEW_ARGS = 16 };

static ark_value call_run(const ark__ffi_call *call, ark_c_function function, const ark_value *args, void **pointers) {
  ark_value result = {0};
  for (size_t i = 0; i < call->signature->count; i++) pointers[i] = (void *)&args[i];
  ffi_call((ffi_cif *)&call->cif, function, &result, pointers);
  return result;
}

static ARK_NOINLINE ark_value call_run_with_few(const ark__ffi_call *call, ark_c_function function,
                                                const ark_value *args) {
  void *pointers[FEW_ARGS];
  return call_run(call, function, args, pointers);
}

static ARK_NOINLINE ark_value call_run_with_many(const ark__ffi_call *call, ark_c_function function,
                                                 const ark_value *args) {
  void *pointers[ARK_MAX_ARGS];
  return call_run(call, function, args, pointers);
}

static ARK_NOINLINE ark_value call_run_variadic(const ark__ffi_call *call, ark_c_function function,
                                                const ark_value *args) {
  ark_value values[ARK_MAX_ARGS];
  for (size_t i = 0; i < call->signature->count; i++) values[i] = ark__promoted(call->signature, i, args[i]);
  return call_run_with_many(call, function, values);
}

ark_value ark__ffi_call_run(const ark__ffi_call *call, ark_c_function function, const ark_value *args) {
  if (call->signature->is_variadic) return call_run_variadic(call, function, args);
  return (call->signature->count <= FEW_ARGS ? call_run_with_few : call_run_with_many)(call, function, args);
}
#else
/* Stand-ins, which are never called. */
ark_status ark__ffi_call_create(const ark_signature *signature, ark__ffi_call **out, ark_error *error) {
  (void)signature, (void)out;
  return ark_fail(error, ARK_BAD_SIGNATURE, "libffi is not part of this build");
}

ark_value ark__ffi_call_run(const ark__ffi_call *call, ark_c_function function, const ark_value *args) {
  (void)call, (void)function, (void)args;
  return (ark_value){0};
}
#endif
