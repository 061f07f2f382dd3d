#include "closures/ffi_closure.h"
#include "cpu/convention.h"

#if ARK__NEEDS_LIBFFI
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "calls/ffi_type.h"
#include "os/process_lock.h"
#include <assert.h>
#include <ffi.h>

static_assert(sizeof(ffi_arg) == sizeof(uint64_t), "libffi's register holds a widened value");

static ark__quarantine ffi_quarantine;

/* libffi's part of a closure is as live as its code: given back to libffi, it would be memory that C may still jump
 * to. libffi takes several stores to lead to another form, so a thread that enters meanwhile may find a mixture, and
 * the old form freed: here the quarantine is all that keeps them apart. */
typedef struct ffi_form {
  ark_closure closure;
  ark__entry entry; /* leads nowhere: libffi leads to the form by itself */
  void *code;       /* the entry point */
  ffi_closure *ffi; /* what libffi allocated */
  ffi_cif cif;
  ffi_type *types[]; /* of the arguments; the cif points to them */
} ffi_form;

/* Sets the result as libffi wants it: one that is narrower than a register fills all of it. */
static void closure_set_result(const ark_type *type, ark_value value, void *result) {
  switch (type->id) {
  case ARK_TYPE_VOID: return;
  case ARK_TYPE_FLOAT: *(float *)result = value.f32; return;
  case ARK_TYPE_DOUBLE: *(double *)result = value.f64; return;
  default: *(ffi_arg *)result = (ffi_arg)value.bits;
  }
}

static void closure_call_handler(const ffi_form *form, void *result, void **args, ark_value *values) {
  const ark_closure *closure = &form->closure;
  for (size_t i = 0; i < closure->signature->count; i++) {
    values[i] = ark_value_load(closure->signature->parameters[i].type, args[i]);
  }
  ark_value value = {0};
  closure->handler(closure->context, values, &value);
  closure_set_result(closure->signature->result, value, result);
}

/* libffi calls one of these for each call of an entry point. */
static void closure_enter_with_few(ffi_cif *cif, void *result, void **args, void *form) {
  (void)cif;
  ark_value values[ARK__FEW_ARGS];
  closure_call_handler(form, result, args, values);
}

static void closure_enter_with_many(ffi_cif *cif, void *result, void **args, void *form) {
  (void)cif;
  ark_value values[ARK_MAX_ARGS];
  closure_call_handler(form, result, args, values);
}

static ark_status closure_prepare(ffi_form *form, ark_error *error) {
  const ark_signature *signature = form->closure.signature;
  unsigned count = (unsigned)signature->count;
  for (size_t i = 0; i < count; i++) form->types[i] = ark__ffi_type_of(signature->parameters[i].type);
  ffi_status prepared =
      ffi_prep_cif(&form->cif, FFI_DEFAULT_ABI, count, ark__ffi_type_of(signature->result), form->types);
  if (prepared == FFI_OK) return ARK_OK;
  return ark_fail(error, ARK_BAD_SIGNATURE, "the calling convention has no place for these types");
}

/* Gives the form the entry point of a closure that leaves quarantine, which is *replaced then, or a new one. False when
 * neither can be had. */
static bool closure_take_code(ffi_form *form, size_t least, ffi_form **replaced) {
  ark__quarantined *link = ark__quarantine_leave(&ffi_quarantine, least);
  if (!link) {
    /* Under the process lock, because the first call sets libffi's allocator up, without a barrier for other
     * threads. */
    ark__process_enter();
    form->ffi = ffi_closure_alloc(sizeof *form->ffi, &form->code);
    ark__process_leave();
    return form->ffi;
  }
  ark_closure *closure = ark_container_of(link, ark_closure, link);
  *replaced = ark_container_of(closure, ffi_form, closure);
  form->ffi = (*replaced)->ffi;
  form->code = (*replaced)->code;
  return true;
}

static ffi_status closure_aim(ffi_form *form) {
  size_t count = form->closure.signature->count;
  void (*enter)(ffi_cif *, void *, void **, void *) =
      count <= ARK__FEW_ARGS ? closure_enter_with_few : closure_enter_with_many;
  return ffi_prep_closure_loc(form->ffi, &form->cif, enter, form, form->code);
}

ark_status ark__ffi_closure_create(const ark_closure *wanted, size_t least, ark_closure **out, ark_error *error) {
  ffi_form *replaced = NULL, *form = ark_alloc(1, sizeof *form + wanted->signature->count * sizeof form->types[0]);
  if (!form) return ark_fail_memory(error);
  form->closure = *wanted;
  form->closure.entry = &form->entry;
  form->closure.home = &ffi_quarantine;
  ark_status status = closure_prepare(form, error);
  if (!status && (!closure_take_code(form, least, &replaced) || closure_aim(form) != FFI_OK)) {
    if (form->ffi && !replaced) ffi_closure_free(form->ffi); /* its address has not been handed out */
    status = ark_fail(error, ARK_NO_MEMORY, "no executable memory for a callback");
  }
  if (status) {
    ark_free(form);
    return status;
  }
  if (replaced) {
    replaced->closure.freed(replaced->closure.context);
    ark_free(replaced);
  }
  *out = &form->closure;
  return ARK_OK;
}

void *ark__ffi_closure_code(const ark_closure *closure) {
  return ark_container_of(closure, ffi_form, closure)->code;
}
#else
/* A stand-in, which is never called. */
ark_status ark__ffi_closure_create(const ark_closure *wanted, size_t least, ark_closure **out, ark_error *error) {
  (void)wanted, (void)least, (void)out;
  return ark_fail(error, ARK_BAD_SIGNATURE, "libffi is not part of this build");
}

void *ark__ffi_closure_code(const ark_closure *closure) {
  (void)closure;
  return NULL;
}
#endif
