#include "exports/functions.h"
#include "arkffi/alloc.h"
#include "arkffi/memory_access.h"
#include "async/pending.h"
#include "async/task.h"
#include "calls/call.h"
#include "engines/portable.h"
#include "exports/bound.h"
#include "exports/libraries.h"
#include "functions/definitions.h"
#include "functions/function.h"
#include <string.h>

static ark_status function_create_of_symbol(const arkjs_request *request, arkjs_library *library, const char *name,
                                            const arkjs_type_text *text, arkjs_call_flags flags, arkjs_function **out) {
  void *address;
  ark_status status = ark_library_function(library->core, name, &address, request->error);
  if (!status) status = arkjs_function_of_types(request, name, text, flags, out);
  if (status) return status;
  (*out)->code = (ark_c_function)(uintptr_t)address;
  (*out)->library = library;
  arkjs_library_retain(library);
  (*out)->mapping = ark_library_mapping(library->core);
  ark_mapping_retain((*out)->mapping);
  return ARK_OK;
}

/* Converts the optional argument that is the address of the function that frees results. Its library stays mapped as
 * long as the function lives. */
static ark_status function_release_argument(const arkjs_request *request, size_t index, arkjs_function *function) {
  napi_valuetype type = napi_undefined;
  uintptr_t address = 0;
  arkjs_site site = arkjs_argument(request, index);
  if (index < request->count) napi_typeof(request->env->napi, request->values[index], &type);
  if (type == napi_undefined) return ARK_OK;
  if (!ark_plan_is_native(function->plan)) {
    return ark_fail(
        request->error, ARK_BAD_SIGNATURE,
        "%s: its strings cannot be freed by arkffi, which does not know the calling convention of what frees "
        "them: return an address",
        function->name);
  }
  ark_status status = arkjs_to_address(&site, request->values[index], &address);
  if (!status) status = ark_memory_check_address(address, function->name, request->error);
  if (status) return status;
  ark_mapping *image = ark_mapping_at((const void *)address);
  bool is_gone = image && !ark_mapping_acquire_code(image);
  ark_mapping_release(image);
  if (is_gone)
    return ark_fail(request->error, ARK_LIBRARY_CLOSED, "%s: what frees its results has been closed", function->name);
  function->release_mapping = image;
  function->release = (ark_c_function)address;
  return ARK_OK;
}

static ark_status function_create_at_address(const arkjs_request *request, const char *name,
                                             const arkjs_type_text *text, arkjs_call_flags flags,
                                             arkjs_function **out) {
  uintptr_t address = 0;
  arkjs_site site = arkjs_argument(request, 0);
  ark_status status = arkjs_to_address(&site, request->values[0], &address);
  if (!status) status = ark_memory_check_address(address, name, request->error);
  if (!status) status = arkjs_function_of_types(request, name, text, flags, out);
  if (status) return status;
  (*out)->code = (ark_c_function)address;
  (*out)->mapping = ark_mapping_at((const void *)address);
  return ARK_OK;
}

/* The two lists of the raw bridge. */

static ark_status function_list_length(const arkjs_request *request, size_t index, uint32_t *out) {
  bool is_array = false;
  napi_is_array(request->env->napi, request->values[index], &is_array);
  if (!is_array) {
    arkjs_site site = arkjs_argument(request, index);
    return arkjs_fail_type(&site, "an array", request->values[index]);
  }
  return arkjs_host_status(request->env, napi_get_array_length(request->env->napi, request->values[index], out),
                           request->error);
}

/* Merges numArgs and strArgs, arguments `index` and `index` + 1, in the order of the signature. Reading an element
 * may run a getter, so nothing has been converted yet. */
static ark_status function_merge_lists(const arkjs_request *request, size_t index, const arkjs_function *function,
                                       napi_value *out) {
  uint32_t numbers, strings, number = 0, string = 0, wanted = 0;
  const ark_signature *signature = function->signature;
  ark_status status = function_list_length(request, index, &numbers);
  if (!status) status = function_list_length(request, index + 1, &strings);
  if (status) return status;
  for (size_t i = 0; i < signature->count; i++) wanted += signature->parameters[i].type->kind == ARK_KIND_STRING;
  if (strings != wanted || numbers != signature->count - wanted) {
    return ark_fail(request->error, ARK_ARG_COUNT, "%s: expected %zu numArgs and %u strArgs, got %u and %u",
                    function->name, signature->count - wanted, wanted, numbers, strings);
  }
  for (size_t i = 0; i < signature->count && !status; i++) {
    bool is_string = signature->parameters[i].type->kind == ARK_KIND_STRING;
    napi_value list = request->values[is_string ? index + 1 : index];
    uint32_t at = is_string ? string++ : number++;
    status = arkjs_host_status(request->env, napi_get_element(request->env->napi, list, at, &out[i]), request->error);
  }
  return status;
}

typedef ark_status (*caller)(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error);

