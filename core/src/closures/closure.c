#include "arkffi/closure.h"
#include "closures/closure_record.h"
#include "closures/ffi_closure.h"
#include "closures/page_closure.h"
#include "calls/struct_placement.h"

ark_status ark_closure_create(const ark_signature *signature, ark_closure_handler handler, void *context,
                              void (*freed)(void *context), ark_closure **out, ark_error *error) {
  if (signature->is_variadic) return ark_fail(error, ARK_BAD_SIGNATURE, "a callback cannot be variadic");
  ark_closure wanted = {.signature = signature, .handler = handler, .context = context, .freed = freed};
  ark_closure *made = NULL;
  if (!ark__passes_structs(signature)) {
    ark_status status = ark__page_closure_create(&wanted, ARK_CLOSURE_QUARANTINE, &made, error);
    if (status) return status;
  }
  if (!made) return ark__ffi_closure_create(&wanted, ARK_CLOSURE_QUARANTINE, out, error);
  *out = made;
  return ARK_OK;
}

ark_c_function ark_closure_code(const ark_closure *closure) {
  return (ark_c_function)(uintptr_t)closure->code;
}

void ark_closure_retire(ark_closure *closure) {
  if (closure) ark__quarantine_enter(closure->home, &closure->link);
}
