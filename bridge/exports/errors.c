#include "exports/errors.h"

ark_status arkjs_finish_errors(const arkjs_request *request, napi_value *result) {
  (void)result;
  for (size_t i = 0; i < 3; i++) {
    napi_valuetype type = napi_undefined;
    arkjs_site site = arkjs_argument(request, i);
    napi_typeof(request->env->napi, request->values[i], &type);
    if (type != napi_function) return arkjs_fail_type(&site, "function", request->values[i]);
  }
  return arkjs_finish_errors_by(request->env, request->values[0], request->values[1], request->values[2],
                                request->error);
}
