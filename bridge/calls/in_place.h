/* Memory in which a call on another thread works in place, where no alias can keep it (v8/alias.h): that of structs and
 * of other objects of arkffi's, because C may keep their addresses. A buffer that arkffi has to detach stays until the
 * calls in it have ended.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_IN_PLACE_H
#define ARKJS_IN_PLACE_H

#include "env/env.h"

/* The memory of one argument. The caller owns it, and sets no member. */
typedef struct arkjs_in_place {
  struct arkjs_in_place *next, **link; /* in the list of the environment; `link` points to what points here */
  const char *data;
  size_t size;
  napi_ref ended; /* the buffer that is detached after the call; NULL for none */
} arkjs_in_place;

/* The caller ends it with arkjs_in_place_end. */
void arkjs_in_place_begin(arkjs_env *env, arkjs_in_place *place, const void *data, size_t size);
void arkjs_in_place_end(arkjs_env *env, arkjs_in_place *place);

/* Detaches a buffer: now, or when the last call that works in it has ended. */
napi_status arkjs_in_place_detach(arkjs_env *env, napi_value buffer);

#endif
