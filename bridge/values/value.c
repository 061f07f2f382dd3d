#include "values/value.h"
#include "arkffi/aggregate.h"
#include "arkffi/memory_access.h"
#include "arkffi/padding.h"
#include "env/plain.h"
#include "values/text.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Number.MAX_SAFE_INTEGER: above it, different integers may be the same number (ECMA-262, 21.1.2.6). */
#define MAX_SAFE_INTEGER 9007199254740991

/* Prints a number or bigint as JavaScript does. Converting one to a string runs no user code. */
static void value_print_number(arkjs_env *env, napi_value value, char *out, size_t size) {
  napi_value text;
  size_t length;
  out[0] = '\0';
  if (napi_coerce_to_string(env->napi, value, &text) != napi_ok) return;
  arkjs_host_read_text(&env->host, env->napi, text, out, size, &length);
}

static ark_status value_fail_range(const arkjs_site *site, const ark_type *type, napi_value value) {
  char number[64];
  value_print_number(site->env, value, number, sizeof number);
  return arkjs_fail_at(site, ARK_OUT_OF_RANGE, "%s is out of range for %s (%" PRId64 " to %" PRIu64 ")", number,
                       type->c_name, ark_type_min(type), ark_type_max(type));
}

static ark_status value_fail_fraction(const arkjs_site *site, const char *type, napi_value value) {
  char number[64];
  value_print_number(site->env, value, number, sizeof number);
  return arkjs_fail_at(site, ARK_OUT_OF_RANGE, "%s is not an integer, as %s must be", number, type);
}

bool arkjs_is_promise(arkjs_env *env, napi_value value) {
  bool is_promise = false;
  return napi_is_promise(env->napi, value, &is_promise) == napi_ok && is_promise;
}

/* To C. */

static ark_status value_bool_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out) {
  bool flag;
  double number;
  if (napi_get_value_bool(site->env->napi, value, &flag) == napi_ok) {
    out->bits = flag;
    return ARK_OK;
  }
  if (napi_get_value_double(site->env->napi, value, &number) != napi_ok) {
    return arkjs_fail_type(site, "boolean, 0 or 1", value);
  }
  if (number != 0 && number != 1) return value_fail_range(site, type, value);
  out->bits = number == 1;
  return ARK_OK;
}

static ark_status value_small_integer_to_c(const arkjs_site *site, const ark_type *type, napi_value value,
                                           ark_value *out) {
  double number;
  if (napi_get_value_double(site->env->napi, value, &number) != napi_ok) return arkjs_fail_type(site, "number", value);
  if (number >= (double)ark_type_min(type) && number <= (double)ark_type_max(type)) {
    out->i64 = (int64_t)number;
    return (double)out->i64 == number ? ARK_OK : value_fail_fraction(site, type->c_name, value);
  }
  return isnan(number) || (isfinite(number) && trunc(number) != number) ? value_fail_fraction(site, type->c_name, value)
                                                                        : value_fail_range(site, type, value);
}

static ark_status value_wide_integer_to_c(const arkjs_site *site, const ark_type *type, napi_value value,
                                          ark_value *out) {
  bool is_signed = type->kind == ARK_KIND_SIGNED, lossless = false;
  double number;
  if (napi_get_value_double(site->env->napi, value, &number) == napi_ok) {
    if (isfinite(number) ? trunc(number) != number : isnan(number))
      return value_fail_fraction(site, type->c_name, value);
    double least = is_signed ? -0x1p63 : 0, beyond = is_signed ? 0x1p63 : 0x1p64;
    if (number < least || number >= beyond) return value_fail_range(site, type, value);
    if (is_signed) {
      out->i64 = (int64_t)number;
    } else {
      out->u64 = (uint64_t)number;
    }
    return ARK_OK;
  }
  napi_status got = is_signed ? napi_get_value_bigint_int64(site->env->napi, value, &out->i64, &lossless)
                              : napi_get_value_bigint_uint64(site->env->napi, value, &out->u64, &lossless);
  if (got != napi_ok) return arkjs_fail_type(site, "number or bigint", value);
  return lossless ? ARK_OK : value_fail_range(site, type, value);
}

