/* The differences between hosts (Node.js, Bun, Deno, OpenHarmony) in Node-API. No other file of the bridge asks which
 * host it runs on or what that host offers.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_HOST_H
#define ARKJS_HOST_H

#include <node_api.h>
#include <stdbool.h>

/* False while the host shuts the environment down. No JavaScript may run then, although the host still calls back. */
bool arkjs_host_can_run(napi_env napi);

/* Calls `callback` with `data` when the process emits 'exit'. Does nothing on hosts without that event. */
napi_status arkjs_host_on_exit(napi_env napi, napi_callback callback, void *data);

/* Whether napi_get_typedarray_info gives lengths in bytes, as on OpenHarmony, or in elements, as everywhere else. */
bool arkjs_host_lengths_in_bytes(napi_env napi);

/* Whether the JavaScript engine is a V8 whose own functions cannot be found by name, as in Deno. */
bool arkjs_host_hides_v8(napi_env napi);

/* A reference to setImmediate, which the caller deletes. NULL when the host has no such function. */
napi_ref arkjs_host_set_immediate(napi_env napi);

/* Any thread: the number of threads in the pool of napi_queue_async_work. */
unsigned arkjs_host_pool_size(void);

#endif
