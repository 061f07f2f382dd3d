/* The native module: the table of its functions, and the one way into each of them. */
#include "arkffi/alloc.h"
#include "arkffi/memory_access.h"
#include "arkffi/signature.h"
#include "async/slot_calls.h"
#include "engines/host_calls.h"
#include "engines/portable.h"
#include "engines/scalars.h"
#include "engines/v8.h"
#include "env/plain.h"
#include "exports/bound.h"
#include "exports/callbacks.h"
#include "exports/declarations.h"
#include "exports/errors.h"
#include "exports/external.h"
#include "exports/functions.h"
#include "exports/libraries.h"
#include "exports/lifecycle.h"
#include "exports/memory.h"
#include "exports/settings.h"
#include "exports/version.h"

/* Sets *result, which is undefined before, or fails. The failure is thrown, or rejects a promise for an asynchronous
 * function. */
typedef ark_status (*arkjs_body)(const arkjs_request *request, napi_value *result);

/* How a function reports a failure. */
typedef enum outcome { THROWS, REJECTS } outcome;

/* Who calls a function: any program, or arkffi's TypeScript only. A loop over the module does not list the latter. */
typedef enum audience { PUBLIC, INNER } audience;

typedef struct exported {
  const char *name;
  arkjs_body body;
  size_t least, most; /* the least and the greatest number of arguments */
  outcome outcome;
  audience audience;
} exported;

/* Returns a global variable of the realm that the module belongs to. */
static ark_status module_global_of(const arkjs_request *request, napi_value *result) {
  napi_env napi = request->env->napi;
  const char *name;
  napi_value global;
  ark_status status = arkjs_text_argument(request, 0, &name);
  if (status) return status;
  napi_status host = napi_get_global(napi, &global);
  if (host == napi_ok) host = napi_get_named_property(napi, global, name, result);
  return arkjs_host_status(request->env, host, request->error);
}

/* Evaluates a text. The result is created anew each time, so that the host optimises it separately. It caches the
 * compiled text. */
static ark_status module_evaluate(const arkjs_request *request, napi_value *result) {
  napi_status host = napi_run_script(request->env->napi, request->values[0], result);
  return arkjs_host_status(request->env, host, request->error);
}

