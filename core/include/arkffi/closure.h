/* A C function made at run time: what C code calls when it calls a callback.
 *
 * The code of a closed closure is never freed, because C may still hold its address. A closed closure is quarantined:
 * its entry point still calls the handler, which recognizes by its context that the closure is closed. A new closure
 * takes over the address of the oldest one in quarantine, but only when ARK_CLOSURE_QUARANTINE others have been closed
 * after it. So whatever address C still calls, there is code. A thread that calls an address in the moment in which a
 * new closure takes it over reaches one of the two, and the old one is freed when no thread is in it. (Where libffi
 * makes closures, the quarantine alone sees to this.)
 *
 * The code is written into memory that is then made executable. Where the system refuses that, or the environment
 * variable ARKFFI_CLOSURES is "static", closures use entry points that are part of the binary. A fixed number of them
 * can be open in the whole process (4096, see ARKFFI_STATIC_CALLBACKS in CMakeLists.txt), and there are 256 more. Those
 * that have never been used come first; then a new closure takes over the address of the one that was closed first, but
 * only when 256 others have been closed after it.
 *
 * Thread rule: create may be called on any thread, and retire on the thread that created the closure; the entry point
 * runs on whichever thread calls it.
 */
#ifndef ARKFFI_CLOSURE_H
#define ARKFFI_CLOSURE_H

#include "closure_handler.h"
#include "error.h"
#include "signature.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The number of closed closures that stay in quarantine. A closure takes about 120 bytes, and
 * about 230 with the context that the bridge gives its handler, so this is about 8 MB in a process that closes that
 * many. */
#define ARK_CLOSURE_QUARANTINE 32768

/* Makes a C function with the types of `signature`. The handler of a variadic one gets the arguments before the dot.
 * The signature and `context` stay the caller's and must live until
 * `freed` runs. On ARK_OK the caller owns *out and ends it with ark_closure_retire. Fails with ARK_NO_MEMORY (also
 * where all entry points of the binary are in use), ARK_NOT_SUPPORTED (this machine does not know the signature's
 * calling convention), ARK_BAD_SIGNATURE (arguments after the dot, or types that the calling convention cannot pass),
 * or as ark_closure_read_setting does. */
ark_status ark_closure_create(const ark_signature *signature, ark_closure_handler handler, void *context,
                              void (*freed)(void *context), ark_closure **out, ark_error *error);

/* Reads the variable ARKFFI_CLOSURES, once for the process: what is set later has no effect. ark_closure_create does it
 * too. Fails with ARK_INVALID_ARG_TYPE for a value that means nothing. */
ark_status ark_closure_read_setting(ark_error *error);

/* The entry point, to be passed to C. Valid until `freed` runs. */
ark_c_function ark_closure_code(const ark_closure *closure);

/* Ends the caller's ownership and puts the closure into quarantine. When its address is used again, `freed` runs with
 * its context, on a thread that creates a closure; this may never happen. While a call from another thread, or of the
 * closed closure, has not returned, `freed` does not run. NULL is ignored. */
void ark_closure_retire(ark_closure *closure);

#ifdef __cplusplus
}
#endif
#endif
