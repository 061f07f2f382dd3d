/* What hosts (Node.js, Bun, Deno, OpenHarmony) do differently in Node-API. Nothing else in the bridge asks a host what it
 * is or has.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_HOST_H
#define ARKJS_HOST_H

#include <node_api.h>
#include <stdbool.h>

/* False while the host takes the environment down. Then no JavaScript runs, though callbacks of the host still come. */
bool arkjs_host_can_run(napi_env napi);

/* Calls `callback` with `data` when the process emits 'exit', where the host has such an event. */
napi_status arkjs_host_on_exit(napi_env napi, napi_callback callback, void *data);

/* What napi_get_typedarray_info means by a length: bytes on OpenHarmony, elements everywhere else. */
bool arkjs_host_lengths_in_bytes(napi_env napi);

/* A reference to setImmediate that the caller deletes, or NULL where the host has none. */
napi_ref arkjs_host_set_immediate(napi_env napi);

/* How many threads the pool of napi_queue_async_work has. Any thread. */
unsigned arkjs_host_pool_size(void);

#endif