/* Calls with the two lists that begin at argument `index`, and releases the function. */
static ark_status function_call_with_lists(const arkjs_request *request, size_t index, caller call,
                                           arkjs_function *function, napi_value *result) {
  napi_value values[ARK_MAX_ARGS];
  ark_status status = function_merge_lists(request, index, function, values);
  if (!status) status = call(function, values, result, request->error);
  arkjs_function_release(function);
  return status;
}

/* The raw bridge. */

/* The function named by the first two arguments. The library keeps its reference. */
static ark_status function_defined_argument(const arkjs_request *request, arkjs_function **out) {
  arkjs_library *library = NULL;
  const char *name;
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (!status) status = arkjs_text_argument(request, 1, &name);
  if (status) return status;
  *out = arkjs_library_find(library, name);
  return *out ? ARK_OK : ark_fail(request->error, ARK_NOT_DEFINED, "%s: not defined; call defineFunction first", name);
}

static ark_status function_symbol_argument(const arkjs_request *request, arkjs_call_flags flags, arkjs_function **out) {
  arkjs_library *library = NULL;
  const char *name;
  arkjs_type_text text;
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (!status) status = arkjs_text_argument(request, 1, &name);
  if (!status) status = arkjs_types_argument(request, 2, &text);
  return status ? status : function_create_of_symbol(request, library, name, &text, flags, out);
}

ark_status arkjs_define_function(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_function *function = NULL;
  ark_status status = function_symbol_argument(request, ARKJS_NUMERIC_BOOL, &function);
  if (status) return status;
  status = arkjs_library_define(function->library, function, request->error);
  if (status) arkjs_function_release(function);
  return status;
}

ark_status arkjs_call_by_sig(const arkjs_request *request, napi_value *result) {
  arkjs_function *function = NULL;
  ark_status status = function_defined_argument(request, &function);
  if (status) return status;
  arkjs_function_retain(function);
  return function_call_with_lists(request, 2, arkjs_call, function, result);
}

ark_status arkjs_call_mixed(const arkjs_request *request, napi_value *result) {
  arkjs_function *function = NULL;
  ark_status status = function_symbol_argument(request, ARKJS_NUMERIC_BOOL, &function);
  return status ? status : function_call_with_lists(request, 4, arkjs_call, function, result);
}

static ark_status function_call_address(const arkjs_request *request, caller call, napi_value *result) {
  arkjs_type_text text;
  arkjs_function *function = NULL;
  ark_status status = arkjs_types_argument(request, 1, &text);
  if (!status) status = function_create_at_address(request, request->function, &text, ARKJS_NUMERIC_BOOL, &function);
  return status ? status : function_call_with_lists(request, 3, call, function, result);
}

ark_status arkjs_call_ptr(const arkjs_request *request, napi_value *result) {
  return function_call_address(request, arkjs_call, result);
}

ark_status arkjs_call_ptr_async(const arkjs_request *request, napi_value *result) {
  return function_call_address(request, arkjs_task_start, result);
}

static ark_status function_call_string(const arkjs_request *request, caller call, napi_value *result) {
  static const arkjs_type_text text = {"", "s"};
  arkjs_library *library = NULL;
  const char *name;
  arkjs_function *function = NULL;
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (!status) status = arkjs_text_argument(request, 1, &name);
  if (!status) status = function_create_of_symbol(request, library, name, &text, ARKJS_EMPTY_FOR_NULL, &function);
  if (status) return status;
  status = call(function, NULL, result, request->error);
  arkjs_function_release(function);
  return status;
}

ark_status arkjs_call_string(const arkjs_request *request, napi_value *result) {
  return function_call_string(request, arkjs_call, result);
}

ark_status arkjs_call_string_async(const arkjs_request *request, napi_value *result) {
  return function_call_string(request, arkjs_task_start, result);
}

ark_status arkjs_call_async(const arkjs_request *request, napi_value *result) {
  arkjs_function *function = NULL;
  arkjs_type_text text;
  ark_signature *given;
  ark_status status = function_defined_argument(request, &function);
  if (!status) status = arkjs_types_argument(request, 2, &text);
  if (!status) status = ark_signature_parse(text.args, text.result, &given, request->error);
  if (status) return status;
  bool is_same = ark_signature_equal(given, function->signature);
  ark_signature_free(given);
  if (!is_same) {
    char defined[2 * ARK_MAX_ARGS];
    ark_signature_print(function->signature, defined, sizeof defined);
    return ark_fail(request->error, ARK_BAD_SIGNATURE, "%s: defined as %s, called as (%s)%s", function->name, defined,
                    text.args, text.result);
  }
  arkjs_function_retain(function);
  return function_call_with_lists(request, 4, arkjs_task_start, function, result);
}

/* Bound functions. */

