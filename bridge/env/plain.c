#include "env/plain.h"
#include <stdio.h>

/* Array.of defines the elements, and is one call for all of them. */
napi_status arkjs_plain_list(arkjs_env *env, size_t count, const napi_value *values, napi_value *out) {
  napi_value class, of;
  napi_status status = napi_get_reference_value(env->napi, env->intrinsics.array_class, &class);
  if (status == napi_ok) status = napi_get_reference_value(env->napi, env->intrinsics.array_of, &of);
  return status == napi_ok ? napi_call_function(env->napi, class, of, count, values, out) : status;
}

napi_status arkjs_plain_set(napi_env napi, napi_value object, const char *name, napi_value value) {
  const napi_property_descriptor property = {.utf8name = name, .value = value, .attributes = napi_default_jsproperty};
  return napi_define_properties(napi, object, 1, &property);
}

napi_status arkjs_plain_set_element(napi_env napi, napi_value array, uint32_t index, napi_value value) {
  char name[16];
  snprintf(name, sizeof name, "%u", (unsigned)index);
  return arkjs_plain_set(napi, array, name, value);
}
