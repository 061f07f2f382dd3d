#include "arkffi/closure.h"
#include "arkffi/alloc.h"
#include "platform/platform.h"
#include <ffi.h>

struct ark_closure {
  ffi_closure *ffi; /* what libffi allocated; its writable side */
  void *entry;      /* the executable side */
  const ark_signature *signature;
  ark_closure_handler handler;
  void (*freed)(void *context);
  void *context;
  ark_closure *next; /* in quarantine: the one closed after it */
  ffi_cif cif;
  ffi_type *types[]; /* what the cif points to */
};

/* Closed entry points, the oldest first. Shared by all threads, under the process lock. */
static struct {
  ark_closure *oldest, *newest;
  size_t count;
} quarantine;

/* libffi calls this for each call of an entry point. A result narrower than a register must fill the whole of it:
 * a widened value does. */
static void enter(ffi_cif *cif, void *result, void **args, void *data) {
  (void)cif;
  const ark_closure *closure = data;
  ark_value values[ARK_MAX_ARGS];
  for (size_t i = 0; i < closure->signature->count; i++) {
    values[i] = ark_value_load(closure->signature->parameters[i].type, args[i]);
  }
  ark_value value = {0};
  closure->handler(closure->context, values, &value);

  switch (closure->signature->result->id) {
  case ARK_TYPE_VOID: return;
  case ARK_TYPE_FLOAT: *(float *)result = value.f32; return;
  case ARK_TYPE_DOUBLE: *(double *)result = value.f64; return;
  default: *(ffi_arg *)result = (ffi_arg)value.bits;
  }
}

static void free_closure(ark_closure *closure) {
  if (closure->ffi) ffi_closure_free(closure->ffi);
  ark_free(closure);
}

ark_status ark_closure_create(const ark_signature *signature, ark_closure_handler handler, void *context,
                              void (*freed)(void *context), ark_closure **out, ark_error *error) {
  ark_closure *closure = ark_alloc(1, sizeof *closure + signature->count * sizeof closure->types[0]);
  if (!closure) return ark_fail_memory(error);
  closure->signature = signature;
  closure->handler = handler;
  closure->context = context;
  closure->freed = freed;
  for (size_t i = 0; i < signature->count; i++) closure->types[i] = signature->parameters[i].type->ffi;

  closure->ffi = ffi_closure_alloc(sizeof *closure->ffi, &closure->entry);
  if (!closure->ffi) {
    free_closure(closure);
    return ark_fail(error, ARK_NO_MEMORY, "no executable memory for a callback");
  }
  ffi_status prepared =
      ffi_prep_cif(&closure->cif, FFI_DEFAULT_ABI, (unsigned)signature->count, signature->result->ffi, closure->types);
  if (prepared == FFI_OK) prepared = ffi_prep_closure_loc(closure->ffi, &closure->cif, enter, closure, closure->entry);
  if (prepared != FFI_OK) {
    free_closure(closure);
    return ark_fail(error, ARK_BAD_SIGNATURE, "the calling convention has no place for these types");
  }
  *out = closure;
  return ARK_OK;
}

ark_entry ark_closure_entry(const ark_closure *closure) {
  return (ark_entry)(uintptr_t)closure->entry;
}

void ark_closure_retire(ark_closure *closure) {
  if (!closure) return;
  ark_closure *leaving = NULL;
  ark__process_enter();
  if (quarantine.newest) {
    quarantine.newest->next = closure;
  } else {
    quarantine.oldest = closure;
  }
  quarantine.newest = closure;
  if (++quarantine.count > ARK_CLOSURE_QUARANTINE) {
    leaving = quarantine.oldest;
    quarantine.oldest = leaving->next;
    quarantine.count--;
  }
  ark__process_leave();

  if (!leaving) return;
  void (*freed)(void *context) = leaving->freed;
  void *context = leaving->context;
  free_closure(leaving);
  freed(context);
}
