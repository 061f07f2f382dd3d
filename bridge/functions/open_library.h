/* The open libraries of an environment.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_OPEN_LIBRARY_H
#define ARKJS_OPEN_LIBRARY_H

#include "arkffi/lane.h"
#include "arkffi/library.h"
#include "arkffi/plan.h"
#include "env/frames.h"

typedef struct arkjs_library {
  arkjs_env *env;
  ark_library *core;   /* owned; NULL once it was unmapped */
  bool is_closed;      /* no new call may start; set before it is unmapped */
  uint16_t gate;       /* of calls by the V8 engine; 0 until the first function takes it, see v8/gates.h */
  uint32_t references; /* one of the environment until it is unmapped, and one for each function */
  ark_handle handle;
  struct arkjs_definitions *definitions; /* see definitions.h; owned */
  struct arkjs_function *borrowers;      /* functions that have taken plain functions, see callbacks/borrow.h */
  arkjs_deferred unmapping;              /* queued when it closes */

  uint32_t calls;       /* pending asynchronous calls; code and lane outlive close() for them */
  ark_mapping *mapping; /* held once it was closed while there were such calls, until the last has ended; else NULL */

  ark_lane *lane;                   /* the library's own threads; owned; NULL when it uses the host's pool */
  struct arkjs_library *next_laned; /* in env->lanes */
} arkjs_library;

/* Opens a library as ark_library_open does, looking beside the native module too. It stays open until
 * arkjs_library_close. Fails as ark_library_open does. */
ark_status arkjs_library_create(arkjs_env *env, const char *name, unsigned flags, const char *search,
                                arkjs_library **out, ark_error *error);

/* Closes a library: no new call may start. It is unmapped when no C is on the stack, because C may still return into
 * it. */
void arkjs_library_close(arkjs_library *library);

void arkjs_library_retain(arkjs_library *library);
void arkjs_library_release(arkjs_library *library);

/* Closes every library of an environment that ends, but unmaps none: threads of the library may still run its code. */
void arkjs_libraries_end(arkjs_env *env);

#endif
