/* Strings as arguments of calls by V8: read where V8 has them, and written for C without that anything is allocated.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_STRING_ARGUMENT_H
#define ARKJS_V8_STRING_ARGUMENT_H

#include "env/env.h"

/* Bytes of room for the text of each argument, its NUL included. */
enum { ARKJS_V8_TEXT_ROOM = 8192 };

/* Called by V8. Writes a string of JavaScript's for C, as UTF-8 with a NUL behind it, to an address with room for
 * ARKJS_V8_TEXT_ROOM bytes; halves of surrogate pairs become U+FFFD. Answers 1, or 0 where the ordinary route must look
 * at it: what is no string, is still in pieces, may not fit, or has a NUL inside. */
typedef int32_t arkjs_v8_put_text(const void *receiver, napi_value value, double address);

/* The function, or NULL when strings are not laid out here as they must be. */
arkjs_v8_put_text *arkjs_v8_text_putter(arkjs_env *env);

#endif