/* Argument `index` is an object for a function that gets a number; it may be absent. */
static ark_status function_bind(const arkjs_request *request, ark_status status, size_t index, arkjs_function *function,
                                napi_value *result) {
  napi_valuetype type = napi_undefined;
  if (index < request->count) napi_typeof(request->env->napi, request->values[index], &type);
  if (!status) status = arkjs_slots_admit(function, request->error);
  if (!status && type == napi_object && function->number) {
    *result = request->values[index];
    status = arkjs_bound_number(function, *result, request->error);
  } else if (!status) {
    status = arkjs_bound_create(function, result, request->error);
  }
  arkjs_function_release(function);
  return status;
}

/* Reads the names of the parameters, which may be absent. */
static ark_status function_names_argument(const arkjs_request *request, size_t index, arkjs_function *function) {
  napi_valuetype type = napi_undefined;
  const char *names;
  if (index < request->count) napi_typeof(request->env->napi, request->values[index], &type);
  if (type == napi_undefined) return ARK_OK;
  ark_status status = arkjs_text_argument(request, index, &names);
  return status ? status : arkjs_function_name_parameters(function, names, request->error);
}

ark_status arkjs_bind(const arkjs_request *request, napi_value *result) {
  arkjs_function *function = NULL;
  ark_status status = function_symbol_argument(request, ARKJS_PLAIN, &function);
  if (status) return status;
  status = function_release_argument(request, 4, function);
  if (!status) status = function_names_argument(request, 5, function);
  return function_bind(request, status, 6, function, result);
}

/* Ends the first line of a text and returns the next one, or NULL. */
static char *function_next_line(char *text) {
  char *end = strchr(text, '\n');
  if (!end) return NULL;
  *end = '\0';
  return end + 1;
}

/* Whether there can be functions of all these types: lines of arguments, and a line of the result behind each of them.
 * `types` is changed. */
static bool function_all_are_callable(const arkjs_request *request, char *types) {
  for (char *args = types, *next; args; args = next) {
    char *result = function_next_line(args);
    arkjs_function *function;
    if (!result) return false;
    next = function_next_line(result);
    if (arkjs_function_of_types(request, "", &(arkjs_type_text){args, result}, ARKJS_PLAIN, &function)) return false;
    arkjs_function_release(function);
  }
  return true;
}

ark_status arkjs_can_bind(const arkjs_request *request, napi_value *result) {
  arkjs_library *library = NULL;
  const char *names, *types;
  uint32_t count = 0;
  bool can_bind = false, has_memory = true;
  ark_status status = arkjs_library_argument(request, 0, &library);
  if (!status) status = arkjs_text_argument(request, 3, &types);
  if (status) return status;
  napi_get_value_uint32(request->env->napi, request->values[2], &count);
  /* A text that C cannot have is no name of a function. */
  if (!arkjs_text_argument(request, 1, &names)) {
    char *names_copy = ark_copy_text(names, strlen(names)), *types_copy = ark_copy_text(types, strlen(types));
    has_memory = names_copy && types_copy;
    can_bind = has_memory && ark_library_has_functions(library->core, names_copy, count) &&
               function_all_are_callable(request, types_copy);
    ark_free(names_copy);
    ark_free(types_copy);
  }
  if (!has_memory) return ark_fail_memory(request->error);
  return arkjs_host_status(request->env, napi_get_boolean(request->env->napi, can_bind, result), request->error);
}

ark_status arkjs_bind_address(const arkjs_request *request, napi_value *result) {
  const char *name;
  arkjs_type_text text;
  arkjs_function *function = NULL;
  ark_status status = arkjs_text_argument(request, 1, &name);
  if (!status) status = arkjs_types_argument(request, 2, &text);
  if (!status) status = function_create_at_address(request, name, &text, ARKJS_PLAIN, &function);
  if (status) return status;
  status = function_release_argument(request, 4, function);
  return function_bind(request, status, 5, function, result);
}

/* Cancelling. */

/* *group is NULL for a group that has been closed. */
static ark_status function_group_argument(const arkjs_request *request, arkjs_cancel_group **group) {
  ark_handle handle;
  ark_status status = arkjs_handle_argument(request, 0, "number (the handle of a group)", &handle);
  *group = status ? NULL : arkjs_cancel_group_find(request->env, handle);
  return status;
}

ark_status arkjs_open_cancel_group(const arkjs_request *request, napi_value *result) {
  ark_handle handle;
  ark_status status = arkjs_cancel_group_open(request->env, &handle, request->error);
  if (status) return status;
  return arkjs_host_status(request->env, napi_create_int64(request->env->napi, (int64_t)handle, result),
                           request->error);
}

ark_status arkjs_close_cancel_group(const arkjs_request *request, napi_value *result) {
  arkjs_cancel_group *group;
  ark_status status = function_group_argument(request, &group);
  return group ? arkjs_cancel_group_close(group, result, request->error) : status;
}

ark_status arkjs_cancel_calls(const arkjs_request *request, napi_value *result) {
  (void)result;
  arkjs_cancel_group *group;
  ark_status status = function_group_argument(request, &group);
  return group ? arkjs_pending_cancel_all(group, request->values[1], request->error) : status;
}
