/* The start and the end of an environment. This file knows everything that an environment owns.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_LIFECYCLE_H
#define ARKJS_LIFECYCLE_H

#include "env/env.h"

/* Creates the state of a newly loaded module. It ends by itself with the host's environment. NULL when out of memory,
 * or when the host lacks something that arkffi requires. */
arkjs_env *arkjs_lifecycle_begin(napi_env napi);

#endif
