#include "library.h"
#include "arkffi/alloc.h"
#include "arkffi/find.h"
#include "engine.h"
#include "function.h"
#include "v8/fast.h"
#include <search.h>
#include <stdlib.h>
#include <string.h>

void arkjs_library_refer(arkjs_library *library) {
  library->references++;
}

void arkjs_library_release(arkjs_library *library) {
  if (--library->references) return;
  arkjs_v8_release_gate(library->env, library->gate);
  ark_free(library);
}

/* Defined functions. */

static int by_name(const void *left, const void *right) {
  return strcmp(((const arkjs_function *)left)->name, ((const arkjs_function *)right)->name);
}

arkjs_function *arkjs_library_find(const arkjs_library *library, const char *name) {
  arkjs_function wanted = {.name = (char *)name};
  arkjs_function **node = tfind(&wanted, &library->functions, by_name);
  return node ? *node : NULL;
}

ark_status arkjs_library_define(arkjs_library *library, arkjs_function *function, ark_error *error) {
  arkjs_function **node = tsearch(function, &library->functions, by_name);
  if (!node) return ark_fail_memory(error);
  if (*node != function) {
    arkjs_function_release(*node);
    *node = function;
  }
  return ARK_OK;
}

void arkjs_library_forget(arkjs_library *library) {
  while (library->functions) {
    arkjs_function *function = *(arkjs_function **)library->functions;
    tdelete(function, &library->functions, by_name);
    arkjs_function_release(function);
  }
}

/* Lanes. */

static void end_lane(arkjs_library *library) {
  arkjs_library **link = &library->env->lanes;
  while (*link != library) link = &(*link)->next_laned;
  *link = library->next_laned;
  ark_lane *lane = library->lane;
  library->lane = NULL;
  ark_lane_stop(lane);
  arkjs_engine_clear_lane(lane);
  ark_lane_free(lane);
  arkjs_library_release(library);
}

void arkjs_library_enter(arkjs_library *library) {
  if (library->calls++) return;
  library->image = ark_library_image(library->core);
  ark_image_hold(library->image);
}

void arkjs_library_leave(arkjs_library *library) {
  if (--library->calls) return;
  ark_image *image = library->image;
  library->image = NULL;
  if (library->lane && library->is_closed) {
    end_lane(library);
  } else if (library->lane) {
    ark_lane_trim(library->lane);
  }
  ark_image_drop(image);
}

void arkjs_library_end_lane(arkjs_library *library) {
  if (library->lane && !library->calls) end_lane(library);
}

void arkjs_lanes_stop(arkjs_env *env) {
  for (arkjs_library *library = env->lanes; library; library = library->next_laned) ark_lane_stop(library->lane);
}

void arkjs_lanes_end(arkjs_env *env) {
  while (env->lanes) end_lane(env->lanes);
}

/* Closing. */

static void unmap(arkjs_deferred *deferred) {
  arkjs_library *library = (arkjs_library *)((char *)deferred - offsetof(arkjs_library, unmapping));
  ark_library_close(library->core);
  library->core = NULL;
  arkjs_library_release(library);
}

/* C on the stack may still return into the library: then it stays mapped until none is. */
static void close_library(arkjs_library *library) {
  arkjs_env *env = library->env;
  ark_handles_remove(&env->libraries, library->handle);
  library->is_closed = true;
  arkjs_v8_close(env, library->gate);
  library->unmapping.run = unmap;
  arkjs_frame_defer(env, &library->unmapping);
  env->hooks->close_library(library);
  arkjs_frames_settle(env);
}

void arkjs_libraries_end(arkjs_env *env) {
  uint32_t cursor = 0;
  arkjs_frames_run_deferred(env);
  for (arkjs_library *library; (library = ark_handles_next(&env->libraries, &cursor));) {
    ark_library_leave(library->core);
    library->core = NULL;
    close_library(library);
  }
}

/* The module's functions. */

/* The environment variable with folders to look for libraries in. */
#define SEARCH_PATH "ARKFFI_LIBRARY_PATH"

static ark_status handle_argument(const arkjs_request *request, size_t index, ark_handle *out) {
  arkjs_site site = arkjs_argument(request, index);
  bool lossless = false;
  if (napi_get_value_bigint_uint64(request->env->napi, request->values[index], out, &lossless) != napi_ok) {
    return arkjs_fail_type(&site, "bigint (the handle of a library)", request->values[index]);
  }
  if (!lossless) *out = 0;
  return ARK_OK;
}

static ark_status fail_unknown(const arkjs_request *request, size_t index) {
  arkjs_site site = arkjs_argument(request, index);
  return arkjs_fail_at(&site, ARK_INVALID_HANDLE, "not the handle of a library that this thread has loaded");
}

