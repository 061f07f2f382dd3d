#include "env/intrinsics.h"

/* A class or another function. */
static napi_ref intrinsic_take_global(napi_env napi, const char *name) {
  napi_value global, class;
  napi_valuetype type = napi_undefined;
  napi_ref reference = NULL;
  if (napi_get_global(napi, &global) != napi_ok) return NULL;
  if (napi_get_named_property(napi, global, name, &class) != napi_ok) return NULL;
  if (napi_typeof(napi, class, &type) != napi_ok || type != napi_function) return NULL;
  napi_create_reference(napi, class, 1, &reference);
  return reference;
}

/* Gets an accessor from the class's prototype. Reading the property itself could run code of the program. */
static napi_ref intrinsic_take_getter(napi_env napi, const char *class_name, const char *name) {
  napi_value global, object, describe, class, arguments[2], descriptor, getter;
  napi_valuetype type = napi_undefined;
  napi_ref reference = NULL;
  napi_status status = napi_get_global(napi, &global);
  if (status == napi_ok) status = napi_get_named_property(napi, global, class_name, &class);
  if (status == napi_ok) status = napi_typeof(napi, class, &type);
  if (status != napi_ok || type != napi_function) return NULL;
  status = napi_get_named_property(napi, global, "Object", &object);
  if (status == napi_ok) status = napi_get_named_property(napi, object, "getOwnPropertyDescriptor", &describe);
  if (status == napi_ok) status = napi_get_named_property(napi, class, "prototype", &arguments[0]);
  if (status == napi_ok) status = napi_create_string_latin1(napi, name, NAPI_AUTO_LENGTH, &arguments[1]);
  if (status == napi_ok) status = napi_call_function(napi, object, describe, 2, arguments, &descriptor);
  if (status == napi_ok) status = napi_typeof(napi, descriptor, &type);
  if (status != napi_ok || type != napi_object) return NULL;
  if (napi_get_named_property(napi, descriptor, "get", &getter) != napi_ok) return NULL;
  napi_create_reference(napi, getter, 1, &reference);
  return reference;
}

static napi_status intrinsic_take_method(napi_env napi, napi_value object, const char *name, napi_ref *out) {
  napi_value method;
  napi_status status = napi_get_named_property(napi, object, name, &method);
  return status == napi_ok ? napi_create_reference(napi, method, 1, out) : status;
}

static napi_status intrinsic_find_prototype(napi_env napi, const char *name, napi_value *out) {
  napi_value global, class;
  napi_status status = napi_get_global(napi, &global);
  if (status == napi_ok) status = napi_get_named_property(napi, global, name, &class);
  return status == napi_ok ? napi_get_named_property(napi, class, "prototype", out) : status;
}

static napi_ref intrinsic_take_prototype(napi_env napi, const char *name) {
  napi_value prototype;
  napi_ref reference = NULL;
  if (intrinsic_find_prototype(napi, name, &prototype) == napi_ok) {
    napi_create_reference(napi, prototype, 1, &reference);
  }
  return reference;
}

static void intrinsic_take_promise(arkjs_intrinsics *intrinsics, napi_env napi) {
  napi_value prototype;
  if (intrinsic_find_prototype(napi, "Promise", &prototype) == napi_ok) {
    intrinsic_take_method(napi, prototype, "then", &intrinsics->promise_then);
  }
}

static void intrinsic_take_array(arkjs_intrinsics *intrinsics, napi_env napi) {
  napi_value class;
  intrinsics->array_class = intrinsic_take_global(napi, "Array");
  if (!intrinsics->array_class || napi_get_reference_value(napi, intrinsics->array_class, &class) != napi_ok) return;
  intrinsic_take_method(napi, class, "of", &intrinsics->array_of);
}

static void intrinsic_take_weak_map(arkjs_intrinsics *intrinsics, napi_env napi) {
  napi_value global, class, map;
  napi_status status = napi_get_global(napi, &global);
  if (status == napi_ok) status = napi_get_named_property(napi, global, "WeakMap", &class);
  if (status == napi_ok) status = napi_new_instance(napi, class, 0, NULL, &map);
  if (status == napi_ok) status = intrinsic_take_method(napi, map, "get", &intrinsics->aliases_get);
  if (status == napi_ok) status = intrinsic_take_method(napi, map, "set", &intrinsics->aliases_set);
  if (status == napi_ok) napi_create_reference(napi, map, 1, &intrinsics->aliases);
}

static napi_ref intrinsic_create_key(napi_env napi, const char *name) {
  napi_value text, key;
  napi_ref reference = NULL;
  napi_status status = napi_create_string_latin1(napi, name, NAPI_AUTO_LENGTH, &text);
  if (status == napi_ok) status = napi_create_symbol(napi, text, &key);
  if (status == napi_ok) napi_create_reference(napi, key, 1, &reference);
  return reference;
}

bool arkjs_intrinsics_take(arkjs_intrinsics *intrinsics, napi_env napi) {
  intrinsics->array_buffer_class = intrinsic_take_global(napi, "ArrayBuffer");
  intrinsics->byte_array_class = intrinsic_take_global(napi, "Uint8Array");
  intrinsics->resizable_getter = intrinsic_take_getter(napi, "ArrayBuffer", "resizable");
  intrinsics->shared_length_getter = intrinsic_take_getter(napi, "SharedArrayBuffer", "byteLength");
  intrinsics->set_timeout = intrinsic_take_global(napi, "setTimeout");
  intrinsics->place_key = intrinsic_create_key(napi, "arkffi.place");
  intrinsics->function_prototype = intrinsic_take_prototype(napi, "Function");
  intrinsics->object_prototype = intrinsic_take_prototype(napi, "Object");
  intrinsic_take_promise(intrinsics, napi);
  intrinsic_take_array(intrinsics, napi);
  intrinsic_take_weak_map(intrinsics, napi);
  return intrinsics->array_buffer_class && intrinsics->byte_array_class && intrinsics->promise_then &&
         intrinsics->array_of && intrinsics->function_prototype && intrinsics->object_prototype &&
         intrinsics->place_key;
}

void arkjs_intrinsics_release(const arkjs_intrinsics *intrinsics, napi_env napi) {
  const napi_ref taken[] = {intrinsics->array_buffer_class,
                            intrinsics->byte_array_class,
                            intrinsics->array_class,
                            intrinsics->array_of,
                            intrinsics->function_prototype,
                            intrinsics->object_prototype,
                            intrinsics->resizable_getter,
                            intrinsics->shared_length_getter,
                            intrinsics->promise_then,
                            intrinsics->place_key,
                            intrinsics->aliases,
                            intrinsics->aliases_get,
                            intrinsics->aliases_set,
                            intrinsics->set_timeout,
                            intrinsics->finish_error,
                            intrinsics->explain_value,
                            intrinsics->rethrow};
  for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
    if (taken[i]) napi_delete_reference(napi, taken[i]);
  }
}
