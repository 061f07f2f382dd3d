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
  ark_plan_free(function->plan);
  ark_signature_free(function->signature);
  arkjs_env_release(function->env);
  ark_free(function->name);
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

/* Creates a function without an address. The caller gets a reference. Takes ownership of the signature in every case.
 */
static ark_status function_create(arkjs_env *env, const char *name, ark_signature *signature, arkjs_call_flags flags,
                                  arkjs_function **out, ark_error *error) {
  arkjs_function *function = ark_alloc(1, sizeof *function);
  if (!function) {
    ark_signature_free(signature);
    return ark_fail_memory(error);
  }
  function->references = 1;
  function->env = env;
  arkjs_env_retain(env);
  function->flags = flags;
  function->signature = signature;
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    if (type->kind == ARK_KIND_POINTER) function->takes_pointers = true;
    if (type->kind == ARK_KIND_STRING) function->takes_text = true;
    if (type->kind == ARK_KIND_AGGREGATE) function->takes_objects = true;
    if (type->id == ARK_TYPE_CALLBACK) function->takes_callbacks = true;
  }
  if (function->takes_pointers || function->takes_text) function->takes_objects = true;
  function->name = ark_copy_text(name, strlen(name));
  ark_status status = function->name ? ark_plan_create(signature, &function->plan, error) : ark_fail_memory(error);
  if (status) {
    arkjs_function_release(function);
    return status;
  }
  arkjs_mailbox_wait_for_reporters(env);
  *out = function;
  return ARK_OK;
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
  ark_signature *signature;
  ark_status status = ark_signature_parse(text->args, text->result, &signature, request->error);
  if (!status) status = function_create(request->env, name, signature, flags, out, request->error);
  return function_named_failure(status, name, request->error);
}

ark_status arkjs_function_of_code(arkjs_env *env, const char *name, const ark_signature *signature,
                                  ark_c_function entry, arkjs_call_flags flags, arkjs_function **out,
                                  ark_error *error) {
  ark_signature *copy;
  ark_status status = ark_signature_copy(signature, &copy, error);
  if (!status) status = function_create(env, name, copy, flags, out, error);
  if (status) return status;
  (*out)->code = entry;
  (*out)->is_callback = true;
  return ARK_OK;
}

/* Takes ownership of the signature in every case. */
static ark_status function_create_variant(arkjs_function *function, ark_signature *signature, arkjs_call_flags flags,
                                          arkjs_function **out, ark_error *error) {
  ark_status status = function_create(function->env, function->name, signature, flags, out, error);
  if (status) return status;
  status = arkjs_function_name_parameters(*out, function->parameters, error);
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
  ark_signature *copy;
  ark_status status = ark_signature_copy(function->signature, &copy, error);
  return status ? status : function_create_variant(function, copy, function->flags | flags, out, error);
}

ark_status arkjs_function_with_types(const arkjs_request *request, arkjs_function *function, arkjs_function **out) {
  arkjs_type_text text;
  ark_signature *signature;
  ark_status status = arkjs_types_argument(request, 0, &text);
  if (!status) status = ark_signature_parse(text.args, text.result, &signature, request->error);
  if (!status) status = function_create_variant(function, signature, function->flags, out, request->error);
  return function_named_failure(status, function->name, request->error);
}

ark_status arkjs_function_held(const arkjs_function *function, arkjs_function **out, ark_error *error) {
  ark_signature *copy;
  ark_status status = arkjs_function_check(function, error);
  if (!status) status = ark_signature_copy(function->signature, &copy, error);
  if (!status) status = function_create(function->env, function->name, copy, function->flags, out, error);
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