static ark_status value_float_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out) {
  double number;
  if (napi_get_value_double(site->env->napi, value, &number) != napi_ok) return arkjs_fail_type(site, "number", value);
  *out = arkjs_float_of(type, number);
  return ARK_OK;
}

/* Fails for a number outside of the range of addresses or lengths, which goes from 0 to `most`. */
static ark_status value_fail_beyond(const arkjs_site *site, const char *what, const char *most, napi_value value) {
  char text[64];
  value_print_number(site->env, value, text, sizeof text);
  /* C programs often write this number for a pointer that is none. */
  bool is_cast = strcmp(text, "-1") == 0 && strcmp(what, "an address") == 0;
  return arkjs_fail_at(site, ARK_OUT_OF_RANGE, "%s is out of range for %s (0 to %s)%s", text, what, most,
                       is_cast ? "; (void *)-1 of C is 2n ** 64n - 1n" : "");
}

/* Converts an integer from 0 to MAX_SAFE_INTEGER. A larger number has lost bits that matter. */
static ark_status value_whole_number(const arkjs_site *site, const char *what, double number, napi_value value,
                                     uint64_t *out) {
  if (number >= 0 && number <= MAX_SAFE_INTEGER) {
    *out = (uint64_t)number;
    return (double)*out == number ? ARK_OK : value_fail_fraction(site, what, value);
  }
  if (isnan(number) || (isfinite(number) && trunc(number) != number)) return value_fail_fraction(site, what, value);
  return value_fail_beyond(site, what, "2^53 - 1 as a number", value);
}

/* False when the value is neither a number nor a bigint, without failing. */
static bool value_take_address(const arkjs_site *site, napi_value value, uintptr_t *out, ark_status *status) {
  double number;
  uint64_t bits = 0;
  bool lossless;
  if (napi_get_value_double(site->env->napi, value, &number) == napi_ok) {
    *status = value_whole_number(site, "an address", number, value, &bits);
  } else if (napi_get_value_bigint_uint64(site->env->napi, value, &bits, &lossless) == napi_ok) {
    *status = lossless ? ARK_OK : value_fail_beyond(site, "an address", "2^64 - 1", value);
  } else {
    return false;
  }
  if (!*status) *out = (uintptr_t)bits;
  return true;
}

/* For typed arrays, the most common buffers, hosts are fast when only the address and the length are requested. */
static ark_status value_buffer_to_c(const arkjs_site *site, napi_value value, ark_value *out) {
  napi_env napi = site->env->napi;
  bool is_array = false;
  size_t length = 0;
  out->bits = 0;
  if (napi_is_typedarray(napi, value, &is_array) == napi_ok && is_array) {
    napi_status got = napi_get_typedarray_info(napi, value, NULL, &length, &out->pointer, NULL, NULL);
    if (got == napi_ok && length) return ARK_OK;
  }
  return arkjs_bytes_of(site, value, &out->pointer, &length);
}

static ark_status value_pointer_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out) {
  napi_valuetype got = napi_undefined;
  uintptr_t address = 0;
  ark_status status;
  napi_typeof(site->env->napi, value, &got);
  if (got == napi_number || got == napi_bigint) {
    if (!value_take_address(site, value, &address, &status)) return arkjs_fail_type(site, "an address", value);
    out->bits = address;
    return status;
  }
  if (got == napi_null) {
    out->bits = 0;
    return ARK_OK;
  }
  if (type->id == ARK_TYPE_CALLBACK) {
    bool is_argument = site->argument && site->argument != ARKJS_OUT;
    return arkjs_fail_type(site,
                           got != napi_function ? "a callback, an address or null"
                           : is_argument
                               ? "a callback, an address or null (a plain function needs a declared signature)"
                               : "a JSCallback, an address or null (a plain function lives for one call)",
                           value);
  }
  return value_buffer_to_c(site, value, out);
}

