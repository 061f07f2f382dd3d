#include "functions/function.h"
#include "arkffi/alloc.h"
#include "env/mailbox.h"
#include <string.h>

void arkjs_function_free(arkjs_function *function) {
  arkjs_mailbox_wait_for_reporters(function->env);
  function->env->hooks->free_function(function);
  if (function->original) arkjs_function_release(function->original);
  if (function->library) arkjs_library_release(function->library);
  ark_mapping_release(function->mapping);
  if (function->release_mapping) ark_mapping_release_code(function->release_mapping);
  arkjs_call_types_release(function->types);
  arkjs_env_release(function->env);
  ark_free(function->parameters);
  ark_free(function);
}

static bool function_is_closed_itself(const arkjs_function *function) {
  return function->original ? function->original->is_closed : function->is_closed;
}

ark_status arkjs_function_fail_closed(const arkjs_function *function, ark_error *error) {
  if (function->is_callback) {
    return ark_fail(error, ARK_CALLBACK_CLOSED, "%s: it has been closed", function->name);
  }
  const char *what = function_is_closed_itself(function) ? "the function" : "its library";
  return ark_fail(error, ARK_LIBRARY_CLOSED, "%s: %s has been closed", function->name, what);
}

bool arkjs_function_is_closed(const arkjs_function *function) {
  if (function_is_closed_itself(function)) return true;
  return function->library ? function->library->is_closed
                           : function->mapping && !ark_mapping_is_open(function->mapping);
}

ark_status arkjs_function_check_all(const arkjs_function *function, ark_error *error) {
  return arkjs_function_is_closed(function) ? arkjs_function_fail_closed(function, error) : ARK_OK;
}

ark_status arkjs_function_check_count(const arkjs_function *function, size_t count, ark_error *error) {
  size_t wanted = function->signature->count;
  if (count == wanted) return ARK_OK;
  return ark_fail(error, ARK_ARG_COUNT, "%s: expected %zu argument%s, got %zu", function->name, wanted,
                  wanted == 1 ? "" : "s", count);
}

/* Creating functions. */

/* Creates a function without an address. The caller gets a reference. Takes over a reference to the types in every
 * case. */
static ark_status function_create(arkjs_env *env, const char *name, arkjs_call_types *types, arkjs_call_flags flags,
                                  arkjs_function **out, ark_error *error) {
  size_t length = strlen(name);
  arkjs_function *function = ark_alloc(1, offsetof(arkjs_function, name) + length + 1);
  if (!function) {
    arkjs_call_types_release(types);
    return ark_fail_memory(error);
  }
  function->references = 1;
  function->env = env;
  arkjs_env_retain(env);
  function->flags = flags;
  function->types = types;
  function->signature = types->signature;
  function->plan = types->plan;
  memcpy(function->name, name, length + 1);
  arkjs_mailbox_wait_for_reporters(env);
  *out = function;
  return ARK_OK;
}

/* Creates a function of the same types. */
static ark_status function_create_like(const arkjs_function *function, arkjs_call_flags flags, arkjs_function **out,
                                       ark_error *error) {
  arkjs_call_types_retain(function->types);
  return function_create(function->env, function->name, function->types, flags, out, error);
}

ark_status arkjs_function_name_parameters(arkjs_function *function, const char *parameters, ark_error *error) {
  if (!parameters) return ARK_OK;
  function->parameters = ark_copy_text(parameters, strlen(parameters));
  return function->parameters ? ARK_OK : ark_fail_memory(error);
}

/* Puts the name of the function before the reason why its types are wrong. */
static ark_status function_named_failure(ark_status status, const char *name, ark_error *error) {
  if (status != ARK_BAD_SIGNATURE && status != ARK_NOT_SUPPORTED) return status;
  ark_error reason = *error;
  return ark_fail(error, status, "%s: %s", name, reason.message);
}

ark_status arkjs_function_of_types(const arkjs_request *request, const char *name, const arkjs_type_text *text,
                                   arkjs_call_flags flags, arkjs_function **out) {
  arkjs_call_types *types;
  ark_status status = arkjs_call_types_find(request->env, text->args, text->result, &types, request->error);
  if (!status) status = function_create(request->env, name, types, flags, out, request->error);
  return function_named_failure(status, name, request->error);
}

ark_status arkjs_function_of_code(arkjs_env *env, const char *name, const ark_signature *signature,
                                  ark_c_function entry, arkjs_call_flags flags, arkjs_function **out,
                                  ark_error *error) {
  arkjs_call_types *types;
  ark_status status = arkjs_call_types_of(signature, &types, error);
  if (!status) status = function_create(env, name, types, flags, out, error);
  if (status) return status;
  (*out)->code = entry;
  (*out)->is_callback = true;
  return ARK_OK;
}

/* Makes *out a variant of the function. If this fails, *out is released. */
static ark_status function_make_variant(arkjs_function *function, arkjs_function **out, ark_error *error) {
  ark_status status = arkjs_function_name_parameters(*out, function->parameters, error);
  if (status) {
    arkjs_function_release(*out);
    return status;
  }
  (*out)->code = function->code;
  (*out)->original = function->original ? function->original : function;
  arkjs_function_retain((*out)->original);
  (*out)->release = function->release; /* the original keeps its code mapped */
  (*out)->library = function->library;
  if (function->library) arkjs_library_retain(function->library);
  (*out)->mapping = function->mapping;
  if (function->mapping) ark_mapping_retain(function->mapping);
  return ARK_OK;
}

ark_status arkjs_function_with_flags(arkjs_function *function, arkjs_call_flags flags, arkjs_function **out,
                                     ark_error *error) {
  ark_status status = function_create_like(function, function->flags | flags, out, error);
  return status ? status : function_make_variant(function, out, error);
}

ark_status arkjs_function_with_types(const arkjs_request *request, arkjs_function *function, arkjs_function **out) {
  arkjs_type_text text;
  ark_status status = arkjs_types_argument(request, 0, &text);
  if (!status) status = arkjs_function_of_types(request, function->name, &text, function->flags, out);
  return status ? status : function_make_variant(function, out, request->error);
}

ark_status arkjs_function_held(const arkjs_function *function, arkjs_function **out, ark_error *error) {
  ark_status status = arkjs_function_check(function, error);
  if (!status) status = function_create_like(function, function->flags, out, error);
  if (status) return status;
  (*out)->code = function->code;
  bool is_gone = function->mapping && !ark_mapping_acquire_code(function->mapping);
  if (!is_gone) {
    (*out)->release_mapping = function->mapping;
    return ARK_OK;
  }
  arkjs_function_release(*out);
  return arkjs_function_fail_closed(function, error);
}
