#include "arkffi/closure.h"
#include "arkffi/alloc.h"
#include "platform/platform.h"
#include <ffi.h>

/* Live code from the first day to the last: given back to libffi, it would be memory that C may still jump to. */
typedef struct trampoline {
  ffi_closure *ffi; /* what libffi allocated; its writable side */
  void *entry;      /* the executable side */
} trampoline;

struct ark_closure {
  trampoline trampoline;
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

static void call_handler(const ark_closure *closure, void *result, void **args, ark_value *values) {
  for (size_t i = 0; i < closure->signature->count; i++) {
    values[i] = ark_value_load(closure->signature->parameters[i].type, args[i]);
  }
  ark_value value = {0};
  closure->handler(closure->context, values, &value);

  /* A result narrower than a register must fill the whole of it: a widened value does. */
  switch (closure->signature->result->id) {
  case ARK_TYPE_VOID: return;
  case ARK_TYPE_FLOAT: *(float *)result = value.f32; return;
  case ARK_TYPE_DOUBLE: *(double *)result = value.f64; return;
  default: *(ffi_arg *)result = (ffi_arg)value.bits;
  }
}

/* Callbacks nest, and each level takes stack: most have few arguments, so those get by with little. */
enum { FEW_ARGS = 8 };

/* libffi calls one of these for each call of an entry point. */
static void enter_with_few(ffi_cif *cif, void *result, void **args, void *closure) {
  (void)cif;
  ark_value values[FEW_ARGS];
  call_handler(closure, result, args, values);
}

static void enter_with_many(ffi_cif *cif, void *result, void **args, void *closure) {
  (void)cif;
  ark_value values[ARK_MAX_ARGS];
  call_handler(closure, result, args, values);
}

/* The oldest in quarantine, where there are more than must stay. */
static ark_closure *release_oldest(void) {
  ark_closure *oldest = NULL;
  ark__process_enter();
  if (quarantine.count > ARK_CLOSURE_QUARANTINE) {
    oldest = quarantine.oldest;
    quarantine.oldest = oldest->next;
    quarantine.count--;
  }
  ark__process_leave();
  return oldest;
}

/* Of a closure that leaves quarantine, or a new one. The entry is NULL when there is none to be had. */
static trampoline take_trampoline(void) {
  trampoline taken = {0};
  ark_closure *oldest = release_oldest();
  if (!oldest) {
    taken.ffi = ffi_closure_alloc(sizeof *taken.ffi, &taken.entry);
    return taken;
  }
  void (*freed)(void *context) = oldest->freed;
  void *context = oldest->context;
  taken = oldest->trampoline;
  ark_free(oldest);
  freed(context);
  return taken;
}

ark_status ark_closure_create(const ark_signature *signature, ark_closure_handler handler, void *context,
                              void (*freed)(void *context), ark_closure **out, ark_error *error) {
  bool has_aggregate = ark_aggregate_of(signature->result) != NULL;
  for (size_t i = 0; i < signature->count; i++)
    has_aggregate |= ark_aggregate_of(signature->parameters[i].type) != NULL;
  if (has_aggregate) return ark_fail(error, ARK_BAD_SIGNATURE, "structs by value are not supported yet");
  if (signature->is_variadic) return ark_fail(error, ARK_BAD_SIGNATURE, "a callback cannot be variadic");
  ark_closure *closure = ark_alloc(1, sizeof *closure + signature->count * sizeof closure->types[0]);
  if (!closure) return ark_fail_memory(error);
  closure->signature = signature;
  closure->handler = handler;
  closure->context = context;
  closure->freed = freed;
  for (size_t i = 0; i < signature->count; i++) closure->types[i] = signature->parameters[i].type->ffi;
  ffi_status prepared =
      ffi_prep_cif(&closure->cif, FFI_DEFAULT_ABI, (unsigned)signature->count, signature->result->ffi, closure->types);
  if (prepared != FFI_OK) {
    ark_free(closure);
    return ark_fail(error, ARK_BAD_SIGNATURE, "the calling convention has no place for these types");
  }

  trampoline *taken = &closure->trampoline;
  *taken = take_trampoline();
  if (taken->ffi) {
    prepared =
        ffi_prep_closure_loc(taken->ffi, &closure->cif, signature->count <= FEW_ARGS ? enter_with_few : enter_with_many,
                             closure, taken->entry);
  }
  if (!taken->ffi || prepared != FFI_OK) {
    if (taken->ffi) ffi_closure_free(taken->ffi); /* nobody has been given its address */
    ark_free(closure);
    return ark_fail(error, ARK_NO_MEMORY, "no executable memory for a callback");
  }
  *out = closure;
  return ARK_OK;
}

ark_entry ark_closure_entry(const ark_closure *closure) {
  return (ark_entry)(uintptr_t)closure->trampoline.entry;
}

void ark_closure_retire(ark_closure *closure) {
  if (!closure) return;
  ark__process_enter();
  if (quarantine.newest && quarantine.count) {
    quarantine.newest->next = closure;
  } else {
    quarantine.oldest = closure;
  }
  quarantine.newest = closure;
  quarantine.count++;
  ark__process_leave();
}