static bool value_is_buffer(arkjs_env *env, napi_value value);

/* A string is copied. Memory with a text in it is passed as a pointer is. A number below the lowest address is none of
 * a text, but was passed by mistake. */
static ark_status value_text_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out) {
  static const char expected[] = "string, a buffer, an address or null";
  napi_valuetype got = napi_undefined;
  uintptr_t address = 0;
  bool is_text = false;
  ark_status status = arkjs_text_to_c(site, type, value, &is_text, out);
  if (is_text) return status;
  out->bits = 0;
  napi_typeof(site->env->napi, value, &got);
  if (got == napi_null) return ARK_OK;
  if (got == napi_object && value_is_buffer(site->env, value)) return value_buffer_to_c(site, value, out);
  if (!value_take_address(site, value, &address, &status)) return arkjs_fail_type(site, expected, value);
  if (!status && address && address < ARK_LOWEST_ADDRESS) {
    const char *kind = arkjs_kind_name(site->env, value);
    return arkjs_fail_at(site, ARK_INVALID_ARG_TYPE,
                         "expected %s, got %s; %zu%s is no address, because nothing is mapped below %u", expected, kind,
                         (size_t)address, kind[0] == 'b' ? "n" : "", ARK_LOWEST_ADDRESS);
  }
  out->bits = address;
  return status;
}

static ark_status value_struct_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out) {
  napi_value buffer;
  void *data;
  size_t size;
  if (!arkjs_find_bytes(site->env, value, &buffer, &data, &size)) {
    char expected[64];
    snprintf(expected, sizeof expected, "a buffer of %zu bytes", type->size);
    return arkjs_fail_type(site, expected, value);
  }
  if (size != type->size) {
    return arkjs_fail_at(site, ARK_INVALID_ARG_TYPE, "expected a buffer of %zu bytes, got one of %zu", type->size,
                         size);
  }
  out->pointer = ark_arena_take(site->arena, size);
  if (!out->pointer) return ark_fail_memory(site->error);
  memcpy(out->pointer, data, size);
  return ARK_OK;
}

ark_status arkjs_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out) {
  switch (type->id) {
  case ARK_TYPE_BOOL: return value_bool_to_c(site, type, value, out);
  case ARK_TYPE_INT8:
  case ARK_TYPE_UINT8:
  case ARK_TYPE_INT16:
  case ARK_TYPE_UINT16:
  case ARK_TYPE_INT32:
  case ARK_TYPE_UINT32: return value_small_integer_to_c(site, type, value, out);
  case ARK_TYPE_INT64:
  case ARK_TYPE_UINT64:
  case ARK_TYPE_BIGINT64:
  case ARK_TYPE_BIGUINT64: return value_wide_integer_to_c(site, type, value, out);
  case ARK_TYPE_FLOAT:
  case ARK_TYPE_DOUBLE: return value_float_to_c(site, type, value, out);
  case ARK_TYPE_STRING:
  case ARK_TYPE_STRING16:
  case ARK_TYPE_WSTRING:
  case ARK_TYPE_LATIN1: return value_text_to_c(site, type, value, out);
  case ARK_TYPE_POINTER:
  case ARK_TYPE_CALLBACK: return value_pointer_to_c(site, type, value, out);
  case ARK_TYPE_AGGREGATE: return value_struct_to_c(site, type, value, out);
  case ARK_TYPE_VOID:
  case ARK_TYPE_COUNT: break; /* not a value */
  }
  out->bits = 0;
  return ARK_OK;
}

ark_status arkjs_to_address(const arkjs_site *site, napi_value value, uintptr_t *out) {
  ark_status status;
  return value_take_address(site, value, out, &status) ? status
                                                       : arkjs_fail_type(site, "an address (number or bigint)", value);
}

