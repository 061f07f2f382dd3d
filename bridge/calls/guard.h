/* Guards of buffers that C works on in a synchronous call. A callback that C calls meanwhile may detach, transfer or
 * resize a buffer; the guard ensures that C never works on memory that was freed by it.
 *
 * In Node.js a buffer gets an alias before the first callback of the call runs, so a call in which none runs pays
 * nothing. On other hosts nothing can keep the memory alive, and a copy would be wrong, because C may keep the address
 * for later and callbacks may read the buffer. There the buffers are looked at after each callback, and when one has
 * gone, the call ends at once: C is left as by longjmp.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_CALL_GUARD_H
#define ARKJS_CALL_GUARD_H

#include "arkffi/error_numbers.h"
#include "env/frames.h"
#include "functions/function.h"

typedef struct arkjs_call_guard {
  arkjs_guard base;
  arkjs_function *function;
  const napi_value *values; /* the resolved arguments */
  const ark_value *args;    /* the converted ones */
  size_t gone;              /* the number of the argument whose buffer has gone, from 1; 0 for none */
  void *escape;             /* the jmp_buf of the call; NULL where aliases keep the memory alive */
} arkjs_call_guard;

/* Prepares the guard of a call, before C is entered. Addresses in `args` may change. `values` and `args` must stay
 * until C has returned. Fails with ARK_INVALID_ARG_TYPE for a resizable buffer if the function takes callbacks. */
ark_status arkjs_guard_begin(arkjs_call_guard *guard, arkjs_function *function, const napi_value *values,
                             ark_value *args, ark_error *error);

/* Does what arkjs_function_run does, with the guard in the frame. Fails with ARK_INVALID_ARG_TYPE if C was left because
 * a buffer has gone. */
ark_status arkjs_guard_run(arkjs_call_guard *guard, arkjs_frame *frame, ark_value *result, ark_error_numbers *numbers,
                           ark_error *error);

#endif
