#include "values/request.h"

arkjs_site arkjs_argument(const arkjs_request *request, size_t index) {
  return (arkjs_site){request->env, request->arena, request->function, index + 1, request->error, NULL};
}

ark_status arkjs_text_argument(const arkjs_request *request, size_t index, const char **out) {
  arkjs_site site = arkjs_argument(request, index);
  ark_value value;
  napi_valuetype type = napi_undefined;
  napi_typeof(request->env->napi, request->values[index], &type);
  if (type != napi_string) return arkjs_fail_type(&site, "string", request->values[index]);
  ark_status status = arkjs_to_c(&site, ark_type_of_id(ARK_TYPE_STRING), request->values[index], &value);
  *out = value.text;
  return status;
}

static ark_status request_fail_address(const arkjs_site *site, napi_value value) {
  return arkjs_fail_type(site, "an address or an object with a ptr", value);
}

/* The address of the first byte of the buffer that an object of arkffi's lies in. A buffer that was passed itself is no
 * address. */
static ark_status request_place_argument(const arkjs_site *site, napi_value passed, napi_value place, uintptr_t *out,
                                         size_t *size) {
  bool is_same = true;
  void *data;
  napi_strict_equals(site->env->napi, passed, place, &is_same);
  if (is_same) return request_fail_address(site, passed);
  ark_status status = arkjs_bytes_of(site, place, &data, size);
  if (!status) *out = (uintptr_t)data;
  return status;
}

ark_status arkjs_address_argument(const arkjs_request *request, size_t index, uintptr_t *out) {
  size_t size;
  return arkjs_memory_argument(request, index, out, &size);
}

ark_status arkjs_memory_argument(const arkjs_request *request, size_t index, uintptr_t *out, size_t *size) {
  *size = SIZE_MAX;
  arkjs_site site = arkjs_argument(request, index);
  napi_value value = request->values[index];
  napi_valuetype type = napi_undefined;
  ark_status status = arkjs_to_address(&site, value, out);
  if (status != ARK_INVALID_ARG_TYPE) return status;
  napi_typeof(request->env->napi, value, &type);
  if (type != napi_object && type != napi_function) return request_fail_address(&site, value);
  status = arkjs_resolve(&site, ark_type_of_id(ARK_TYPE_POINTER), &value);
  if (status) return status;
  napi_typeof(request->env->napi, value, &type);
  *out = 0;
  if (type == napi_null) return ARK_OK;
  if (type == napi_function) return request_fail_address(&site, value);
  return type == napi_object ? request_place_argument(&site, request->values[index], value, out, size)
                             : arkjs_to_address(&site, value, out);
}

ark_status arkjs_bool_argument(const arkjs_request *request, size_t index, bool absent, bool *out) {
  arkjs_site site = arkjs_argument(request, index);
  napi_valuetype type = napi_undefined;
  *out = absent;
  if (index < request->count) napi_typeof(request->env->napi, request->values[index], &type);
  if (type == napi_undefined || napi_get_value_bool(request->env->napi, request->values[index], out) == napi_ok) {
    return ARK_OK;
  }
  return arkjs_fail_type(&site, "boolean", request->values[index]);
}

ark_status arkjs_handle_argument(const arkjs_request *request, size_t index, const char *expected, ark_handle *out) {
  arkjs_site site = arkjs_argument(request, index);
  double number;
  if (napi_get_value_double(request->env->napi, request->values[index], &number) != napi_ok) {
    return arkjs_fail_type(&site, expected, request->values[index]);
  }
  *out = number >= 1 && number < 0x1p53 ? (ark_handle)number : 0;
  if ((double)*out != number) *out = 0;
  return ARK_OK;
}

ark_status arkjs_types_argument(const arkjs_request *request, size_t index, arkjs_type_text *out) {
  ark_status status = arkjs_text_argument(request, index, &out->args);
  return status ? status : arkjs_text_argument(request, index + 1, &out->result);
}

ark_status arkjs_answer_address(const arkjs_request *request, uintptr_t address, napi_value *result) {
  return arkjs_host_status(request->env, arkjs_address_to_js(request->env, address, result), request->error);
}
