/* A second ArrayBuffer over the memory of one, which keeps that memory alive however the first is detached.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_ALIAS_H
#define ARKJS_V8_ALIAS_H

#include "env/env.h"

/* Whether this host has aliases. */
bool arkjs_v8_can_alias(const arkjs_env *env);

/* The alias of a buffer. NULL when the host made something else, or an exception is pending. The environment must be able
 * to alias. */
napi_value arkjs_v8_alias_of(arkjs_env *env, napi_value buffer);

/* Whether it is known to be the buffer of a WebAssembly memory, which is never freed while it is referred to. */
bool arkjs_v8_is_undetachable(napi_value buffer);

#endif