static const exported module_functions[] = {
    {"load", arkjs_load, 1, 1, THROWS, PUBLIC},
    {"close", arkjs_close, 1, 1, THROWS, PUBLIC},
    {"defineFunction", arkjs_define_function, 4, 4, THROWS, PUBLIC},
    {"callBySig", arkjs_call_by_sig, 4, 4, THROWS, PUBLIC},
    {"callMixed", arkjs_call_mixed, 6, 6, THROWS, PUBLIC},
    {"callString", arkjs_call_string, 2, 2, THROWS, PUBLIC},
    {"callPtr", arkjs_call_ptr, 5, 5, THROWS, PUBLIC},
    {"callAsync", arkjs_call_async, 6, 6, REJECTS, PUBLIC},
    {"callPtrAsync", arkjs_call_ptr_async, 5, 5, REJECTS, PUBLIC},
    {"callStringAsync", arkjs_call_string_async, 2, 2, REJECTS, PUBLIC},
    {"getSymbolPtr", arkjs_get_symbol_ptr, 2, 2, THROWS, PUBLIC},
    {"readCString", arkjs_read_c_string, 1, 2, THROWS, PUBLIC},
    {"readMemory", arkjs_read_memory, 2, 2, THROWS, PUBLIC},
    {"writeMemory", arkjs_write_memory, 2, 2, THROWS, PUBLIC},
    {"ptr", arkjs_ptr, 1, 2, THROWS, PUBLIC},
    {"createCallback", arkjs_create_callback, 3, 4, THROWS, PUBLIC},
    {"getCallbackPtr", arkjs_get_callback_ptr, 1, 1, THROWS, PUBLIC},
    {"getCallbackThreadsafe", arkjs_get_callback_threadsafe, 1, 1, THROWS, PUBLIC},
    {"invokeCallback", arkjs_invoke_callback, 1, 1 + ARK_MAX_ARGS, THROWS, PUBLIC},
    {"callCallbackThreadSafe", arkjs_call_callback_thread_safe, 2, 2, THROWS, PUBLIC},
    {"destroyCallback", arkjs_destroy_callback, 1, 1, THROWS, PUBLIC},
    {"configure", arkjs_configure, 1, 1, THROWS, PUBLIC},
    {"finishErrors", arkjs_finish_errors, 3, 3, THROWS, INNER},
    {"bind", arkjs_bind, 4, 7, THROWS, INNER},
    {"canBind", arkjs_can_bind, 4, 4, THROWS, INNER},
    {"bindAddress", arkjs_bind_address, 4, 6, THROWS, INNER},
    {"callOf", arkjs_call_of, 1, 1, THROWS, INNER},
    {"moreOf", arkjs_more_of, 1, 1, THROWS, INNER},
    {"openCalls", arkjs_open_calls, 0, 0, THROWS, INNER},
    {"bindCallback", arkjs_bind_callback, 3, 5, THROWS, INNER},
    {"openLibrary", arkjs_open_library, 1, 5, THROWS, INNER},
    {"findLibrary", arkjs_find_library, 1, 1, THROWS, INNER},
    {"symbolPtr", arkjs_symbol_ptr, 3, 3, THROWS, INNER},
    {"listSymbols", arkjs_list_symbols, 1, 1, THROWS, INNER},
    {"readText", arkjs_read_text, 2, 2, THROWS, INNER},
    {"encodeText", arkjs_encode_text, 2, 2, THROWS, INNER},
    {"readInto", arkjs_read_into, 2, 2, THROWS, INNER},
    {"toArrayBuffer", arkjs_to_array_buffer, 2, 3, THROWS, INNER},
    {"allocate", arkjs_allocate, 1, 1, THROWS, INNER},
    {"release", arkjs_release, 1, 1, THROWS, INNER},
    {"detach", arkjs_detach, 1, 1, THROWS, INNER},
    {"checkOpen", arkjs_check_open, 2, 2, THROWS, INNER},
    {"globalOf", module_global_of, 1, 1, THROWS, INNER},
    {"evaluate", module_evaluate, 1, 1, THROWS, INNER},
    {"openV8", arkjs_open_v8, 0, 0, THROWS, INNER},
    {"openHostCalls", arkjs_open_host_calls, 0, 0, THROWS, INNER},
    {"openSlots", arkjs_open_slots, 0, 0, THROWS, INNER},
    {"openScalars", arkjs_open_scalars, 0, 0, THROWS, INNER},
    {"openWaves", arkjs_open_waves, 1, 1, THROWS, INNER},
    {"holdCallback", arkjs_hold_callback, 2, 2, THROWS, INNER},
    {"openLane", arkjs_open_lane, 2, 2, THROWS, INNER},
    {"openCancelGroup", arkjs_open_cancel_group, 0, 0, THROWS, INNER},
    {"closeCancelGroup", arkjs_close_cancel_group, 1, 1, THROWS, INNER},
    {"cancelCalls", arkjs_cancel_calls, 2, 2, THROWS, INNER},
    {"layoutOf", arkjs_layout_of, 1, 1, THROWS, INNER},
    {"parseDeclarations", arkjs_parse_declarations, 1, 1, THROWS, INNER},
};
enum { FUNCTION_COUNT = sizeof module_functions / sizeof module_functions[0] };

/* The data of one of the module's JavaScript functions. Each environment owns an array of them. */
typedef struct arkjs_binding {
  arkjs_env *env;
  const exported *function;
} arkjs_binding;

static ark_status module_check_count(const exported *function, size_t count, ark_error *error) {
  if (count >= function->least && count <= function->most) return ARK_OK;
  if (function->least == function->most) {
    return ark_fail(error, ARK_ARG_COUNT, "%s: expected %zu argument%s, got %zu", function->name, function->least,
                    function->least == 1 ? "" : "s", count);
  }
  return ark_fail(error, ARK_ARG_COUNT, "%s: expected %zu to %zu arguments, got %zu", function->name, function->least,
                  function->most, count);
}

/* Every call of one of the module's functions enters here. */
static napi_value module_enter(napi_env napi, napi_callback_info info) {
  napi_value values[1 + ARK_MAX_ARGS], result = NULL;
  size_t few = 8, count = few;
  void *data;
  napi_get_cb_info(napi, info, &count, values, NULL, &data);
  const arkjs_binding *binding = data;
  const exported *function = binding->function;

  ark_error error;
  ark_scratch scratch;
  ark_arena arena;
  ark_arena_init(&arena, &scratch);
  ark_status status = module_check_count(function, count, &error);
  if (!status) {
    if (count > few) napi_get_cb_info(napi, info, &count, values, NULL, NULL);
    arkjs_request request = {binding->env, &arena, function->name, count, values, &error};
    status = function->body(&request, &result);
  }
  ark_arena_clear(&arena);
  if (!status) return result;
  if (function->outcome == REJECTS) return arkjs_rejected(binding->env, status, &error);
  arkjs_throw(binding->env, status, &error);
  return NULL;
}

