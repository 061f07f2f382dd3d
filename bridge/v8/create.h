/* V8 functions over C functions. Optimised code calls the C function directly; other code does not call it and gets
 * undefined.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_CREATE_H
#define ARKJS_V8_CREATE_H

#include "arkffi/thunk.h"
#include "v8/symbols.h"

/* A key describes how values are passed: one letter for each argument, one for the result, and a NUL. ARKJS_V8_HANDLE
 * is for arguments of arkffi's own functions; each other letter stands for an ark_passing. The arguments are those of a
 * signature, and the address of a target. */
enum { ARKJS_V8_MOST_ARGS = ARK_MAX_THUNK_ARGS + 1, ARKJS_V8_KEY_SIZE = ARKJS_V8_MOST_ARGS + 2 };

/* Any value, passed as a napi_value that is valid during the call. */
enum { ARKJS_V8_HANDLE = 'V' };

char arkjs_v8_letter(ark_passing passing);

/* Any thread: the description of a key for V8. It lives as long as the process. NULL when out of memory. */
const arkjs_v8_info *arkjs_v8_describe(const arkjs_v8_symbols *symbols, const char *key);

/* A V8 function over the C function at `address`, which gets V8's receiver before its arguments. NULL when out of
 * memory. */
napi_value arkjs_v8_create(const arkjs_v8_symbols *symbols, const arkjs_v8_info *info, const void *address);

#endif
