#include "exports/errors.h"

ark_status arkjs_finish_errors(const arkjs_request *request, napi_value *result) {
  (void)result;
  napi_valuetype type = napi_undefined;
  arkjs_site site = arkjs_argument(request, 0);
  napi_typeof(request->env->napi, request->values[0], &type);
  if (type != napi_function) return arkjs_fail_type(&site, "function", request->values[0]);
  return arkjs_finish_errors_by(request->env, request->values[0], request->error);
}