ark_status arkjs_library_argument(const arkjs_request *request, size_t index, arkjs_library **out) {
  ark_handle handle;
  void *library;
  ark_status status = handle_argument(request, index, &handle);
  if (status) return status;
  ark_handle_state state = ark_handles_get(&request->env->libraries, handle, &library);
  if (state == ARK_HANDLE_UNKNOWN) return fail_unknown(request, index);
  if (state == ARK_HANDLE_CLOSED) {
    return ark_fail(request->error, ARK_LIBRARY_CLOSED, "%s: the library has been closed", request->function);
  }
  *out = library;
  return ARK_OK;
}

static ark_status load(const arkjs_request *request, unsigned flags, napi_value *result) {
  arkjs_env *env = request->env;
  napi_valuetype type = napi_undefined;
  const char *name = NULL;
  ark_status status = ARK_OK;
  napi_typeof(env->napi, request->values[0], &type);
  if (type != napi_null) status = arkjs_text_argument(request, 0, &name);
  if (status) return status;

  arkjs_library *library = ark_alloc(1, sizeof *library);
  if (!library) return ark_fail_memory(request->error);
  library->env = env;
  library->references = 1;
  status = ark_library_open(name, flags, getenv(SEARCH_PATH), env->folder, &library->core, request->error);
  if (!status) status = ark_handles_add(&env->libraries, library, &library->handle, request->error);
  if (status) {
    ark_library_close(library->core);
    ark_free(library);
    return status;
  }
  return arkjs_host_status(env, napi_create_bigint_uint64(env->napi, library->handle, result), request->error);
}

ark_status arkjs_load(const arkjs_request *request, napi_value *result) {
  return load(request, 0, result);
}

ark_status arkjs_open_library(const arkjs_request *request, napi_value *result) {
  static const unsigned flags[] = {ARK_OPEN_NOW, ARK_OPEN_GLOBAL, ARK_OPEN_NODELETE, ARK_OPEN_DEEP};
  unsigned wanted = 0;
  ark_status status = ARK_OK;
  for (size_t i = 0; i < sizeof flags / sizeof flags[0] && !status; i++) {
    bool is_set;
    status = arkjs_bool_argument(request, i + 1, false, &is_set);
    if (!status && is_set) wanted |= flags[i];
  }
  return status ? status : load(request, wanted, result);
}

ark_status arkjs_find_library(const arkjs_request *request, napi_value *result) {
  const char *name;
  char *file;
  ark_status status = arkjs_text_argument(request, 0, &name);
  if (!status) status = ark_find_library(name, getenv(SEARCH_PATH), request->env->folder, &file, request->error);
  if (status) return status;
  napi_status made = napi_create_string_utf8(request->env->napi, file, NAPI_AUTO_LENGTH, result);
  ark_free(file);
  return arkjs_host_status(request->env, made, request->error);
}

/* Each name behind the letter of its kind. */
static napi_status list_to_js(napi_env napi, const char *list, napi_value *out) {
  napi_status status = napi_create_array(napi, out);
  for (uint32_t i = 0; *list && status == napi_ok; i++, list += strlen(list) + 1) {
    napi_handle_scope scope;
    napi_value name;
    napi_open_handle_scope(napi, &scope);
    status = napi_create_string_utf8(napi, list, NAPI_AUTO_LENGTH, &name);
    if (status == napi_ok) status = napi_set_element(napi, *out, i, name);
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
  status = arkjs_host_status(request->env, list_to_js(request->env->napi, list, result), request->error);
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
  ark_status status = handle_argument(request, 0, &handle);
  if (status) return status;
  ark_handle_state state = ark_handles_get(&request->env->libraries, handle, &library);
  if (state == ARK_HANDLE_UNKNOWN) return fail_unknown(request, 0);
  if (state == ARK_HANDLE_OPEN) close_library(library);
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
  if (!status) status = arkjs_engine_open_lane(request->env, (unsigned)threads.i64, &library->lane, request->error);
  if (status) return status;
  library->next_laned = request->env->lanes;
  request->env->lanes = library;
  arkjs_library_refer(library);
  return ARK_OK;
}

ark_status arkjs_get_symbol_ptr(const arkjs_request *request, napi_value *result) {
  arkjs_library *library = NULL;
  const char *name;
  void *address = NULL;
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (!status) status = arkjs_text_argument(request, 1, &name);
  if (!status) status = ark_library_symbol(library->core, name, &address, request->error);
  return status ? status : arkjs_answer_address(request, (uintptr_t)address, result);
}
