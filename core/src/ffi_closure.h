/* Closures within: what both kinds have in common, and those that libffi makes.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__FFI_CLOSURE_H
#define ARK__FFI_CLOSURE_H

#include "arkffi/closure.h"

/* Callbacks nest, and each level takes stack: most have few arguments, so those get by with little. */
enum { ARK__FEW_ARGS = 8 };

/* Closed entry points of one kind, the oldest first. Shared by all threads, under the process lock. */
typedef struct ark__quarantine {
  ark_closure *oldest, *newest;
  size_t count;
} ark__quarantine;

struct ark_closure {
  void *entry;
  const ark_signature *signature;
  ark_closure_handler handler;
  void *context;
  void (*freed)(void *context);
  union {
    ark__quarantine *home; /* where it goes when it is closed */
    ark_closure *next;     /* in quarantine: the one closed after it */
  };
};

/* The oldest in quarantine, where there are more than must stay; else NULL. The caller owns it, and calls `freed`. */
ark_closure *ark__quarantine_leave(ark__quarantine *closed);

/* Fills in the rest of what is wanted, with an entry point of libffi's. As ark_closure_create. */
ark_status ark__ffi_closure_create(const ark_closure *wanted, ark__quarantine *closed, ark_closure **out,
                                   ark_error *error);

#endif
