/* V8's functions over C functions: optimised code calls C with nothing in between, and all other code gets undefined
 * without that C is called.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_CREATE_H
#define ARKJS_V8_CREATE_H

#include "arkffi/thunk.h"
#include "v8/symbols.h"

/* A key says how values travel: a letter for each argument and one for the result, and a NUL. Most letters stand for an
 * ark_passing; one more is for arguments of functions of our own. */
enum { ARKJS_V8_KEY_SIZE = ARK_MAX_THUNK_ARGS + 2 };

/* A napi_value, of whatever is passed, that is valid during the call. */
enum { ARKJS_V8_HANDLE = 'V' };

char arkjs_v8_letter(ark_passing passing);

/* What V8 wants to be told of a key. It stays for as long as the process does. NULL when out of memory. Any thread. */
const arkjs_v8_info *arkjs_v8_describe(const arkjs_v8_symbols *symbols, const char *key);

/* A function over the C function at an address, which gets V8's receiver before the arguments. NULL when out of memory. */
napi_value arkjs_v8_create(const arkjs_v8_symbols *symbols, const arkjs_v8_info *info, const void *address);

#endif
