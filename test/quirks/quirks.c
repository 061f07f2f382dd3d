#include "quirks.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Exceptions. A function that has failed leaves its exception pending, and most functions refuse to work until it is
 * cleared: NativeEngine::lastException_, one for each environment. Tests have one environment for each thread. */

static _Thread_local bool quirk_last;

static napi_status quirk_consumed(napi_env env, napi_status status) {
  bool is_pending = false;
  napi_is_exception_pending(env, &is_pending);
  if (is_pending) quirk_last = true;
  return is_pending ? napi_pending_exception : status;
}

#define PREAMBLE                                                                                                       \
  if (quirk_last) return napi_pending_exception
#define PASS(call)                                                                                                     \
  do {                                                                                                                 \
    PREAMBLE;                                                                                                          \
    return quirk_consumed(env, call);                                                                                  \
  } while (0)

static bool quirk_is_object(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type == napi_object || type == napi_function;
}

static bool quirk_is_error(napi_env env, napi_value value) {
  bool is_error = false;
  return napi_is_error(env, value, &is_error) == napi_ok && is_error;
}

/* Only errors are thrown and raised. */
napi_status quirk_napi_throw(napi_env env, napi_value error) {
  return quirk_is_error(env, error) ? napi_throw(env, error) : napi_invalid_arg;
}

napi_status quirk_napi_fatal_exception(napi_env env, napi_value error) {
  PREAMBLE;
  return quirk_is_error(env, error) ? napi_fatal_exception(env, error) : napi_invalid_arg;
}

/* Without an exception nothing is written. */
napi_status quirk_napi_get_and_clear_last_exception(napi_env env, napi_value *out) {
  bool is_pending = false;
  quirk_last = false;
  napi_is_exception_pending(env, &is_pending);
  return is_pending ? napi_get_and_clear_last_exception(env, out) : napi_ok;
}

napi_status quirk_napi_call_function(napi_env env, napi_value receiver, napi_value function, size_t count,
                                     const napi_value *values, napi_value *out) {
  PREAMBLE;
  napi_status status = napi_call_function(env, receiver, function, count, values, out);
  napi_is_exception_pending(env, &quirk_last);
  return status;
}

napi_status quirk_napi_get_cb_info(napi_env env, napi_callback_info info, size_t *count, napi_value *values,
                                   napi_value *receiver, void **data) {
  quirk_last = false;
  return napi_get_cb_info(env, info, count, values, receiver, data);
}

/* Properties: those of primitive values are not found. */

napi_status quirk_napi_get_named_property(napi_env env, napi_value object, const char *name, napi_value *out) {
  PREAMBLE;
  if (!quirk_is_object(env, object)) return napi_object_expected;
  PASS(napi_get_named_property(env, object, name, out));
}

napi_status quirk_napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value) {
  PREAMBLE;
  if (!quirk_is_object(env, object)) return napi_object_expected;
  PASS(napi_set_named_property(env, object, name, value));
}

napi_status quirk_napi_get_property(napi_env env, napi_value object, napi_value key, napi_value *out) {
  PREAMBLE;
  if (!quirk_is_object(env, object)) return napi_object_expected;
  PASS(napi_get_property(env, object, key, out));
}

napi_status quirk_napi_has_named_property(napi_env env, napi_value object, const char *name, bool *out) {
  PASS(napi_has_named_property(env, object, name, out));
}

napi_status quirk_napi_set_element(napi_env env, napi_value object, uint32_t index, napi_value value) {
  PASS(napi_set_element(env, object, index, value));
}

napi_status quirk_napi_get_element(napi_env env, napi_value object, uint32_t index, napi_value *out) {
  PASS(napi_get_element(env, object, index, out));
}

napi_status quirk_napi_new_instance(napi_env env, napi_value class, size_t count, const napi_value *values,
                                    napi_value *out) {
  PASS(napi_new_instance(env, class, count, values, out));
}

napi_status quirk_napi_define_properties(napi_env env, napi_value object, size_t count,
                                         const napi_property_descriptor *properties) {
  PASS(napi_define_properties(env, object, count, properties));
}

napi_status quirk_napi_create_function(napi_env env, const char *name, size_t length, napi_callback callback,
                                       void *data, napi_value *out) {
  PASS(napi_create_function(env, name, length, callback, data, out));
}

napi_status quirk_napi_create_promise(napi_env env, napi_deferred *deferred, napi_value *out) {
  PASS(napi_create_promise(env, deferred, out));
}

/* It does nothing. */
napi_status quirk_napi_run_script(napi_env env, napi_value script, napi_value *out) {
  (void)env, (void)script;
  *out = NULL;
  return napi_ok;
}

/* Text: UTF-8 is not checked in either direction, and what is said to be Latin-1 is read as UTF-8. */

static size_t quirk_size_after(unsigned char lead) {
  return lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
}

static size_t quirk_decode(const char *text, size_t length, char16_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < length;) {
    unsigned char lead = (unsigned char)text[i++];
    size_t after = quirk_size_after(lead);
    uint32_t point = after ? lead & (0x3Fu >> after) : lead;
    for (; after && i < length; after--) point = point << 6 | ((unsigned char)text[i++] & 0x3F);
    if (point >= 0x10000) {
      out[count++] = (char16_t)(0xD800 + ((point - 0x10000) >> 10));
      point = 0xDC00 + (point & 0x3FF);
    }
    out[count++] = (char16_t)point;
  }
  return count;
}

