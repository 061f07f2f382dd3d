/* The differences between hosts (Node.js, Bun, Deno, OpenHarmony) in Node-API. No other file of the bridge asks which
 * host it runs on or what that host offers, or calls the functions of Node-API that differ.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_HOST_H
#define ARKJS_HOST_H

#include <node_api.h>
#include <stdbool.h>

/* How a host does what hosts do differently, as far as it can be tried. */
typedef struct arkjs_host {
  bool lengths_in_bytes;   /* napi_get_typedarray_info gives lengths in bytes, as on OpenHarmony, not in elements */
  bool keeps_invalid_text; /* invalid UTF-8 does not become U+FFFD, or a lone surrogate does not in UTF-8, as there */
} arkjs_host;

/* Tries it. */
arkjs_host arkjs_host_examine(napi_env napi);

/* False while the host shuts the environment down. No JavaScript may run then, although the host still calls back. */
bool arkjs_host_can_run(napi_env napi);

/* Calls `callback` with `data` when `process` emits the event: "beforeExit" when the event loop has nothing left to do,
 * "exit" when the process or the worker ends. Does nothing on hosts without these events. */
napi_status arkjs_host_on_event(napi_env napi, const char *event, napi_callback callback, void *data);

/* Whether the JavaScript engine is a V8 whose own functions cannot be found by name, as in Deno. */
bool arkjs_host_hides_v8(napi_env napi);

/* The event loop of the environment, if it is libuv's, as that of Node.js and Electron is; else NULL. */
struct uv_loop_s *arkjs_host_uv_loop(napi_env napi);

/* A reference to setImmediate, which the caller deletes. NULL when the host has no such function. */
napi_ref arkjs_host_set_immediate(napi_env napi);

/* Any thread: the number of threads in the pool of napi_queue_async_work. */
unsigned arkjs_host_pool_size(void);

/* Exceptions. */

/* Makes any value the pending exception. False, with none pending, when the host refuses the value: OpenHarmony's
 * engine takes only Errors. */
bool arkjs_host_throw(napi_env napi, napi_value thrown);

/* Raises a value as an uncaught exception. False when the host refuses the value, as above. */
bool arkjs_host_raise(napi_env napi, napi_value thrown);

/* The pending exception, which is not pending afterwards. NULL when there is none: then Node-API may leave its result
 * unwritten. */
napi_value arkjs_host_take_exception(napi_env napi);

/* Text. */

/* Creates a string of `length` bytes of UTF-8, or up to the NUL with NAPI_AUTO_LENGTH. What is invalid becomes U+FFFD.
 */
napi_status arkjs_host_create_text(const arkjs_host *host, napi_env napi, const char *text, size_t length,
                                   napi_value *out);

/* Writes a string as UTF-8 with a NUL into `size` bytes, as far as whole characters fit, and sets *length to the bytes
 * without the NUL. A lone surrogate becomes U+FFFD. With NULL for `out` *length is that of the whole text. */
napi_status arkjs_host_read_text(const arkjs_host *host, napi_env napi, napi_value text, char *out, size_t size,
                                 size_t *length);

/* Memory. */

/* The length in bytes up to which every known host has buffers; Node.js on 32 bits has no longer ones. */
#define ARKJS_LARGEST_EVERYWHERE ((size_t)0x3fffffff)

/* An ArrayBuffer over memory of C, of at least one byte. `finalizer` may be NULL, and is not called when this fails.
 * napi_invalid_arg when the host would make it of another length. */
napi_status arkjs_host_create_external(napi_env napi, void *data, size_t size, napi_finalize finalizer, void *hint,
                                       napi_value *out);

/* The environment with which a finalizer may call Node-API; NULL for none. `own` is that of the module, NULL once it
 * has ended, and `given` is what the finalizer was called with. */
napi_env arkjs_host_env_of_finalizer(napi_env own, napi_env given);

/* Notices. */

/* Any thread: shows the people who run the program a line of text, on the standard error or in the system's log. */
void arkjs_host_notify(const char *text);

#endif
