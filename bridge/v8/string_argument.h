/* Strings as arguments of calls by the V8 engine: read on V8's heap and written for C without an allocation.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_STRING_ARGUMENT_H
#define ARKJS_V8_STRING_ARGUMENT_H

#include "env/env.h"

/* The room for the text of each argument, in bytes, including its NUL. */
enum { ARKJS_V8_TEXT_ROOM = 8192 };

/* Called by V8 with a value of any kind. Writes a string as UTF-8 with a NUL to the address, which must have room for
 * ARKJS_V8_TEXT_ROOM bytes. U+FFFD replaces lone surrogates. Returns 1, or 0 for values that the slow path must
 * handle: those that are not strings, and strings that are not flat, may not fit, or contain a NUL. */
typedef int32_t arkjs_v8_put_text(const void *receiver, napi_value value, double address);

/* The function, or NULL when the layout of strings is not as expected. */
arkjs_v8_put_text *arkjs_v8_text_putter(arkjs_env *env);

#endif