static napi_status module_define(napi_env napi, napi_value module, const char *name, napi_value value, bool is_listed) {
  napi_property_attributes attributes = napi_writable | napi_configurable | (is_listed ? napi_enumerable : 0);
  const napi_property_descriptor property = {.utf8name = name, .value = value, .attributes = attributes};
  return napi_define_properties(napi, module, 1, &property);
}

static napi_status module_export_platform_types(napi_env napi, napi_value module) {
  napi_value types, code;
  napi_status status = napi_create_object(napi, &types);
  const char *name;
  for (size_t i = 0; status == napi_ok && (name = ark_type_alias(i)); i++) {
    status = napi_create_string_latin1(napi, &ark_type_of_alias(name)->code, 1, &code);
    if (status == napi_ok) status = arkjs_plain_set(napi, types, name, code);
  }
  return status == napi_ok ? module_define(napi, module, "platformTypes", types, false) : status;
}

static napi_status module_export_long_double(napi_env napi, napi_value module) {
  napi_value digits;
  napi_status status = napi_create_uint32(napi, (uint32_t)ark_long_double_digits(), &digits);
  return status == napi_ok ? module_define(napi, module, "longDoubleDigits", digits, false) : status;
}

static napi_status module_export_place_key(const arkjs_env *env, napi_value module) {
  napi_value key;
  napi_status status = napi_get_reference_value(env->napi, env->intrinsics.place_key, &key);
  return status == napi_ok ? module_define(env->napi, module, "placeKey", key, false) : status;
}

static napi_status module_export_text(napi_env napi, napi_value module, const char *name, const char *text) {
  napi_value value;
  napi_status status = napi_create_string_latin1(napi, text, NAPI_AUTO_LENGTH, &value);
  return status == napi_ok ? module_define(napi, module, name, value, false) : status;
}

static napi_status module_export_functions(arkjs_env *env, arkjs_binding *bindings, napi_value module) {
  napi_status status = napi_ok;
  for (size_t i = 0; i < FUNCTION_COUNT && status == napi_ok; i++) {
    const exported *function = &module_functions[i];
    napi_value value;
    bindings[i] = (arkjs_binding){env, function};
    status = napi_create_function(env->napi, function->name, NAPI_AUTO_LENGTH, module_enter, &bindings[i], &value);
    if (status == napi_ok)
      status = module_define(env->napi, module, function->name, value, function->audience == PUBLIC);
  }
  return status;
}

/* Checked mode: a property, and an environment variable for programs that cannot be changed. */

static napi_value module_get_checked(napi_env napi, napi_callback_info info) {
  (void)info;
  napi_value value = NULL;
  napi_get_boolean(napi, ark_memory_is_checked(), &value);
  return value;
}

static napi_value module_set_checked(napi_env napi, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  void *env;
  bool checked;
  napi_get_cb_info(napi, info, &count, &value, NULL, &env);
  if (napi_get_value_bool(napi, value, &checked) == napi_ok) {
    ark_memory_set_checked(checked);
    return NULL;
  }
  ark_error error;
  arkjs_throw(env, ark_fail(&error, ARK_INVALID_ARG_TYPE, "checked: expected a boolean"), &error);
  return NULL;
}

static napi_status module_export_checked(arkjs_env *env, napi_value module) {
  const napi_property_descriptor checked = {"checked",       NULL, NULL, module_get_checked, module_set_checked, NULL,
                                            napi_enumerable, env};
  return napi_define_properties(env->napi, module, 1, &checked);
}

/* NAPI_MODULE_INIT defines this one and declares only the other. */
NAPI_MODULE_EXPORT int32_t NODE_API_MODULE_GET_API_VERSION(void);

/* Runs each time an environment loads the module. */
NAPI_MODULE_INIT() {
  ark_error error;
  ark_status status = arkjs_read_variables(&error);
  if (status) {
    arkjs_throw_before(env, status, &error);
    return NULL;
  }
  arkjs_env *state = arkjs_lifecycle_begin(env);
  if (state) state->bindings = ark_alloc(FUNCTION_COUNT, sizeof(arkjs_binding));
  if (state && state->bindings && module_export_functions(state, state->bindings, exports) == napi_ok &&
      module_export_platform_types(env, exports) == napi_ok && module_export_long_double(env, exports) == napi_ok &&
      module_export_place_key(state, exports) == napi_ok && module_export_checked(state, exports) == napi_ok &&
      module_export_text(env, exports, "version", ARKJS_VERSION) == napi_ok &&
      module_export_text(env, exports, "contract", ARKJS_CONTRACT) == napi_ok) {
    return exports;
  }
  arkjs_throw_unloadable(env);
  return NULL;
}
