/* A C entry point made at run time: what C code calls when it calls a callback.
 *
 * A closed entry point is never freed, because C may still hold its address: it is quarantined and goes on reaching the
 * handler, which is told of it by its own context. Only when ARK_CLOSURE_QUARANTINE later ones have been closed may a
 * new closure take over the address of the oldest. So whatever C still calls is live code.
 * Thread rule: create and retire may be called on any thread; the entry point runs on whatever thread calls it.
 */
#ifndef ARKFFI_CLOSURE_H
#define ARKFFI_CLOSURE_H

#include "error.h"
#include "plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* At some 200 bytes an entry with its handler's context, about 7 MB for a process that closes so many. Entries for
 * signatures with structs by value are counted apart. */
#define ARK_CLOSURE_QUARANTINE 32768

typedef struct ark_closure ark_closure;

/* Runs for each call of the entry point: `args` are widened, `result` is all zero and is to be set widened. Structs and
 * unions among `args` live until it returns; a result of such a type points to zeros, which are to be filled. */
typedef void (*ark_closure_handler)(void *context, const ark_value *args, ark_value *result);

/* Makes an entry point for `signature`, which stays the caller's and must live until `freed` runs, like `context`.
 * On ARK_OK the caller owns *out and ends it with ark_closure_retire. Fails with ARK_NO_MEMORY (also where the
 * system refuses executable memory) or ARK_BAD_SIGNATURE. */
ark_status ark_closure_create(const ark_signature *signature, ark_closure_handler handler, void *context,
                              void (*freed)(void *context), ark_closure **out, ark_error *error);

/* The entry point, to be handed to C. Valid until `freed` runs. */
ark_entry ark_closure_entry(const ark_closure *closure);

/* Ends the caller's ownership and puts the closure into quarantine; `freed` runs when its address is used again, on the
 * thread that creates the new closure; or never. NULL is ignored. */
void ark_closure_retire(ark_closure *closure);

#ifdef __cplusplus
}
#endif
#endif
