/* What every closure consists of, whichever way its code was made.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__CLOSURE_RECORD_H
#define ARK__CLOSURE_RECORD_H

#include "arkffi/closure_handler.h"
#include "arkffi/signature.h"
#include "closures/quarantine.h"
#include "cpu/code.h"
#include <assert.h>

/* Callbacks nest, and each level takes stack. Those with at most this many arguments take little of it. */
enum { ARK__FEW_ARGS = 8 };

struct ark_closure {
  ark__entered entered; /* the first member: the entry point reads it */
  void *code;           /* the entry point */
  const ark_signature *signature;
  ark_closure_handler handler;
  void *context;
  void (*freed)(void *context);
  union {
    ark__quarantine *home; /* while it is open: the quarantine that it enters when it is closed */
    ark__quarantined link; /* while it is closed, or has never been used */
  };
};

static_assert(offsetof(struct ark_closure, entered) == 0, "an entry point reads it there");

/* Makes a closure that is not in use what is wanted, with the code that it has. */
static inline void ark__closure_set(ark_closure *closure, const ark_closure *wanted, ark__quarantine *home) {
  void *code = closure->code;
  *closure = *wanted;
  closure->code = code;
  closure->home = home;
}

#endif
