#include "exports/external.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "arkffi/memory.h"
#include "env/mailbox.h"
#include "env/report.h"

/* What happens when nobody has a buffer over C's memory any more. */
typedef struct farewell {
  arkjs_message message;
  arkjs_env *env; /* referred to */
  napi_ref finalizer;
  uintptr_t address;
} farewell;

static void free_farewell(napi_env napi, farewell *after) {
  napi_delete_reference(napi, after->finalizer);
  arkjs_env_release(after->env);
  ark_free(after);
}

static void call_finalizer(napi_env napi, const farewell *after) {
  napi_value function, address, receiver, ignored, thrown;
  napi_status status = napi_get_reference_value(napi, after->finalizer, &function);
  if (status == napi_ok) status = napi_get_undefined(napi, &receiver);
  if (status == napi_ok) status = arkjs_address_to_js(after->env, after->address, &address);
  if (status == napi_ok) status = napi_call_function(napi, receiver, function, 1, &address, &ignored);
  if (status != napi_ok && napi_get_and_clear_last_exception(napi, &thrown) == napi_ok) {
    arkjs_raise_uncaught(after->env, thrown);
  }
}

static void run_farewell(arkjs_env *env, arkjs_message *message) {
  farewell *after = ark_container_of(message, farewell, message);
  if (arkjs_env_can_run(env)) call_finalizer(env->napi, after);
  free_farewell(env->napi, after);
}

/* At the end of an environment no JavaScript runs any more, and the memory stays C's. */
static void drop_farewell(arkjs_env *env, arkjs_message *message) {
  free_farewell(env->napi, ark_container_of(message, farewell, message));
}

/* Hosts come here during a garbage collection, when JavaScript must not run; some on a thread of their own. After the end
 * of JavaScript they come on its thread, which alone may free what is kept. */
static void say_farewell(napi_env napi, void *data, void *hint) {
  (void)data;
  farewell *after = hint;
  bool is_own_thread = ark_thread_id() == after->env->thread; /* asked before, as what is sent may soon be freed */
  if (!arkjs_mailbox_send(after->env, &after->message) && is_own_thread) free_farewell(napi, after);
}

static void say_nothing(napi_env napi, void *data, void *hint) {
  (void)napi, (void)data, (void)hint;
}

static ark_status make_farewell(const arkjs_request *request, uintptr_t address, farewell **out) {
  napi_valuetype type = napi_undefined;
  arkjs_site site = arkjs_argument(request, 2);
  *out = NULL;
  if (request->count > 2) napi_typeof(request->env->napi, request->values[2], &type);
  if (type == napi_undefined) return ARK_OK;
  if (type != napi_function) return arkjs_fail_type(&site, "a function", request->values[2]);
  ark_status status = arkjs_host_status(request->env, arkjs_mailbox_open(request->env), request->error);
  if (status) return status;
  farewell *after = ark_alloc(1, sizeof *after);
  if (!after) return ark_fail_memory(request->error);
  napi_status made = napi_create_reference(request->env->napi, request->values[2], 1, &after->finalizer);
  if (made != napi_ok) {
    ark_free(after);
    return arkjs_host_status(request->env, made, request->error);
  }
  after->message.run = run_farewell;
  after->message.drop = drop_farewell;
  after->env = request->env;
  after->address = address;
  arkjs_env_refer(request->env);
  *out = after;
  return ARK_OK;
}

/* A buffer of no bytes has no memory that a host could tell the end of. */
static napi_status create_empty(napi_env napi, farewell *after, napi_value *out) {
  void *data;
  napi_status status = napi_create_arraybuffer(napi, 0, &data, out);
  if (status != napi_ok || !after) return status;
  return napi_add_finalizer(napi, *out, after, say_farewell, after, NULL);
}

/* In bytes. No host that is known has a smaller limit: Node.js on 32 bits has this one. */
#define LARGEST_EVERYWHERE 0x3fffffff

/* Node.js calls the finalizer of a buffer that it refuses for its length, though there is none. So a buffer that nobody
 * waits for the end of tells first whether there can be one. */
static napi_status create_external(napi_env napi, uintptr_t address, size_t size, farewell *after, napi_value *out) {
  void *memory = (void *)address;
  napi_status status = napi_ok;
  bool is_sure = after == NULL || size <= LARGEST_EVERYWHERE;
  if (!is_sure) status = napi_create_external_arraybuffer(napi, memory, size, say_nothing, NULL, out);
  if (status != napi_ok) return status;
  return napi_create_external_arraybuffer(napi, memory, size, after ? say_farewell : say_nothing, after, out);
}

ark_status arkjs_to_array_buffer(const arkjs_request *request, napi_value *result) {
  napi_env napi = request->env->napi;
  uintptr_t address = 0;
  size_t size;
  farewell *after;
  arkjs_site site = arkjs_argument(request, 0), size_site = arkjs_argument(request, 1);
  ark_status status = arkjs_to_address(&site, request->values[0], &address);
  if (!status) status = arkjs_to_size(&size_site, request->values[1], &size);
  if (!status) status = ark_memory_probe(address, request->function, size, request->error);
  if (!status) status = make_farewell(request, address, &after);
  if (status) return status;
  napi_status made = size ? create_external(napi, address, size, after, result) : create_empty(napi, after, result);
  if (made == napi_ok) return ARK_OK;
  if (after) free_farewell(napi, after);
  status = arkjs_host_status(request->env, made, request->error);
  if (status == ARKJS_PENDING && size > LARGEST_EVERYWHERE) {
    napi_value thrown;
    napi_get_and_clear_last_exception(napi, &thrown);
    return ark_fail(request->error, ARK_OUT_OF_RANGE, "%s: argument 2: this host has no buffers of %zu bytes",
                    request->function, size);
  }
  if (status == ARKJS_PENDING) return status;
  return ark_fail(request->error, ARK_NOT_SUPPORTED,
                  "%s: this host has no buffers over memory that is not its own (Node-API status %d): use readMemory",
                  request->function, (int)made);
}

ark_status arkjs_allocate(const arkjs_request *request, napi_value *result) {
  size_t size;
  arkjs_site site = arkjs_argument(request, 0);
  ark_status status = arkjs_to_size(&site, request->values[0], &size);
  if (status) return status;
  void *memory = ark_alloc(size ? size : 1, 1);
  if (!memory) return ark_fail(request->error, ARK_NO_MEMORY, "%s: no memory for %zu bytes", request->function, size);
  return arkjs_answer_address(request, (uintptr_t)memory, result);
}

ark_status arkjs_release(const arkjs_request *request, napi_value *result) {
  (void)result;
  uintptr_t address = 0;
  arkjs_site site = arkjs_argument(request, 0);
  ark_status status = arkjs_to_address(&site, request->values[0], &address);
  if (!status) ark_free((void *)address);
  return status;
}

ark_status arkjs_detach(const arkjs_request *request, napi_value *result) {
  (void)result;
  bool is_buffer = false;
  arkjs_site site = arkjs_argument(request, 0);
  napi_is_arraybuffer(request->env->napi, request->values[0], &is_buffer);
  if (!is_buffer) return arkjs_fail_type(&site, "an ArrayBuffer", request->values[0]);
  return arkjs_host_status(request->env, napi_detach_arraybuffer(request->env->napi, request->values[0]),
                           request->error);
}
