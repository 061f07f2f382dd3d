#include "values/site.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *arkjs_parameter_name(const char *parameters, size_t number, size_t *length) {
  const char *name = parameters;
  for (size_t i = 1; name && i < number; i++) {
    name = strchr(name, '\n');
    if (name) name++;
  }
  *length = name ? strcspn(name, "\n") : 0;
  return name;
}

ark_status arkjs_fail_at(const arkjs_site *site, ark_status status, const char *format, ...) {
  char message[ARK_ERROR_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  if (!site->argument) return ark_fail(site->error, status, "%s: result: %s", site->function, message);
  if (site->argument == ARKJS_OUT) return ark_fail(site->error, status, "%s: out: %s", site->function, message);
  size_t length;
  const char *name = arkjs_parameter_name(site->parameters, site->argument, &length);
  if (!length) return ark_fail(site->error, status, "%s: argument %zu: %s", site->function, site->argument, message);
  return ark_fail(site->error, status, "%s: argument %zu (%.*s): %s", site->function, site->argument, (int)length, name,
                  message);
}

const char *arkjs_kind_name(arkjs_env *env, napi_value value) {
  static const char *const names[] = {"undefined", "null",   "boolean",  "number",   "string",
                                      "symbol",    "object", "function", "external", "bigint"};
  napi_valuetype type = napi_undefined;
  napi_typeof(env->napi, value, &type);
  return (size_t)type < sizeof names / sizeof names[0] ? names[type] : "a value of another kind";
}

ark_status arkjs_fail_type(const arkjs_site *site, const char *expected, napi_value value) {
  char got[ARK_ERROR_SIZE / 4];
  bool is_explained = arkjs_explain(site->env, expected, value, got, sizeof got);
  return arkjs_fail_at(site, ARK_INVALID_ARG_TYPE, "expected %s, got %s", expected,
                       is_explained ? got : arkjs_kind_name(site->env, value));
}
