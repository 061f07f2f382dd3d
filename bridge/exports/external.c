#include "exports/external.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "arkffi/memory_access.h"
#include "calls/in_place.h"
#include "env/frames.h"
#include "env/mailbox.h"
#include "env/report.h"
#include "v8/alias.h"

/* A finalizer, which runs when no buffer over a piece of C memory exists any more. */
typedef struct external_finalizer {
  arkjs_message message;
  arkjs_env *env; /* holds a reference */
  napi_ref function;
  uintptr_t address;
} external_finalizer;

/* Without an environment to do it in, the reference ends with the host's. */
static void external_free_finalizer(napi_env napi, external_finalizer *finalizer) {
  if (napi) napi_delete_reference(napi, finalizer->function);
  arkjs_env_release(finalizer->env);
  ark_free(finalizer);
}

static void external_call_finalizer(napi_env napi, const external_finalizer *finalizer) {
  napi_value function, address, receiver, ignored;
  napi_status status = napi_get_reference_value(napi, finalizer->function, &function);
  if (status == napi_ok) status = napi_get_undefined(napi, &receiver);
  if (status == napi_ok) status = arkjs_address_to_js(finalizer->env, finalizer->address, &address);
  if (status == napi_ok) status = napi_call_function(napi, receiver, function, 1, &address, &ignored);
  napi_value thrown = status == napi_ok ? NULL : arkjs_host_take_exception(napi);
  if (thrown) arkjs_raise_uncaught(finalizer->env, thrown);
}

static void external_run_finalizer(arkjs_env *env, arkjs_message *message) {
  external_finalizer *finalizer = ark_container_of(message, external_finalizer, message);
  if (arkjs_env_can_run(env)) external_call_finalizer(env->napi, finalizer);
  external_free_finalizer(env->napi, finalizer);
}

/* At the end of an environment no JavaScript runs, so C keeps the memory. */
static void external_drop_finalizer(arkjs_env *env, arkjs_message *message) {
  external_free_finalizer(env->napi, ark_container_of(message, external_finalizer, message));
}

/* Hosts call this during a garbage collection, when JavaScript must not run; some on a thread of their own. After the
 * end of JavaScript they call it on the JavaScript thread, and only that thread may free the finalizer. */
static void external_finalize(napi_env napi, void *data, void *hint) {
  (void)data;
  external_finalizer *finalizer = hint;
  /* Asked first, since the message may be freed as soon as it was sent. */
  bool is_own_thread = ark_thread_id() == finalizer->env->thread;
  if (arkjs_mailbox_send(finalizer->env, &finalizer->message) || !is_own_thread) return;
  external_free_finalizer(arkjs_host_env_of_finalizer(finalizer->env->napi, napi), finalizer);
}

static ark_status external_make_finalizer(const arkjs_request *request, uintptr_t address, external_finalizer **out) {
  napi_valuetype type = napi_undefined;
  arkjs_site site = arkjs_argument(request, 2);
  *out = NULL;
  if (request->count > 2) napi_typeof(request->env->napi, request->values[2], &type);
  if (type == napi_undefined) return ARK_OK;
  if (type != napi_function) return arkjs_fail_type(&site, "a function", request->values[2]);
  ark_status status = arkjs_host_status(request->env, arkjs_mailbox_open(request->env), request->error);
  if (status) return status;
  external_finalizer *finalizer = ark_alloc(1, sizeof *finalizer);
  if (!finalizer) return ark_fail_memory(request->error);
  napi_status made = napi_create_reference(request->env->napi, request->values[2], 1, &finalizer->function);
  if (made != napi_ok) {
    ark_free(finalizer);
    return arkjs_host_status(request->env, made, request->error);
  }
  finalizer->message.run = external_run_finalizer;
  finalizer->message.drop = external_drop_finalizer;
  finalizer->env = request->env;
  finalizer->address = address;
  arkjs_env_retain(request->env);
  *out = finalizer;
  return ARK_OK;
}

