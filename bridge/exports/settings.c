#include "exports/settings.h"
#include "arkffi/alloc.h"
#include "arkffi/closure.h"
#include "arkffi/environment.h"
#include "arkffi/memory_access.h"
#include "arkffi/suggest.h"
#include <string.h>

/* What was set; the members that were not are as they were initialised. */
typedef struct settings {
  const char *engine, *library_path; /* NULL if not set; the path is in the request's arena */
  bool is_checked, has_checked;
} settings;

typedef ark_status (*settings_reader)(const arkjs_request *request, const char *name, napi_value value, settings *out);

static ark_status settings_fail_type(const arkjs_request *request, const char *name, const char *expected,
                                     napi_value value) {
  char got[ARK_ERROR_SIZE / 4];
  bool is_explained = arkjs_explain(request->env, expected, value, got, sizeof got);
  return ark_fail(request->error, ARK_INVALID_ARG_TYPE, "%s: %s: expected %s, got %s", request->function, name,
                  expected, is_explained ? got : arkjs_kind_name(request->env, value));
}

static ark_status settings_read_checked(const arkjs_request *request, const char *name, napi_value value,
                                        settings *out) {
  out->has_checked = napi_get_value_bool(request->env->napi, value, &out->is_checked) == napi_ok;
  return out->has_checked ? ARK_OK : settings_fail_type(request, name, "boolean", value);
}

static ark_status settings_read_text(const arkjs_request *request, const char *name, const char *expected,
                                     napi_value value, const char **out) {
  arkjs_site site = {request->env, request->arena, name, 0, request->error, NULL};
  napi_valuetype type = napi_undefined;
  ark_value text;
  napi_typeof(request->env->napi, value, &type);
  if (type != napi_string) return settings_fail_type(request, name, expected, value);
  ark_status status = arkjs_to_c(&site, ark_type_of_id(ARK_TYPE_STRING), value, &text);
  if (status == ARK_INVALID_ARG_TYPE) {
    return ark_fail(request->error, status, "%s: %s: the string has a NUL inside", request->function, name);
  }
  *out = text.text;
  return status;
}

static ark_status settings_read_library_path(const arkjs_request *request, const char *name, napi_value value,
                                             settings *out) {
  return settings_read_text(request, name, "string (folders, separated by colons)", value, &out->library_path);
}

enum { SETTINGS_QUOTED = 64 }; /* bytes of a text that a message quotes */

static ark_status settings_read_engine(const arkjs_request *request, const char *name, napi_value value,
                                       settings *out) {
  static const char *const engines[] = {"v8", "bun", "deno", "portable", "napi"};
  static const char expected[] = "'v8', 'bun', 'deno', 'portable' or 'napi'";
  ark_status status = settings_read_text(request, name, expected, value, &out->engine);
  if (status) return status;
  for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++) {
    if (strcmp(out->engine, engines[i]) == 0) return ARK_OK;
  }
  bool is_short = strlen(out->engine) <= SETTINGS_QUOTED; /* a cut might split a character */
  return ark_fail(request->error, ARK_NO_ENGINE, "%s: %s: expected %s, got '%s'", request->function, name, expected,
                  is_short ? out->engine : "\xE2\x80\xA6");
}

static const struct {
  const char *name;
  settings_reader read;
} settings_known[] = {
    {"checked", settings_read_checked},
    {"engine", settings_read_engine},
    {"libraryPath", settings_read_library_path},
};
enum { SETTINGS_KNOWN = sizeof settings_known / sizeof settings_known[0] };

static ark_status settings_fail_unknown(const arkjs_request *request, const char *name) {
  ark_suggestion similar;
  ark_suggest_start(&similar, name);
  for (size_t i = 0; i < SETTINGS_KNOWN; i++) ark_suggest_offer(&similar, settings_known[i].name);
  if (!similar.found[0]) {
    return ark_fail(request->error, ARK_INVALID_ARG_TYPE, "%s: unknown setting '%s'", request->function, name);
  }
  return ark_fail(request->error, ARK_INVALID_ARG_TYPE, "%s: unknown setting '%s'; did you mean '%s'?",
                  request->function, name, similar.found);
}

