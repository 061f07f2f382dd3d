/* The types of C functions, and how to call it all: what functions of the same types share.
 *
 * Thread rule: the environment's JavaScript thread. The signature and the plan are constant; any thread may read them
 * while something holds a reference.
 */
#ifndef ARKJS_CALL_TYPES_H
#define ARKJS_CALL_TYPES_H

#include "arkffi/plan.h"
#include "env/env.h"

typedef struct arkjs_call_types {
  struct arkjs_call_types *next, **link; /* in a list of env->call_types; `link` is NULL when it is in none */
  ark_signature *signature;              /* owned */
  ark_plan *plan;                        /* owned */
  uint32_t references;
  bool takes_objects;   /* some argument is a pointer, a string or a struct */
  bool takes_pointers;  /* some argument is a pointer */
  bool takes_text;      /* some argument is a string, for which there may be memory with a text in it */
  bool takes_callbacks; /* some argument is a callback */
  char letters[];       /* "dd)d"; empty when it is in no list */
} arkjs_call_types;

static inline void arkjs_call_types_retain(arkjs_call_types *types) {
  types->references++;
}

/* NULL is ignored. */
void arkjs_call_types_release(arkjs_call_types *types);

/* The types with these letters; the caller gets a reference. Those that exist already are used again. Fails with
 * ARK_BAD_SIGNATURE, ARK_OUT_OF_RANGE, ARK_NOT_SUPPORTED or ARK_NO_MEMORY. */
ark_status arkjs_call_types_find(arkjs_env *env, const char *args, const char *result, arkjs_call_types **out,
                                 ark_error *error);

/* The same for a signature, which is copied. No other function shares them. Fails with ARK_NO_MEMORY. */
ark_status arkjs_call_types_of(const ark_signature *signature, arkjs_call_types **out, ark_error *error);

#endif