ark_status arkjs_to_size(const arkjs_site *site, napi_value value, size_t *out) {
  double number;
  uint64_t bits = 0;
  if (napi_get_value_double(site->env->napi, value, &number) != napi_ok) return arkjs_fail_type(site, "number", value);
  ark_status status = value_whole_number(site, "a length", number, value, &bits);
  if (!status) *out = (size_t)bits;
  return status;
}

/* Buffers. */

static size_t value_element_size(napi_typedarray_type type) {
  static const size_t sizes[] = {
      [napi_int8_array] = 1,    [napi_uint8_array] = 1,    [napi_uint8_clamped_array] = 1, [napi_int16_array] = 2,
      [napi_uint16_array] = 2,  [napi_int32_array] = 4,    [napi_uint32_array] = 4,        [napi_float32_array] = 4,
      [napi_float64_array] = 8, [napi_bigint64_array] = 8, [napi_biguint64_array] = 8,
  };
  /* Float16Array was added after Node-API 8, with the next number. */
  return (size_t)type < sizeof sizes / sizeof sizes[0] ? sizes[type] : 2;
}

bool arkjs_find_bytes(arkjs_env *env, napi_value value, napi_value *buffer, void **data, size_t *size) {
  bool is_one = false;
  size_t offset;
  if (napi_is_typedarray(env->napi, value, &is_one) == napi_ok && is_one) {
    napi_typedarray_type type;
    if (napi_get_typedarray_info(env->napi, value, &type, size, data, buffer, &offset) != napi_ok) {
      return false;
    }
    if (!env->host.lengths_in_bytes) *size *= value_element_size(type);
    return true;
  }
  if (napi_is_arraybuffer(env->napi, value, &is_one) == napi_ok && is_one) {
    *buffer = value;
    return napi_get_arraybuffer_info(env->napi, value, data, size) == napi_ok;
  }
  if (napi_is_dataview(env->napi, value, &is_one) == napi_ok && is_one) {
    return napi_get_dataview_info(env->napi, value, size, data, buffer, &offset) == napi_ok;
  }
  return false;
}

/* Whether a value is an ArrayBuffer or a view of one. */
static bool value_is_buffer(arkjs_env *env, napi_value value) {
  bool is_one = false;
  if (napi_is_typedarray(env->napi, value, &is_one) == napi_ok && is_one) return true;
  if (napi_is_arraybuffer(env->napi, value, &is_one) == napi_ok && is_one) return true;
  return napi_is_dataview(env->napi, value, &is_one) == napi_ok && is_one;
}

/* The address of an ArrayBuffer without bytes, if toArrayBuffer has made it: engines do not keep it. It is a property
 * of the buffer itself, which has no getter. */
static ark_status value_empty_place(const arkjs_site *site, napi_value buffer, void **data) {
  napi_env napi = site->env->napi;
  napi_value key, place;
  uintptr_t address = 0;
  bool has = false;
  *data = NULL;
  if (napi_get_reference_value(napi, site->env->intrinsics.place_key, &key) != napi_ok) return ARK_OK;
  if (napi_has_own_property(napi, buffer, key, &has) != napi_ok || !has) return ARK_OK;
  if (napi_get_property(napi, buffer, key, &place) != napi_ok) return ARK_OK;
  ark_status status = arkjs_to_address(site, place, &address);
  *data = (void *)address;
  return status;
}

ark_status arkjs_bytes_of(const arkjs_site *site, napi_value value, void **data, size_t *size) {
  napi_value buffer;
  bool is_detached = false;
  if (!arkjs_find_bytes(site->env, value, &buffer, data, size)) {
    return arkjs_fail_type(site, "an address, a buffer or null", value);
  }
  if (*size) return ARK_OK;
  napi_is_detached_arraybuffer(site->env->napi, buffer, &is_detached);
  if (is_detached) return arkjs_fail_at(site, ARK_INVALID_ARG_TYPE, "the buffer is detached");
  return value_empty_place(site, buffer, data);
}