napi_status quirk_napi_create_string_utf8(napi_env env, const char *text, size_t length, napi_value *out) {
  if (length == NAPI_AUTO_LENGTH) length = strlen(text);
  char16_t *units = malloc((length + 1) * sizeof *units);
  if (!units) return napi_generic_failure;
  napi_status status = napi_create_string_utf16(env, units, quirk_decode(text, length, units), out);
  free(units);
  return status;
}

napi_status quirk_napi_create_string_latin1(napi_env env, const char *text, size_t length, napi_value *out) {
  return quirk_napi_create_string_utf8(env, text, length, out);
}

/* The end of the text is looked for although its length is given. */
napi_status quirk_napi_create_string_utf16(napi_env env, const char16_t *text, size_t length, napi_value *out) {
  if (length != NAPI_AUTO_LENGTH && text[length]) {
    fputs("quirks: napi_create_string_utf16 got text without a NUL\n", stderr);
    abort();
  }
  return napi_create_string_utf16(env, text, length, out);
}

static size_t quirk_encode(const char16_t *units, size_t length, char *out, size_t size) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    uint32_t point = units[i];
    if (point >> 10 == 0xD800 >> 10 && i + 1 < length && units[i + 1] >> 10 == 0xDC00 >> 10) {
      point = 0x10000 + ((point - 0xD800) << 10) + (units[++i] - 0xDC00u);
    }
    size_t needed = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (out && needed > size - count) break;
    for (size_t at = needed; out && at > 1; at--, point >>= 6) out[count + at - 1] = (char)(0x80 | (point & 0x3F));
    if (out) out[count] = (char)(needed > 1 ? point | (0xF00u >> needed & 0xFF) : point);
    count += needed;
  }
  return count;
}

napi_status quirk_napi_get_value_string_utf8(napi_env env, napi_value text, char *out, size_t size, size_t *length) {
  size_t count = 0;
  napi_status status = napi_get_value_string_utf16(env, text, NULL, 0, &count);
  if (status != napi_ok) return status;
  char16_t *units = malloc((count + 1) * sizeof *units);
  if (!units) return napi_generic_failure;
  napi_get_value_string_utf16(env, text, units, count + 1, &count);
  size_t bytes = quirk_encode(units, count, out, out ? size - 1 : 0);
  if (out) out[bytes] = '\0';
  if (length) *length = bytes;
  free(units);
  return napi_ok;
}

/* Memory. The length of a typed array is in bytes, an external buffer needs memory and a finalizer, and the environment
 * that a finalizer gets cannot be used. */

napi_status quirk_napi_get_typedarray_info(napi_env env, napi_value array, napi_typedarray_type *type, size_t *length,
                                           void **data, napi_value *buffer, size_t *offset) {
  static const unsigned char sizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2};
  napi_typedarray_type own;
  napi_status status = napi_get_typedarray_info(env, array, &own, length, data, buffer, offset);
  if (status == napi_ok && type) *type = own;
  if (status == napi_ok && length) *length *= sizes[own];
  return status;
}

napi_status quirk_napi_create_typedarray(napi_env env, napi_typedarray_type type, size_t length, napi_value buffer,
                                         size_t offset, napi_value *out) {
  PASS(napi_create_typedarray(env, type, length, buffer, offset, out));
}

napi_status quirk_napi_create_arraybuffer(napi_env env, size_t size, void **data, napi_value *out) {
  PASS(napi_create_arraybuffer(env, size, data, out));
}

typedef struct quirk_ending {
  napi_finalize finalizer;
  void *hint;
} quirk_ending;

static void quirk_end(napi_env env, void *data, void *hint) {
  quirk_ending ending = *(quirk_ending *)hint;
  (void)env;
  free(hint);
  ending.finalizer((napi_env)16, data, ending.hint);
}

static quirk_ending *quirk_ending_of(napi_finalize finalizer, void *hint) {
  quirk_ending *ending = malloc(sizeof *ending);
  if (ending) *ending = (quirk_ending){finalizer, hint};
  return ending;
}

napi_status quirk_napi_create_external_arraybuffer(napi_env env, void *data, size_t size, napi_finalize finalizer,
                                                   void *hint, napi_value *out) {
  PREAMBLE;
  if (!data || !finalizer) return napi_invalid_arg;
  quirk_ending *ending = quirk_ending_of(finalizer, hint);
  if (!ending) return napi_generic_failure;
  return quirk_consumed(env, napi_create_external_arraybuffer(env, data, size, quirk_end, ending, out));
}

napi_status quirk_napi_add_finalizer(napi_env env, napi_value object, void *data, napi_finalize finalizer, void *hint,
                                     napi_ref *out) {
  if (!finalizer) return napi_invalid_arg;
  quirk_ending *ending = quirk_ending_of(finalizer, hint);
  return ending ? napi_add_finalizer(env, object, data, quirk_end, ending, out) : napi_generic_failure;
}

/* Threads: a name is required, and at most 128 threads. */

napi_status quirk_napi_create_async_work(napi_env env, napi_value resource, napi_value name,
                                         napi_async_execute_callback execute, napi_async_complete_callback complete,
                                         void *data, napi_async_work *out) {
  return name ? napi_create_async_work(env, resource, name, execute, complete, data, out) : napi_invalid_arg;
}

napi_status quirk_napi_create_threadsafe_function(napi_env env, napi_value function, napi_value resource,
                                                  napi_value name, size_t most, size_t threads, void *end_data,
                                                  napi_finalize end, void *context,
                                                  napi_threadsafe_function_call_js call,
                                                  napi_threadsafe_function *out) {
  if (!name || !threads || threads > 128) return napi_invalid_arg;
  return napi_create_threadsafe_function(env, function, resource, name, most, threads, end_data, end, context, call,
                                         out);
}
