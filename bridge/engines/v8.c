#include "engines/v8.h"
#include "arkffi/alloc.h"
#include "engines/fast_calls.h"
#include "engines/portable.h"
#include "engines/v8_enter.h"
#include "engines/v8_strings.h"
#include "env/other_ways.h"
#include "env/plain.h"
#include "v8/buffer_argument.h"
#include "v8/create.h"
#include "v8/string_argument.h"
#include <string.h>

/* A thunk that the host calls, for one C function. */
typedef struct arkjs_v8_stub {
  struct arkjs_v8_family *family;
  struct arkjs_v8_stub *next_idle;
} stub;

/* All C functions that pass values in the same way. V8 has one function for all of them, whose thunk is given the
 * address of the C function; where the host makes the calls, each C function has a thunk of its own. */
struct arkjs_v8_family {
  struct arkjs_v8_family *next;
  napi_ref function; /* V8's; NULL where the host calls the thunks */
  ark_thunks *thunks;
  size_t used;
  stub *idle;
  ark_abi abi; /* of the C functions */
  ark_thunk_kind kind;
  char key[ARKJS_V8_KEY_SIZE];
  stub stubs[]; /* one for each thunk, by its number; none for V8 */
};

/* Whether C may re-enter JavaScript during a fast call. */
static bool v8_reenters(const arkjs_env *env) {
  return env->v8->symbols->major >= 13;
}

/* Functions. */

static void v8_write_key(const ark_signature *signature, char *out) {
  for (size_t i = 0; i < signature->count; i++) {
    *out++ = arkjs_v8_letter(ark_thunk_passing(signature->parameters[i].type));
  }
  *out++ = arkjs_v8_letter(ark_thunk_passing(signature->result));
  *out = '\0';
}

/* The description for V8, which passes the address of the C function after its arguments. If C may re-enter JavaScript,
 * V8 gets no result: V8 14 ends the process when it has to give one to code that was deoptimised during the call, which
 * a callback can cause. */
static const arkjs_v8_info *v8_describe(const arkjs_env *env, const char *key, bool may_reenter) {
  char described[ARKJS_V8_KEY_SIZE];
  size_t count = strlen(key) - 1;
  char result = key[count];
  /* Otherwise void is described as a number, so undefined can only mean that C was not called. */
  if (may_reenter)
    result = arkjs_v8_letter(ARK_PASS_NOTHING);
  else if (result == arkjs_v8_letter(ARK_PASS_NOTHING))
    result = arkjs_v8_letter(ARK_PASS_INT32);
  memcpy(described, key, count);
  described[count] = arkjs_v8_letter(ARK_PASS_DOUBLE);
  described[count + 1] = result;
  described[count + 2] = '\0';
  return arkjs_v8_describe(env->v8->symbols, described);
}

/* Sets the function of a family of V8's. */
static ark_status v8_create_function(arkjs_env *env, struct arkjs_v8_family *family, ark_error *error) {
  const arkjs_v8_info *info = v8_describe(env, family->key, family->kind == ARK_THUNK_STORING);
  ark_c_function thunk = ark_thunks_code(family->thunks, 0);
  napi_value function = info ? arkjs_v8_create(env->v8->symbols, info, (const void *)(uintptr_t)thunk) : NULL;
  if (!function) return ark_fail_memory(error);
  return arkjs_host_status(env, napi_create_reference(env->napi, function, 1, &family->function), error);
}

static void v8_free_family(struct arkjs_v8_family *family) {
  ark_thunks_free(family->thunks);
  ark_free(family);
}

static ark_status v8_create_family(arkjs_env *env, const ark_signature *signature, const char *key, ark_thunk_kind kind,
                                   struct arkjs_v8_family **out, ark_error *error) {
  ark_thunks *thunks;
  bool is_of_v8 = kind != ARK_THUNK_MARKING;
  uint8_t *mark = &env->v8->gates[is_of_v8 ? ARKJS_GATE_CALLING : ARKJS_GATE_ON_STACK];
  ark_status status = ark_thunks_create(signature, kind, &env->v8->results->u64, mark, &thunks, error);
  if (status) return status;
  size_t count = is_of_v8 ? 0 : ark_thunks_count(thunks);
  struct arkjs_v8_family *created = ark_alloc(1, sizeof *created + count * sizeof created->stubs[0]);
  if (!created) {
    ark_thunks_free(thunks);
    return ark_fail_memory(error);
  }
  created->thunks = thunks;
  created->abi = signature->abi;
  created->kind = kind;
  memcpy(created->key, key, strlen(key) + 1);
  status = is_of_v8 ? v8_create_function(env, created, error) : ARK_OK;
  if (status) {
    v8_free_family(created);
    return status;
  }
  created->next = env->v8->families;
  *out = env->v8->families = created;
  return ARK_OK;
}