/* Whether an object is a SharedArrayBuffer of any realm. The accessor accepts nothing else. */
static bool value_is_shared(arkjs_env *env, napi_value value) {
  napi_value getter, ignored;
  if (!env->intrinsics.shared_length_getter) return false;
  if (napi_get_reference_value(env->napi, env->intrinsics.shared_length_getter, &getter) != napi_ok) return false;
  if (napi_call_function(env->napi, value, getter, 0, NULL, &ignored) == napi_ok) return true;
  arkjs_host_take_exception(env->napi);
  return false;
}

/* Replaces a SharedArrayBuffer by a view, because Node-API 8 can access it only through one. */
static napi_status value_view_shared(arkjs_env *env, napi_value *value) {
  napi_value byte_array, view;
  napi_status status = napi_get_reference_value(env->napi, env->intrinsics.byte_array_class, &byte_array);
  if (status == napi_ok) status = napi_new_instance(env->napi, byte_array, 1, value, &view);
  if (status == napi_ok) *value = view;
  return status;
}

/* Replaces an object of arkffi's by its place: the buffer that it lies in, so that the call has the buffer and not an
 * address that JavaScript could free, or an address. The object throws when what it stands for has been closed. The key
 * is a symbol that only arkffi's own objects and classes have. */
static napi_status value_find_place(arkjs_env *env, napi_value *value, bool *is_found) {
  napi_value key, place;
  napi_valuetype type = napi_undefined;
  napi_status status = napi_get_reference_value(env->napi, env->intrinsics.place_key, &key);
  if (status == napi_ok) status = napi_get_property(env->napi, *value, key, &place);
  if (status == napi_ok) status = napi_typeof(env->napi, place, &type);
  *is_found = status == napi_ok && type != napi_undefined;
  if (*is_found) *value = place;
  return status;
}

static bool value_is_intrinsic(arkjs_env *env, napi_value value, napi_ref intrinsic) {
  napi_value other;
  bool is_same = false;
  return napi_get_reference_value(env->napi, intrinsic, &other) == napi_ok &&
         napi_strict_equals(env->napi, value, other, &is_same) == napi_ok && is_same;
}

/* Whether `ptr` is a property of the object, or of a class that the program has made, and not one that every object or
 * function inherits. */
static bool value_has_pointer_itself(arkjs_env *env, napi_value value) {
  napi_env napi = env->napi;
  napi_value key;
  napi_valuetype type = napi_object;
  bool has = false;
  if (napi_create_string_latin1(napi, "ptr", NAPI_AUTO_LENGTH, &key) != napi_ok) return false;
  while (type == napi_object || type == napi_function) {
    bool is_root = value_is_intrinsic(env, value, env->intrinsics.object_prototype) ||
                   value_is_intrinsic(env, value, env->intrinsics.function_prototype);
    if (!is_root && (napi_has_own_property(napi, value, key, &has) != napi_ok || has)) return has;
    if (napi_get_prototype(napi, value, &value) != napi_ok) return false;
    if (napi_typeof(napi, value, &type) != napi_ok) return false;
  }
  return false;
}

/* Whether a program has given a `ptr` to all functions, or to all objects, from which functions inherit as well. */
static bool value_is_pointer_common(arkjs_env *env) {
  napi_value prototype;
  bool has = false;
  return napi_get_reference_value(env->napi, env->intrinsics.function_prototype, &prototype) == napi_ok &&
         napi_has_named_property(env->napi, prototype, "ptr", &has) == napi_ok && has;
}

