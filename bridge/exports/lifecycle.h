/* The beginning and the end of an environment, which know everything that belongs to one.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_LIFECYCLE_H
#define ARKJS_LIFECYCLE_H

#include "env/env.h"

/* The state for a newly loaded module. It ends by itself, with the environment of the host. NULL when out of memory, or
 * where the host lacks what arkffi needs. */
arkjs_env *arkjs_lifecycle_begin(napi_env napi);

#endif