/* The family of a signature, which has V8's function, or at least one free stub. */
static ark_status v8_find_family(arkjs_env *env, const ark_signature *signature, ark_thunk_kind kind,
                                 struct arkjs_v8_family **out, ark_error *error) {
  char key[ARKJS_V8_KEY_SIZE];
  v8_write_key(signature, key);
  for (struct arkjs_v8_family *one = env->v8->families; one; one = one->next) {
    if (one->kind != kind || one->abi != signature->abi || strcmp(one->key, key) != 0) continue;
    *out = one;
    if (one->function || one->idle || one->used < ark_thunks_count(one->thunks)) return ARK_OK;
  }
  return v8_create_family(env, signature, key, kind, out, error);
}

static stub *v8_take_stub(struct arkjs_v8_family *family) {
  stub *taken = family->idle;
  if (taken) {
    family->idle = taken->next_idle;
    return taken;
  }
  taken = &family->stubs[family->used++];
  taken->family = family;
  return taken;
}

static void v8_release_stub(stub *released) {
  if (!released) return;
  released->next_idle = released->family->idle;
  released->family->idle = released;
}

void arkjs_v8_release_function(arkjs_function *function) {
  ark_free(function->memory);
  if (!function->library) arkjs_v8_release_gate(function->env, function->gate);
  v8_release_stub(function->thunk);
}

ark_status arkjs_v8_take_thunk(arkjs_function *function, ark_c_function *out, ark_error *error) {
  struct arkjs_v8_family *family = NULL;
  function->env->v8->is_marked = true;
  if (!function->thunk) {
    ark_status status = v8_find_family(function->env, function->signature, ARK_THUNK_MARKING, &family, error);
    if (status) return status;
    function->thunk = v8_take_stub(family);
    ark_thunks_set_target(family->thunks, (size_t)(function->thunk - family->stubs), function->code);
  }
  const stub *taken = function->thunk;
  *out = ark_thunks_code(taken->family->thunks, (size_t)(taken - taken->family->stubs));
  return ARK_OK;
}

/* V8 passes addresses as doubles. */
static bool v8_can_pass(ark_c_function code) {
  return (uintptr_t)code <= (UINT64_C(1) << 53);
}

/* Returns the gate of the C function with the given number, or undefined when V8 must not call it. */
static napi_value v8_gate_of(napi_env napi, napi_callback_info info) {
  arkjs_env *env;
  napi_value result = NULL;
  arkjs_function *function = arkjs_fast_callee(napi, info, &env);
  if (!function) return NULL;
  arkjs_other_ways_look(env);
  if (!ark_thunks_support(function->signature) || !v8_can_pass(function->code) || !arkjs_fast_may_call(function) ||
      !(function->gate || arkjs_fast_find_gate(function)))
    return NULL;
  return napi_create_uint32(napi, function->gate, &result) == napi_ok ? result : NULL;
}

/* Returns V8's function for C functions of the types of that with the given number, or undefined when there is none. */
static napi_value v8_function_of(napi_env napi, napi_callback_info info, ark_thunk_kind kind) {
  arkjs_env *env;
  napi_value result = NULL;
  struct arkjs_v8_family *family = NULL;
  arkjs_function *function = arkjs_fast_callee(napi, info, &env);
  if (!function || !function->gate || (kind == ARK_THUNK_STORING && !v8_reenters(env))) return NULL;
  ark_status status = v8_find_family(env, function->signature, kind, &family, &env->error);
  if (!status) status = arkjs_host_status(env, napi_get_reference_value(napi, family->function, &result), &env->error);
  if (!status) return result;
  if (status == ARK_NO_MEMORY) return NULL; /* for code: another engine can call the function */
  arkjs_throw(env, status, &env->error);
  return NULL;
}

static napi_value v8_fast_of(napi_env napi, napi_callback_info info) {
  return v8_function_of(napi, info, ARK_THUNK_RETURNING);
}

/* The one for calls in which C may come back to JavaScript. */
static napi_value v8_reentrant_of(napi_env napi, napi_callback_info info) {
  return v8_function_of(napi, info, ARK_THUNK_STORING);
}

/* Opening the engine. */

/* Tests whether code can be created and works: calls a thunk with an argument of each kind as V8 would. */
static double v8_add_all(int32_t word, double number, float fraction, int64_t wide) {
  return word + number + (double)fraction + (double)wide;
}