/* A setting that is undefined is not set. */
static ark_status settings_read_one(const arkjs_request *request, napi_value key, settings *out) {
  napi_env napi = request->env->napi;
  char name[128];
  size_t length;
  napi_value value;
  napi_valuetype type = napi_undefined;
  napi_status host = arkjs_host_read_text(&request->env->host, napi, key, name, sizeof name, &length);
  if (host == napi_ok) host = napi_get_property(napi, request->values[0], key, &value);
  if (host == napi_ok) host = napi_typeof(napi, value, &type);
  if (host != napi_ok) return arkjs_host_status(request->env, host, request->error);
  if (strlen(name) != length) {
    return ark_fail(request->error, ARK_INVALID_ARG_TYPE, "%s: the name of a setting has a NUL inside",
                    request->function);
  }
  for (size_t i = 0; i < SETTINGS_KNOWN; i++) {
    if (strcmp(name, settings_known[i].name) != 0) continue;
    return type == napi_undefined ? ARK_OK : settings_known[i].read(request, name, value, out);
  }
  return settings_fail_unknown(request, name);
}

static ark_status settings_read(const arkjs_request *request, settings *out) {
  napi_env napi = request->env->napi;
  arkjs_site site = arkjs_argument(request, 0);
  napi_valuetype type = napi_undefined;
  napi_value keys, key;
  uint32_t count = 0;
  bool is_list = false;
  napi_typeof(napi, request->values[0], &type);
  napi_is_array(napi, request->values[0], &is_list);
  if (type != napi_object || is_list) return arkjs_fail_type(&site, "an object with settings", request->values[0]);
  napi_status host =
      napi_get_all_property_names(napi, request->values[0], napi_key_own_only,
                                  napi_key_enumerable | napi_key_skip_symbols, napi_key_numbers_to_strings, &keys);
  if (host == napi_ok) host = napi_get_array_length(napi, keys, &count);
  ark_status status = arkjs_host_status(request->env, host, request->error);
  for (uint32_t i = 0; i < count && !status; i++) {
    host = napi_get_element(napi, keys, i, &key);
    status =
        host == napi_ok ? settings_read_one(request, key, out) : arkjs_host_status(request->env, host, request->error);
  }
  return status;
}

static ark_status settings_keep_library_path(const arkjs_request *request, const char *path) {
  size_t size = strlen(path) + 1;
  char *copy = ark_alloc(size, 1);
  if (!copy) return ark_fail_memory(request->error);
  memcpy(copy, path, size);
  ark_free(request->env->library_path);
  request->env->library_path = copy;
  return ARK_OK;
}

ark_status arkjs_configure(const arkjs_request *request, napi_value *result) {
  (void)result;
  settings wanted = {0};
  ark_status status = settings_read(request, &wanted);
  if (!status && wanted.library_path) status = settings_keep_library_path(request, wanted.library_path);
  if (!status && wanted.has_checked) ark_memory_set_checked(wanted.is_checked);
  return status;
}

static ark_status settings_read_checked_variable(ark_error *error) {
  static const char name[] = "ARKFFI_CHECKED";
  char *value;
  if (!ark_environment(name, &value)) return ark_fail_memory(error);
  ark_status status = ARK_OK;
  if (value && strcmp(value, "1") == 0) {
    ark_memory_set_checked(true);
  } else if (value && *value && strcmp(value, "0") != 0) {
    status = ark_fail_variable(error, name, "0 or 1", value);
  }
  ark_free(value);
  return status;
}

ark_status arkjs_read_variables(ark_error *error) {
  ark_status status = ark_closure_read_setting(error);
  return status ? status : settings_read_checked_variable(error);
}
