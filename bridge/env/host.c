#include "env/host.h"
#include <stdlib.h>

bool arkjs_host_can_run(napi_env napi) {
  napi_value global;
  bool ignored;
  /* Looking up a property is allowed exactly as long as running JavaScript is. */
  return napi_get_global(napi, &global) == napi_ok &&
         napi_has_named_property(napi, global, "process", &ignored) == napi_ok;
}

/* Gets a property of `object` that is a function, or NULL when there is none. */
static napi_status host_find_function(napi_env napi, napi_value object, const char *name, napi_value *out) {
  napi_valuetype type = napi_undefined;
  napi_status status = napi_get_named_property(napi, object, name, out);
  if (status == napi_ok) status = napi_typeof(napi, *out, &type);
  if (type != napi_function) *out = NULL;
  return status;
}

napi_status arkjs_host_on_exit(napi_env napi, napi_callback callback, void *data) {
  napi_value global, process, on, ignored, arguments[2];
  napi_valuetype type = napi_undefined;
  napi_status status = napi_get_global(napi, &global);
  if (status == napi_ok) status = napi_get_named_property(napi, global, "process", &process);
  if (status == napi_ok) status = napi_typeof(napi, process, &type);
  if (status != napi_ok || type != napi_object) return status;
  status = host_find_function(napi, process, "on", &on);
  if (status != napi_ok || !on) return status;
  status = napi_create_string_utf8(napi, "exit", NAPI_AUTO_LENGTH, &arguments[0]);
  if (status == napi_ok) {
    status = napi_create_function(napi, "arkffi", NAPI_AUTO_LENGTH, callback, data, &arguments[1]);
  }
  return status == napi_ok ? napi_call_function(napi, process, on, 2, arguments, &ignored) : status;
}

/* Measured with an array of two 2-byte elements, because no host reports which unit it uses. */
bool arkjs_host_lengths_in_bytes(napi_env napi) {
  napi_value buffer, array, inside;
  napi_typedarray_type type;
  size_t length = 0, offset;
  void *data;
  if (napi_create_arraybuffer(napi, 4, &data, &buffer) != napi_ok) return false;
  if (napi_create_typedarray(napi, napi_uint16_array, 2, buffer, 0, &array) != napi_ok) return false;
  napi_get_typedarray_info(napi, array, &type, &length, &data, &inside, &offset);
  return length == 4;
}

bool arkjs_host_hides_v8(napi_env napi) {
  napi_value global;
  bool is_deno = false;
  return napi_get_global(napi, &global) == napi_ok &&
         napi_has_named_property(napi, global, "Deno", &is_deno) == napi_ok && is_deno;
}

napi_ref arkjs_host_set_immediate(napi_env napi) {
  napi_value global, function;
  napi_ref reference = NULL;
  if (napi_get_global(napi, &global) != napi_ok) return NULL;
  if (host_find_function(napi, global, "setImmediate", &function) != napi_ok || !function) return NULL;
  napi_create_reference(napi, function, 1, &reference);
  return reference;
}

/* libuv's default and maximum for the size of its pool, which UV_THREADPOOL_SIZE sets. */
enum { HOST_POOL_SIZE = 4, HOST_POOL_LIMIT = 1024 };

unsigned arkjs_host_pool_size(void) {
  const char *text = getenv("UV_THREADPOOL_SIZE");
  long size = text ? strtol(text, NULL, 10) : HOST_POOL_SIZE;
  return size < 1 ? 1 : size > HOST_POOL_LIMIT ? HOST_POOL_LIMIT : (unsigned)size;
}