static ark_status v8_test_thunk(ark_error *error) {
  ark_signature *signature;
  ark_thunks *thunks = NULL;
  uint64_t result = 0;
  uint8_t called = 0;
  double sum;
  ark_status status = ark_signature_parse("idfl", "d", &signature, error);
  if (status) return status;
  if (!ark_thunks_support(signature)) {
    status = ark_fail(error, ARK_NO_ENGINE, "openV8: no code can be made for this processor");
  } else if (ark_thunks_create(signature, ARK_THUNK_STORING, &result, &called, &thunks, error)) {
    status = ark_fail(error, ARK_NO_ENGINE, "openV8: no memory can be made executable here");
  }
  if (!status) {
    void (*add)(void *, int32_t, double, float, double, double) =
        (void (*)(void *, int32_t, double, float, double, double))ark_thunks_code(thunks, 0);
    add(NULL, -1, 0.5, 0.25F, 0x1p40, (double)(uintptr_t)v8_add_all);
    memcpy(&sum, &result, sizeof sum);
    if (!called || sum != 0x1p40 - 0.25) {
      status = ark_fail(error, ARK_NO_ENGINE, "openV8: code that was made here does not work");
    }
  }
  ark_thunks_free(thunks);
  ark_signature_free(signature);
  return status;
}

static napi_status v8_share_number(arkjs_env *env, const char *name, uintptr_t value, napi_value out) {
  napi_value number;
  napi_status status = napi_create_double(env->napi, (double)value, &number);
  return status == napi_ok ? arkjs_plain_set(env->napi, out, name, number) : status;
}

/* Adds a C function that V8 calls with any value and an address. Does nothing when `put` is NULL. */
static napi_status v8_share_putter(arkjs_env *env, const char *name, int32_t (*put)(const void *, napi_value, double),
                                   napi_value out) {
  const char key[] = {ARKJS_V8_HANDLE, arkjs_v8_letter(ARK_PASS_DOUBLE), arkjs_v8_letter(ARK_PASS_INT32), '\0'};
  if (!put) return napi_ok;
  const arkjs_v8_info *info = arkjs_v8_describe(env->v8->symbols, key);
  napi_value function = info ? arkjs_v8_create(env->v8->symbols, info, (const void *)(uintptr_t)put) : NULL;
  return function ? arkjs_plain_set(env->napi, out, name, function) : napi_generic_failure;
}

/* Adds the functions that pass strings and buffers to C, and the addresses that they write to. */
static napi_status v8_share_putters(arkjs_env *env, napi_value out) {
  napi_value putters;
  uintptr_t slot = (uintptr_t)(arkjs_slots_values(env) + 1);
  napi_status status = v8_share_number(env, "cellAddress", slot, out);
  if (status == napi_ok) status = v8_share_number(env, "textAddress", (uintptr_t)env->v8->texts, out);
  if (status == napi_ok) status = v8_share_number(env, "textSize", ARKJS_V8_TEXT_ROOM, out);
  if (status == napi_ok) status = napi_create_object(env->napi, &putters);
  if (status == napi_ok) status = arkjs_plain_set(env->napi, out, "putters", putters);
  if (status == napi_ok) status = v8_share_putter(env, "putText", env->v8->put_text, putters);
  if (status != napi_ok) return status;
  return v8_share_putter(env, "putAddress", arkjs_v8_address_putter(env, env->v8->symbols), putters);
}

static napi_status v8_share_function(arkjs_env *env, const char *name, napi_callback callback, napi_value out) {
  napi_value function;
  napi_status status = napi_create_function(env->napi, name, NAPI_AUTO_LENGTH, callback, env, &function);
  return status == napi_ok ? arkjs_plain_set(env->napi, out, name, function) : status;
}

static napi_status v8_share(arkjs_env *env, napi_value *out) {
  napi_status status = arkjs_fast_share(env, out);
  if (status == napi_ok) status = v8_share_function(env, "gateOf", v8_gate_of, *out);
  if (status == napi_ok) status = v8_share_function(env, "fastOf", v8_fast_of, *out);
  if (status == napi_ok) status = v8_share_function(env, "reentrantOf", v8_reentrant_of, *out);
  if (status == napi_ok) status = arkjs_v8_share_enter(env, env->v8->symbols, *out);
  if (status == napi_ok) status = arkjs_v8_share_results(env, env->v8->symbols, *out);
  if (status == napi_ok) status = v8_share_putters(env, *out);
  return status == napi_ok ? napi_create_reference(env->napi, *out, 1, &env->v8->shared) : status;
}

/* Looks for other ways into JavaScript: called when a native module has been loaded. */
static napi_value v8_look(napi_env napi, napi_callback_info info) {
  void *data;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  arkjs_other_ways_look(data);
  return NULL;
}

/* Node.js loads each native module by the function that process.dlopen is at that time. The replacement passes
 * everything on. Without one, arkffi notices a native module when a function is defined. */
