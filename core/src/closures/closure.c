#include "arkffi/closure.h"
#include "arkffi/alloc.h"
#include "calls/known_abi.h"
#include "closures/entry.h"
#include "closures/ffi_closure.h"
#include "closures/page_closure.h"
#include "closures/receive.h"
#include "closures/static_closure.h"

/* Entry points are written into pages. Where the system lets no page be executable, those that are part of the binary
 * are used instead; once they are all in use, also those of pages that would otherwise have to stay in quarantine. */
static ark_status closure_take_entry(ark_closure *closure, ark_error *error) {
  ark_status status = ark__page_closure_open(closure, ARK_CLOSURE_QUARANTINE, error);
  if (!status && !closure->entry) ark__static_closure_open(closure);
  if (!status && !closure->entry) status = ark__page_closure_open(closure, 0, error);
  if (status || closure->entry) return status;
  return ark_fail(error, ARK_NO_MEMORY,
                  "all %zu callbacks that a process can have without executable memory are open: close some",
                  ark__static_closure_count());
}

static ark_status closure_create_own(const ark_closure *wanted, ark_closure **out, ark_error *error) {
  ark_closure *made = ark_alloc(1, sizeof *made);
  if (!made) return ark_fail_memory(error);
  *made = *wanted;
  ark_status status = closure_take_entry(made, error);
  if (status) {
    ark_free(made);
    return status;
  }
  *out = made;
  return ARK_OK;
}

ark_status ark_closure_create(const ark_signature *signature, ark_closure_handler handler, void *context,
                              void (*freed)(void *context), ark_closure **out, ark_error *error) {
  if (signature->count != signature->fixed) {
    return ark_fail(error, ARK_BAD_SIGNATURE, "a callback takes no arguments after the '.'");
  }
  ark_closure wanted = {.signature = signature, .handler = handler, .context = context, .freed = freed};
  ark_closure *made = NULL;
  ark_status status = ark__check_abi(signature, error);
  if (!status) status = ark__closure_set_receiver(&wanted, error);
  if (status) return status;
  status = ARK__NEEDS_LIBFFI ? ark__ffi_closure_create(&wanted, ARK_CLOSURE_QUARANTINE, &made, error)
                             : closure_create_own(&wanted, &made, error);
  if (status) {
    ark__closure_drop_receiver(&wanted);
    return status;
  }
  *out = made;
  return ARK_OK;
}

ark_status ark_closure_read_setting(ark_error *error) {
  return ark__page_read_setting(error);
}

ark_c_function ark_closure_code(const ark_closure *closure) {
  if (ARK__NEEDS_LIBFFI) return (ark_c_function)(uintptr_t)ark__ffi_closure_code(closure);
  void *code = ark__static_closure_code(closure->entry);
  return (ark_c_function)(uintptr_t)(code ? code : ark__page_closure_code(closure->entry));
}

void ark_closure_retire(ark_closure *closure) {
  if (closure) ark__entry_close(closure);
}
