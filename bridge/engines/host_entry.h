/* A symbol of the native module by which a host that calls only symbols of libraries calls any address, as Deno does.
 *
 * The loader asks a function of the module where the symbol lies, each time somebody looks it up. So the host opens the
 * module itself as a library, again for each function, and gets what has been aimed at. glibc's loader can do this.
 * Thread rule: the environment's JavaScript thread; each thread aims for itself.
 */
#ifndef ARKJS_HOST_ENTRY_H
#define ARKJS_HOST_ENTRY_H

#include "functions/function.h"

/* Adds `entry` to *out, see HostAccess in ts/src/host/bridge.ts; nothing where the module has no such symbol. */
napi_status arkjs_host_share_entry(arkjs_env *env, napi_value out);

#endif