static const char v8_watch_text[] =
    "(function (look) {\n"
    "  'use strict';\n"
    "  const { process } = globalThis, { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;\n"
    "  const own = process && getOwnPropertyDescriptor(process, 'dlopen');\n"
    "  if (!own || typeof own.value !== 'function' || !own.configurable) return;\n"
    "  const { value: original } = own;\n"
    "  const { dlopen } = {\n"
    "    dlopen() {\n"
    "      try {\n"
    "        return apply(original, this, arguments);\n"
    "      } finally {\n"
    "        look();\n"
    "      }\n"
    "    },\n"
    "  };\n"
    "  for (const key of ['name', 'length']) {\n"
    "    const one = getOwnPropertyDescriptor(original, key);\n"
    "    if (one) defineProperty(dlopen, key, one);\n"
    "  }\n"
    "  defineProperty(process, 'dlopen', { __proto__: null, value: dlopen });\n"
    "})";

/* Is not needed for the engine to work, so a failure is ignored. */
static void v8_watch_modules(arkjs_env *env) {
  napi_env napi = env->napi;
  napi_value text, watch, look, ignored;
  napi_status status = napi_create_string_latin1(napi, v8_watch_text, sizeof v8_watch_text - 1, &text);
  if (status == napi_ok) status = napi_run_script(napi, text, &watch);
  if (status == napi_ok) status = napi_create_function(napi, "look", NAPI_AUTO_LENGTH, v8_look, env, &look);
  if (status == napi_ok) status = napi_get_undefined(napi, &ignored);
  if (status == napi_ok) status = napi_call_function(napi, ignored, watch, 1, &look, NULL);
  if (status != napi_ok) arkjs_host_take_exception(napi);
}

static ark_status v8_create(arkjs_env *env, const arkjs_v8_symbols *symbols, ark_error *error) {
  /* This test comes first: it notices a V8 whose heap has another layout, such as one with pointer compression, and
   * reads only memory that exists in any V8. The tests of buffers follow pointers in the heap. */
  arkjs_v8_put_text *put_text = arkjs_v8_text_putter(env);
  if (!put_text)
    return ark_fail(error, ARK_NO_ENGINE, "openV8: this V8 lays out strings in another way than its version tells");
  ark_status status = v8_test_thunk(error);
  if (status) return status;
  struct arkjs_v8 *v8 = ark_alloc(1, sizeof *v8);
  char *texts = ark_resize(NULL, (size_t)ARK_MAX_THUNK_ARGS * ARKJS_V8_TEXT_ROOM);
  if (!v8 || !texts) {
    ark_free(v8);
    ark_free(texts);
    return ark_fail_memory(error);
  }
  v8->texts = texts;
  v8->put_text = put_text;
  v8->symbols = symbols;
  v8->gate_count = ARKJS_GATE_FIRST;
  env->v8 = v8;
  return ARK_OK;
}

ark_status arkjs_open_v8(const arkjs_request *request, napi_value *result) {
  arkjs_env *env = request->env;
  const char *reason;
  const arkjs_v8_symbols *symbols = arkjs_v8_find(&reason);
  if (!symbols) return ark_fail(request->error, ARK_NO_ENGINE, "%s: %s", request->function, reason);
  if (!env->slots) return ARK_OK;
  if (env->v8 && env->v8->shared) {
    return arkjs_host_status(env, napi_get_reference_value(env->napi, env->v8->shared, result), request->error);
  }
  ark_status status = env->v8 ? ARK_OK : v8_create(env, symbols, request->error);
  if (!status) status = arkjs_host_status(env, v8_share(env, result), request->error);
  if (status && env->v8 && !env->v8->gates) {
    arkjs_v8_free(env);
    env->v8 = NULL;
  }
  if (status) return status;
  arkjs_other_ways_look(env);
  arkjs_v8_update_gates(env);
  v8_watch_modules(env);
  return ARK_OK;
}

void arkjs_v8_end(arkjs_env *env) {
  env->calls_by_host = NULL;
  if (!env->v8) return;
  if (env->v8->buffer) napi_delete_reference(env->napi, env->v8->buffer);
  if (env->v8->shared) napi_delete_reference(env->napi, env->v8->shared);
  if (env->v8->thrown) napi_delete_reference(env->napi, env->v8->thrown);
  for (struct arkjs_v8_family *one = env->v8->families; one; one = one->next) {
    if (one->function) napi_delete_reference(env->napi, one->function);
  }
}

void arkjs_v8_free(arkjs_env *env) {
  if (!env->v8) return;
  for (struct arkjs_v8_family *one = env->v8->families, *next; one; one = next) {
    next = one->next;
    v8_free_family(one);
  }
  ark_free(env->v8->texts);
  ark_free(env->v8);
}
