/* The function that a closure's entry point calls.
 *
 * Thread rule: it runs on whichever thread calls the entry point.
 */
#ifndef ARKFFI_CLOSURE_HANDLER_H
#define ARKFFI_CLOSURE_HANDLER_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_closure ark_closure;

/* Runs for each call of the entry point, with the closure's context. `args` has one widened value per parameter.
 * *result is zero at first; the handler sets it to a widened value. A struct or union in `args` is a pointer to bytes
 * that are valid until the handler returns. If the result is one, result->pointer points to zeroed memory for the
 * handler to fill. */
typedef void (*ark_closure_handler)(void *context, const ark_value *args, ark_value *result);

#ifdef __cplusplus
}
#endif
#endif
