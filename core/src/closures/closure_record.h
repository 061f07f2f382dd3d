/* What every closure consists of, whichever way its code was made.
 *
 * The code at an address that C may call never changes. It leads to an entry, which is never freed, and the entry to
 * the closure that the address means now. A closure is constant from the moment in which its entry leads to it, and a
 * later closure takes its place by one atomic exchange. So a thread that calls the address meanwhile finds either of
 * the two, and never parts of both. The entry counts the threads that are in it, and a closure that has been replaced
 * is freed when none was in it at some time afterwards. The thread that made the closure is not counted while the
 * closure is open: only it can close it, so its calls cost nothing more.
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
#include <stdatomic.h>

/* Callbacks nest, and each level takes stack. Those with at most this many arguments take little of it. */
enum { ARK__FEW_ARGS = 8 };

typedef struct ark__entry {
  ark__entered entered; /* the first member: the code reads it */
  union {
    ark_closure *_Atomic closure; /* the one that the address means now; NULL if it has never meant one */
    struct ark__entry *next;      /* in a list of those that have never been used */
  };
  _Atomic uintptr_t owner;   /* the thread that made the closure, while it is open; else 0 */
  _Atomic uint32_t entering; /* the calls of other threads, and of a closed closure, that have not returned */
  uint32_t index;            /* among the entries of its page; constant; unused where there is no page */
} ark__entry;

static_assert(offsetof(ark__entry, entered) == 0, "an entry point reads it there");

struct ark_closure {
  ark__receiver receive; /* the one that suits the signature */
  const ark_signature *signature;
  ark_closure_handler handler;
  void *context;
  void (*freed)(void *context);
  ark__entry *entry;
  union {
    ark__quarantine *home; /* while it is open: the quarantine that it enters when it is closed */
    ark__quarantined link; /* while it is closed */
  };
};

#endif
