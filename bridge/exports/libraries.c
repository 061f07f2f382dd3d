#include "exports/libraries.h"
#include "arkffi/alloc.h"
#include "arkffi/environment.h"
#include "arkffi/find_library.h"
#include "async/lanes.h"
#include "env/plain.h"
#include <string.h>

/* Sets *out to the folders to search for libraries, which the caller frees with ark_free, or to NULL. */
static ark_status library_search_path(const arkjs_request *request, char **out) {
  const char *set = request->env->library_path;
  *out = set ? ark_copy_text(set, strlen(set)) : NULL;
  bool has_memory = set ? *out != NULL : ark_environment("ARKFFI_LIBRARY_PATH", out);
  return has_memory ? ARK_OK : ark_fail_memory(request->error);
}

static ark_status library_handle_argument(const arkjs_request *request, size_t index, ark_handle *out) {
  arkjs_site site = arkjs_argument(request, index);
  bool lossless = false;
  if (napi_get_value_bigint_uint64(request->env->napi, request->values[index], out, &lossless) != napi_ok) {
    return arkjs_fail_type(&site, "bigint (the handle of a library)", request->values[index]);
  }
  if (!lossless) *out = 0;
  return ARK_OK;
}

static ark_status library_fail_unknown(const arkjs_request *request, size_t index) {
  arkjs_site site = arkjs_argument(request, index);
  return arkjs_fail_at(&site, ARK_INVALID_HANDLE, "not the handle of a library that this thread has loaded");
}

ark_status arkjs_library_argument(const arkjs_request *request, size_t index, arkjs_library **out) {
  ark_handle handle;
  void *library;
  ark_status status = library_handle_argument(request, index, &handle);
  if (status) return status;
  ark_handle_state state = ark_handles_get(&request->env->libraries, handle, &library);
  if (state == ARK_HANDLE_UNKNOWN) return library_fail_unknown(request, index);
  if (state == ARK_HANDLE_CLOSED) {
    return ark_fail(request->error, ARK_LIBRARY_CLOSED, "%s: the library has been closed", request->function);
  }
  *out = library;
  return ARK_OK;
}

/* Adds to the error for a bare name the file that exists: "libm.so.6" for "m", "libm" or "libm.so". */
static void library_suggest(const arkjs_request *request, const char *name, const char *search) {
  char message[sizeof request->error->message];
  char *file = ark_find_meant_library(name, search, request->env->folder);
  if (!file) return;
  memcpy(message, request->error->message, sizeof message);
  ark_fail(request->error, ARK_LIBRARY_NOT_FOUND, "%s; did you mean '%s'?", message, file);
  ark_free(file);
}

static ark_status library_load(const arkjs_request *request, unsigned flags, napi_value *result) {
  arkjs_env *env = request->env;
  napi_valuetype type = napi_undefined;
  const char *name = NULL;
  ark_status status = ARK_OK;
  napi_typeof(env->napi, request->values[0], &type);
  if (type != napi_null) status = arkjs_text_argument(request, 0, &name);
  if (status) return status;

  char *search;
  arkjs_library *library;
  status = library_search_path(request, &search);
  if (status) return status;
  status = arkjs_library_create(env, name, flags, search, &library, request->error);
  if (status == ARK_LIBRARY_NOT_FOUND && name) library_suggest(request, name, search);
  ark_free(search);
  if (status) return status;
  return arkjs_host_status(env, napi_create_bigint_uint64(env->napi, library->handle, result), request->error);
}

ark_status arkjs_load(const arkjs_request *request, napi_value *result) {
  return library_load(request, 0, result);
}

/* Without the argument the library is opened deep if it has to be. */
static ark_status library_deep_argument(const arkjs_request *request, size_t index, unsigned *flags) {
  bool is_deep, may_be_deep;
  ark_status status = arkjs_bool_argument(request, index, false, &is_deep);
  if (!status) status = arkjs_bool_argument(request, index, true, &may_be_deep);
  if (!status && is_deep) *flags |= ARK_OPEN_DEEP;
  if (!status && !may_be_deep) *flags |= ARK_OPEN_SHALLOW;
  return status;
}

ark_status arkjs_open_library(const arkjs_request *request, napi_value *result) {
  static const unsigned flags[] = {ARK_OPEN_NOW, ARK_OPEN_GLOBAL, ARK_OPEN_NODELETE};
  enum { FLAGS = sizeof flags / sizeof flags[0] };
  unsigned wanted = 0;
  ark_status status = library_deep_argument(request, 1 + FLAGS, &wanted);
  for (size_t i = 0; i < FLAGS && !status; i++) {
    bool is_set;
    status = arkjs_bool_argument(request, i + 1, false, &is_set);
    if (!status && is_set) wanted |= flags[i];
  }
  return status ? status : library_load(request, wanted, result);
}

