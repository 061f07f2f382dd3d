#include "exports/declarations.h"
#include "arkffi/alloc.h"
#include "arkffi/cdef.h"

ark_status arkjs_parse_declarations(const arkjs_request *request, napi_value *result) {
  const char *text;
  char *json;
  ark_status status = arkjs_text_argument(request, 0, &text);
  if (!status) status = cdef_describe(text, &json, request->error);
  if (status) return status;
  napi_status made = arkjs_host_create_text(&request->env->host, request->env->napi, json, NAPI_AUTO_LENGTH, result);
  ark_free(json);
  return arkjs_host_status(request->env, made, request->error);
}
