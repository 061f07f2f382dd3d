/* Node-API as OpenHarmony's engine has it, on top of another host's. The bridge is compiled with this header included
 * before all else (ARKFFI_QUIRKS of CMake), so that its calls come here. Each difference is one of OpenHarmony's own
 * source, arkui_napi/native_engine/native_api.cpp. */
#ifndef QUIRKS_H
#define QUIRKS_H

#include <node_api.h>

#define QUIRKS(X)                                                                                                      \
  X(napi_get_typedarray_info,                                                                                          \
    (napi_env, napi_value, napi_typedarray_type *, size_t *, void **, napi_value *, size_t *))                         \
  X(napi_throw, (napi_env, napi_value))                                                                                \
  X(napi_fatal_exception, (napi_env, napi_value))                                                                      \
  X(napi_get_and_clear_last_exception, (napi_env, napi_value *))                                                       \
  X(napi_get_named_property, (napi_env, napi_value, const char *, napi_value *))                                       \
  X(napi_set_named_property, (napi_env, napi_value, const char *, napi_value))                                         \
  X(napi_has_named_property, (napi_env, napi_value, const char *, bool *))                                             \
  X(napi_get_property, (napi_env, napi_value, napi_value, napi_value *))                                               \
  X(napi_set_element, (napi_env, napi_value, uint32_t, napi_value))                                                    \
  X(napi_get_element, (napi_env, napi_value, uint32_t, napi_value *))                                                  \
  X(napi_new_instance, (napi_env, napi_value, size_t, const napi_value *, napi_value *))                               \
  X(napi_define_properties, (napi_env, napi_value, size_t, const napi_property_descriptor *))                          \
  X(napi_create_function, (napi_env, const char *, size_t, napi_callback, void *, napi_value *))                       \
  X(napi_create_typedarray, (napi_env, napi_typedarray_type, size_t, napi_value, size_t, napi_value *))                \
  X(napi_create_arraybuffer, (napi_env, size_t, void **, napi_value *))                                                \
  X(napi_create_external_arraybuffer, (napi_env, void *, size_t, napi_finalize, void *, napi_value *))                 \
  X(napi_create_promise, (napi_env, napi_deferred *, napi_value *))                                                    \
  X(napi_call_function, (napi_env, napi_value, napi_value, size_t, const napi_value *, napi_value *))                  \
  X(napi_get_cb_info, (napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **))                   \
  X(napi_run_script, (napi_env, napi_value, napi_value *))                                                             \
  X(napi_create_string_latin1, (napi_env, const char *, size_t, napi_value *))                                         \
  X(napi_create_string_utf8, (napi_env, const char *, size_t, napi_value *))                                           \
  X(napi_create_string_utf16, (napi_env, const char16_t *, size_t, napi_value *))                                      \
  X(napi_get_value_string_utf8, (napi_env, napi_value, char *, size_t, size_t *))                                      \
  X(napi_add_finalizer, (napi_env, napi_value, void *, napi_finalize, void *, napi_ref *))                             \
  X(napi_create_async_work, (napi_env, napi_value, napi_value, napi_async_execute_callback,                            \
                             napi_async_complete_callback, void *, napi_async_work *))                                 \
  X(napi_create_threadsafe_function,                                                                                   \
    (napi_env, napi_value, napi_value, napi_value, size_t, size_t, void *, napi_finalize, void *,                      \
     napi_threadsafe_function_call_js, napi_threadsafe_function *))

#define QUIRK_DECLARE(name, parameters) napi_status quirk_##name parameters;
QUIRKS(QUIRK_DECLARE)
#undef QUIRK_DECLARE

#ifndef QUIRKS_BODY
#define napi_get_typedarray_info quirk_napi_get_typedarray_info
#define napi_throw quirk_napi_throw
#define napi_fatal_exception quirk_napi_fatal_exception
#define napi_get_and_clear_last_exception quirk_napi_get_and_clear_last_exception
#define napi_get_named_property quirk_napi_get_named_property
#define napi_set_named_property quirk_napi_set_named_property
#define napi_has_named_property quirk_napi_has_named_property
#define napi_get_property quirk_napi_get_property
#define napi_set_element quirk_napi_set_element
#define napi_get_element quirk_napi_get_element
#define napi_new_instance quirk_napi_new_instance
#define napi_define_properties quirk_napi_define_properties
#define napi_create_function quirk_napi_create_function
#define napi_create_typedarray quirk_napi_create_typedarray
#define napi_create_arraybuffer quirk_napi_create_arraybuffer
#define napi_create_external_arraybuffer quirk_napi_create_external_arraybuffer
#define napi_create_promise quirk_napi_create_promise
#define napi_call_function quirk_napi_call_function
#define napi_get_cb_info quirk_napi_get_cb_info
#define napi_run_script quirk_napi_run_script
#define napi_create_string_latin1 quirk_napi_create_string_latin1
#define napi_create_string_utf8 quirk_napi_create_string_utf8
#define napi_create_string_utf16 quirk_napi_create_string_utf16
#define napi_get_value_string_utf8 quirk_napi_get_value_string_utf8
#define napi_add_finalizer quirk_napi_add_finalizer
#define napi_create_async_work quirk_napi_create_async_work
#define napi_create_threadsafe_function quirk_napi_create_threadsafe_function
#endif
#endif
