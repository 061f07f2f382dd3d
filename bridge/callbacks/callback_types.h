/* The types of callbacks, which many of them share.
 *
 * Thread rule: release on any thread; all else on the environment's JavaScript thread.
 */
#ifndef ARKJS_CALLBACK_TYPES_H
#define ARKJS_CALLBACK_TYPES_H

#include "arkffi/arena.h"
#include "arkffi/signature.h"
#include "env/env.h"

/* The types of a callback. Those that were made one after the other with the same letters share them, because a program
 * has callbacks by the thousand, but not kinds of them. Constant once made. */
typedef struct arkjs_types {
  _Atomic uint32_t references; /* changes too seldom for weaker orders than its operators' to save anything */
  ark_signature *signature;    /* owned */
  char letters[];              /* "ii)v"; empty where nobody else is to share them */
} arkjs_types;

/* Types of their own, with a reference for the caller. Takes over the signature in every case. Fails with ARK_NO_MEMORY. */
ark_status arkjs_types_create(ark_signature *signature, const char *letters, arkjs_types **out, ark_error *error);

/* The types with these letters, with a reference for the caller: those that the environment made last, where they are the
 * same. Fails with ARK_BAD_SIGNATURE or ARK_NO_MEMORY. */
ark_status arkjs_types_find(arkjs_env *env, const char *args, const char *result, ark_arena *arena, arkjs_types **out,
                            ark_error *error);

/* NULL is ignored. */
void arkjs_types_release(arkjs_types *types);

#endif