/* Replaces [inout(type), value] by the place of the out-parameter, which gets the value: see calls/out_argument.h. */
static napi_status value_find_pair(arkjs_env *env, napi_value *value) {
  napi_env napi = env->napi;
  napi_value out, first;
  napi_valuetype type = napi_undefined;
  bool is_array = false, is_found = false;
  uint32_t length = 0;
  if (napi_is_array(napi, *value, &is_array) != napi_ok || !is_array) return napi_ok;
  napi_status status = napi_get_array_length(napi, *value, &length);
  if (status != napi_ok || length < 1 || length > 2) return status;
  status = napi_get_element(napi, *value, 0, &out);
  if (status == napi_ok) status = napi_typeof(napi, out, &type);
  if (status != napi_ok || type != napi_object) return status;
  status = value_find_place(env, &out, &is_found);
  if (status != napi_ok || !is_found) return status;
  napi_typeof(napi, out, &type);
  if (type != napi_function) return napi_ok;
  if (length == 2) {
    status = napi_get_element(napi, *value, 1, &first);
    if (status == napi_ok) status = arkjs_plain_set(napi, out, "first", first);
  }
  if (status == napi_ok) *value = out;
  return status;
}

/* The error of a closed object says only which one it is, so the site is put before it. Others stay as they are. */
static ark_status value_resolve_status(const arkjs_site *site, napi_status host) {
  static const ark_status closed[] = {ARK_CALLBACK_CLOSED, ARK_LIBRARY_CLOSED, ARK_ARENA_CLOSED};
  ark_status status = arkjs_host_status(site->env, host, site->error);
  if (status != ARKJS_PENDING) return status;
  ark_error error;
  napi_value thrown = arkjs_host_take_exception(site->env->napi);
  if (!thrown) return status;
  for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
    if (arkjs_error_has(site->env, thrown, closed[i], &error))
      return arkjs_fail_at(site, closed[i], "%s", error.message);
  }
  arkjs_throw_value(site->env, thrown);
  return status;
}

static ark_status value_resolve_pointer(const arkjs_site *site, napi_value *value) {
  arkjs_env *env = site->env;
  napi_valuetype type;
  napi_value inside;
  bool is_found = false;
  napi_status status = value_find_place(env, value, &is_found);
  if (status != napi_ok || is_found) return value_resolve_status(site, status);
  bool is_own = !value_is_pointer_common(env) || value_has_pointer_itself(env, *value);
  status = is_own ? napi_get_named_property(env->napi, *value, "ptr", &inside) : napi_get_undefined(env->napi, &inside);
  if (status != napi_ok) return value_resolve_status(site, status);
  napi_typeof(env->napi, inside, &type);
  if (type == napi_number || type == napi_bigint || type == napi_null) {
    *value = inside;
  } else if (value_is_shared(env, *value)) {
    status = value_view_shared(env, value);
  } else {
    status = value_find_pair(env, value);
  }
  return value_resolve_status(site, status);
}

ark_status arkjs_resolve(const arkjs_site *site, const ark_type *type, napi_value *value) {
  arkjs_env *env = site->env;
  napi_valuetype got;
  if (type->kind != ARK_KIND_POINTER && type->kind != ARK_KIND_STRING && type->kind != ARK_KIND_AGGREGATE)
    return ARK_OK;
  napi_typeof(env->napi, *value, &got);
  if (got != napi_object && got != napi_function) return ARK_OK;
  if (got == napi_object && value_is_buffer(env, *value)) return ARK_OK;
  if (type->kind != ARK_KIND_AGGREGATE) return value_resolve_pointer(site, value);
  return value_is_shared(env, *value) ? arkjs_host_status(env, value_view_shared(env, value), site->error) : ARK_OK;
}

/* To JavaScript. */

bool arkjs_is_number(const ark_type *type, ark_value value) {
  if (type->id == ARK_TYPE_BIGINT64 || type->id == ARK_TYPE_BIGUINT64) return false;
  return type->kind == ARK_KIND_SIGNED ? value.i64 >= -MAX_SAFE_INTEGER && value.i64 <= MAX_SAFE_INTEGER
                                       : value.u64 <= MAX_SAFE_INTEGER;
}

