/* Aliases of ArrayBuffers: a second ArrayBuffer over the same memory, which keeps that memory alive when the first is
 * detached or transferred.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_ALIAS_H
#define ARKJS_V8_ALIAS_H

#include "env/env.h"

/* Whether this host can create aliases. */
bool arkjs_v8_can_alias(const arkjs_env *env);

/* The alias of a buffer, which JavaScript owns. NULL when the host created something else, or when an exception is
 * pending. Requires arkjs_v8_can_alias. */
napi_value arkjs_v8_alias_of(arkjs_env *env, napi_value buffer);

/* Whether the buffer is known to belong to a WebAssembly memory, which is never freed while something refers to it. */
bool arkjs_v8_is_undetachable(napi_value buffer);

#endif
