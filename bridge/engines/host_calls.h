/* Calls that the JavaScript host makes by itself, as Bun and Deno do: it compiles a function for an address and types.
 * Deno's does so for a thunk (engines/v8.h), and finds its address by a symbol (host_entry.h).
 *
 * JavaScript has that function made and calls it, after it has checked the values and the gates (ts/src/engines/
 * host_calls.ts). A callback may come back to JavaScript during such a call, as during one by the V8 engine.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_HOST_CALLS_H
#define ARKJS_HOST_CALLS_H

#include "values/request.h"

/* Returns HostAccess of ts/src/host/bridge.ts, always the same object. Fails with ARK_NO_ENGINE when the environment
 * uses the V8 engine. */
ark_status arkjs_open_host_calls(const arkjs_request *request, napi_value *result);

#endif
