/* The types of callbacks, which several callbacks can share.
 *
 * Thread rule: release on any thread, everything else on the environment's JavaScript thread.
 */
#ifndef ARKJS_CALLBACK_TYPES_H
#define ARKJS_CALLBACK_TYPES_H

#include "arkffi/arena.h"
#include "arkffi/signature.h"
#include "env/env.h"

/* The types of a callback. Callbacks created one after the other with the same letters share them, because a program
 * may have thousands of callbacks but has few kinds of them. Constant once created. */
typedef struct arkjs_types {
  _Atomic uint32_t references; /* sequentially consistent: it changes too rarely for weaker memory orders to matter */
  ark_signature *signature;    /* owned */
  char letters[];              /* "ii)v"; empty when no other callback shares them */
} arkjs_types;

/* Creates types that are not shared. The caller gets a reference. Takes ownership of the signature in every case.
 * Fails with ARK_NO_MEMORY. */
ark_status arkjs_types_create(ark_signature *signature, const char *letters, arkjs_types **out, ark_error *error);

/* The types with these letters; the caller gets a reference. Reuses the types that the environment created last if
 * they are the same. Fails with ARK_BAD_SIGNATURE or ARK_NO_MEMORY. */
ark_status arkjs_types_find(arkjs_env *env, const char *args, const char *result, ark_arena *arena, arkjs_types **out,
                            ark_error *error);

/* Any thread: reference count. NULL is ignored. */
void arkjs_types_release(arkjs_types *types);

#endif