ark_status arkjs_find_library(const arkjs_request *request, napi_value *result) {
  const char *name;
  char *search, *file;
  ark_status status = arkjs_text_argument(request, 0, &name);
  if (!status) status = library_search_path(request, &search);
  if (status) return status;
  status = ark_find_library(name, search, request->env->folder, &file, request->error);
  ark_free(search);
  if (status) return status;
  napi_status made = arkjs_host_create_text(&request->env->host, request->env->napi, file, NAPI_AUTO_LENGTH, result);
  ark_free(file);
  return arkjs_host_status(request->env, made, request->error);
}

/* Creates an array of the names, each with the letter of its kind before it. */
static napi_status library_list_to_js(const arkjs_env *env, const char *list, napi_value *out) {
  napi_env napi = env->napi;
  napi_status status = napi_create_array(napi, out);
  for (uint32_t i = 0; *list && status == napi_ok; i++, list += strlen(list) + 1) {
    napi_handle_scope scope;
    napi_value name;
    napi_open_handle_scope(napi, &scope);
    status = arkjs_host_create_text(&env->host, napi, list, NAPI_AUTO_LENGTH, &name);
    if (status == napi_ok) status = arkjs_plain_set_element(napi, *out, i, name);
    napi_close_handle_scope(napi, scope);
  }
  return status;
}

ark_status arkjs_list_symbols(const arkjs_request *request, napi_value *result) {
  arkjs_library *library = NULL;
  char *list;
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (!status) status = ark_library_list(library->core, &list, request->error);
  if (status) return status;
  status = arkjs_host_status(request->env, library_list_to_js(request->env, list, result), request->error);
  ark_free(list);
  return status;
}

ark_status arkjs_check_open(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_library *library = NULL;
  const char *name;
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (status != ARK_LIBRARY_CLOSED) return status;
  status = arkjs_text_argument(request, 1, &name);
  return status ? status : ark_fail(request->error, ARK_LIBRARY_CLOSED, "%s: its library has been closed", name);
}

ark_status arkjs_close(const arkjs_request *request, napi_value *result) {
  (void)result;
  ark_handle handle;
  void *library;
  ark_status status = library_handle_argument(request, 0, &handle);
  if (status) return status;
  ark_handle_state state = ark_handles_get(&request->env->libraries, handle, &library);
  if (state == ARK_HANDLE_UNKNOWN) return library_fail_unknown(request, 0);
  if (state == ARK_HANDLE_OPEN) arkjs_library_close(library);
  return ARK_OK;
}

ark_status arkjs_open_lane(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_library *library = NULL;
  ark_value threads = {0};
  arkjs_site site = arkjs_argument(request, 1);
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (!status) status = arkjs_to_c(&site, ark_type_of_id(ARK_TYPE_INT32), request->values[1], &threads);
  if (!status && (threads.i64 < 1 || threads.i64 > ARK_LANE_LIMIT)) {
    status =
        arkjs_fail_at(&site, ARK_OUT_OF_RANGE, "a lane has 1 to %d threads, not %d", ARK_LANE_LIMIT, (int)threads.i64);
  }
  if (!status && library->lane) status = arkjs_fail_at(&site, ARK_OUT_OF_RANGE, "the library already has a lane");
  return status ? status : arkjs_library_open_lane(library, (unsigned)threads.i64, request->error);
}

/* How the core finds a symbol. */
typedef ark_status (*library_finder)(const ark_library *library, const char *name, void **out, ark_error *error);

static ark_status library_answer_symbol(const arkjs_request *request, library_finder find, napi_value *result) {
  arkjs_library *library = NULL;
  const char *name;
  void *address = NULL;
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (!status) status = arkjs_text_argument(request, 1, &name);
  if (!status) status = find(library->core, name, &address, request->error);
  return status ? status : arkjs_answer_address(request, (uintptr_t)address, result);
}

ark_status arkjs_get_symbol_ptr(const arkjs_request *request, napi_value *result) {
  return library_answer_symbol(request, ark_library_symbol, result);
}

ark_status arkjs_symbol_ptr(const arkjs_request *request, napi_value *result) {
  bool is_function;
  ark_status status = arkjs_bool_argument(request, 2, false, &is_function);
  if (status) return status;
  return library_answer_symbol(request, is_function ? ark_library_function : ark_library_variable, result);
}