/* A host cannot report the end of an empty buffer's memory, so the finalizer is attached to the buffer. */
static napi_status external_create_empty(napi_env napi, external_finalizer *finalizer, napi_value *out) {
  void *data;
  napi_status status = napi_create_arraybuffer(napi, 0, &data, out);
  if (status != napi_ok || !finalizer) return status;
  return napi_add_finalizer(napi, *out, finalizer, external_finalize, finalizer, NULL);
}

ark_status arkjs_to_array_buffer(const arkjs_request *request, napi_value *result) {
  napi_env napi = request->env->napi;
  uintptr_t address = 0;
  size_t size;
  external_finalizer *finalizer;
  arkjs_site size_site = arkjs_argument(request, 1);
  ark_status status = arkjs_address_argument(request, 0, &address);
  if (!status) status = arkjs_to_size(&size_site, request->values[1], &size);
  if (!status) status = ark_memory_probe(address, request->function, size, request->error);
  if (!status) status = external_make_finalizer(request, address, &finalizer);
  if (status) return status;
  napi_finalize end = finalizer ? external_finalize : NULL;
  napi_status made = size ? arkjs_host_create_external(napi, (void *)address, size, end, finalizer, result)
                          : external_create_empty(napi, finalizer, result);
  if (made == napi_ok) return ARK_OK;
  if (finalizer) external_free_finalizer(napi, finalizer);
  status = arkjs_host_status(request->env, made, request->error);
  if (size > ARKJS_LARGEST_EVERYWHERE && (status == ARKJS_PENDING || made == napi_invalid_arg)) {
    arkjs_host_take_exception(napi);
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

/* A buffer that is detached when no C is on the stack. */
typedef struct external_detaching {
  arkjs_deferred deferred;
  arkjs_env *env;
  napi_ref buffer;
} external_detaching;

static void external_detach_now(arkjs_deferred *deferred) {
  external_detaching *detaching = ark_container_of(deferred, external_detaching, deferred);
  napi_env napi = detaching->env->napi;
  napi_handle_scope scope;
  napi_value buffer;
  if (!detaching->env->has_ended && napi_open_handle_scope(napi, &scope) == napi_ok) {
    if (napi_get_reference_value(napi, detaching->buffer, &buffer) == napi_ok) {
      arkjs_in_place_detach(detaching->env, buffer);
    }
    napi_close_handle_scope(napi, scope);
  }
  napi_delete_reference(napi, detaching->buffer);
  ark_free(detaching);
}

static ark_status external_detach_later(arkjs_env *env, napi_value buffer, ark_error *error) {
  external_detaching *detaching = ark_alloc(1, sizeof *detaching);
  if (!detaching) return ark_fail_memory(error);
  detaching->deferred.run = external_detach_now;
  detaching->env = env;
  napi_status made = napi_create_reference(env->napi, buffer, 1, &detaching->buffer);
  if (made == napi_ok) {
    arkjs_frame_defer(env, &detaching->deferred);
    return ARK_OK;
  }
  ark_free(detaching);
  return arkjs_host_status(env, made, error);
}

ark_status arkjs_detach(const arkjs_request *request, napi_value *result) {
  (void)result;
  bool is_buffer = false;
  arkjs_site site = arkjs_argument(request, 0);
  napi_is_arraybuffer(request->env->napi, request->values[0], &is_buffer);
  if (!is_buffer) return arkjs_fail_type(&site, "an ArrayBuffer", request->values[0]);
  /* C may be working on it, and no alias would keep its memory. */
  if (request->env->frame && !arkjs_v8_can_alias(request->env)) {
    return external_detach_later(request->env, request->values[0], request->error);
  }
  napi_status host = arkjs_in_place_detach(request->env, request->values[0]);
  return arkjs_host_status(request->env, host, request->error);
}