static napi_status value_integer_to_js(arkjs_env *env, const ark_type *type, ark_value value, napi_value *out) {
  bool is_signed = type->kind == ARK_KIND_SIGNED;
  if (arkjs_is_small(type, value)) return napi_create_int32(env->napi, (int32_t)value.i64, out);
  if (arkjs_is_number(type, value)) return napi_create_int64(env->napi, value.i64, out);
  return is_signed ? napi_create_bigint_int64(env->napi, value.i64, out)
                   : napi_create_bigint_uint64(env->napi, value.u64, out);
}

napi_status arkjs_address_to_js(arkjs_env *env, uintptr_t address, napi_value *out) {
  return value_integer_to_js(env, ark_type_of_id(ARK_TYPE_POINTER), (ark_value){.bits = address}, out);
}

ark_status arkjs_create_buffer(arkjs_env *env, const char *function, size_t size, void **data, napi_value *out,
                               ark_error *error) {
  napi_env napi = env->napi;
  napi_value class = NULL, length;
  size_t made_size;
  napi_status status = napi_get_reference_value(napi, env->intrinsics.array_buffer_class, &class);
  if (status == napi_ok) status = napi_create_double(napi, (double)size, &length);
  if (status == napi_ok) status = napi_new_instance(napi, class, 1, &length, out);
  if (status == napi_ok) status = napi_get_arraybuffer_info(napi, *out, data, &made_size);
  if (status == napi_ok) return ARK_OK;
  arkjs_host_take_exception(napi);
  /* Where the stack is exhausted, that is what the host says of a small one, too. */
  if (napi_create_uint32(napi, 1, &length) == napi_ok &&
      napi_new_instance(napi, class, 1, &length, out) == napi_pending_exception)
    return ARKJS_PENDING;
  return ark_fail(error, ARK_NO_MEMORY, "%s: no memory for %zu bytes", function, size);
}

void arkjs_copy_struct(const ark_type *type, const void *from, void *to) {
  memcpy(to, from, type->size);
  ark_aggregate_clear_padding(ark_aggregate_of(type), to);
}

static ark_status value_struct_to_js(const arkjs_site *site, const ark_type *type, ark_value value, napi_value *out) {
  void *data;
  ark_status status = arkjs_create_buffer(site->env, site->function, type->size, &data, out, site->error);
  if (!status) arkjs_copy_struct(type, value.pointer, data);
  return status;
}

void *arkjs_take_room(ark_arena *arena, const ark_type *type) {
  size_t align = type->align;
  uintptr_t room = (uintptr_t)ark_arena_take(arena, type->size + align);
  return room ? (void *)((room + align - 1) / align * align) : NULL;
}

ark_status arkjs_to_js(const arkjs_site *site, const ark_type *type, ark_value value, arkjs_call_flags flags,
                       napi_value *out) {
  napi_env napi = site->env->napi;
  napi_status made;
  switch (type->kind) {
  case ARK_KIND_BOOL:
    made = flags & ARKJS_NUMERIC_BOOL ? napi_create_int32(napi, (int32_t)value.bits, out)
                                      : napi_get_boolean(napi, value.bits, out);
    break;
  case ARK_KIND_SIGNED:
  case ARK_KIND_UNSIGNED:
  case ARK_KIND_POINTER: made = value_integer_to_js(site->env, type, value, out); break;
  case ARK_KIND_FLOAT: made = napi_create_double(napi, arkjs_float_to_double(type, value), out); break;
  case ARK_KIND_STRING: return arkjs_text_to_js(site, type, value, flags, out);
  case ARK_KIND_AGGREGATE: return value_struct_to_js(site, type, value, out);
  default: made = napi_get_undefined(napi, out);
  }
  return arkjs_host_status(site->env, made, site->error);
}
