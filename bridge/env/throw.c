#include "env/throw.h"
#include "env/plain.h"
#include <string.h>

ark_status arkjs_host_status(arkjs_env *env, napi_status status, ark_error *error) {
  if (status == napi_ok) return ARK_OK;
  bool is_pending = false;
  napi_is_exception_pending(env->napi, &is_pending);
  if (is_pending) return ARKJS_PENDING;
  return ark_fail(error, ARK_NO_MEMORY, "the JavaScript engine could not go on (Node-API status %d)", (int)status);
}

typedef napi_status (*thrower)(napi_env env, const char *code, const char *message);

static thrower throw_of_status(ark_status status) {
  static const struct {
    thrower Error, TypeError, RangeError;
  } throwers = {napi_throw_error, napi_throw_type_error, napi_throw_range_error};
  switch (status) {
#define ARK_STATUS(id, js_class, summary)                                                                              \
  case ARK_##id:                                                                                                       \
    return throwers.js_class;
#include "../../core/def/status.def"
#undef ARK_STATUS
  default: return throwers.Error;
  }
}

/* Throws and catches the error, because not every host gives the result of napi_create_type_error its class. The code
 * is defined afterwards: Node-API would set it, which runs a setter of Object.prototype. NULL when that is impossible.
 */
static napi_value throw_create(arkjs_env *env, ark_status status, const ark_error *error) {
  napi_value code;
  throw_of_status(status)(env->napi, NULL, error->message);
  napi_value value = arkjs_host_take_exception(env->napi);
  if (value && napi_create_string_latin1(env->napi, ark_status_code(status), NAPI_AUTO_LENGTH, &code) == napi_ok) {
    arkjs_plain_set(env->napi, value, "code", code);
  }
  return value;
}

napi_value arkjs_unfinished_error_value(arkjs_env *env, ark_status status, const ark_error *error) {
  napi_value value = status == ARKJS_PENDING ? arkjs_host_take_exception(env->napi) : throw_create(env, status, error);
  if (!value) napi_get_undefined(env->napi, &value);
  return value;
}

/* If the function throws, which only an exhausted stack can cause, the error stays as it is. */
static void throw_finish(arkjs_env *env, napi_value made) {
  napi_value finish, nothing, ignored;
  napi_ref reference = env->intrinsics.finish_error;
  if (!reference || napi_get_reference_value(env->napi, reference, &finish) != napi_ok || !finish) return;
  if (napi_get_undefined(env->napi, &nothing) != napi_ok) return;
  if (napi_call_function(env->napi, nothing, finish, 1, &made, &ignored) == napi_pending_exception) {
    arkjs_host_take_exception(env->napi);
  }
}

napi_value arkjs_error_value(arkjs_env *env, ark_status status, const ark_error *error) {
  napi_value value = arkjs_unfinished_error_value(env, status, error);
  if (status != ARKJS_PENDING) throw_finish(env, value);
  return value;
}

void arkjs_throw(arkjs_env *env, ark_status status, const ark_error *error) {
  if (status != ARKJS_PENDING) arkjs_throw_value(env, arkjs_error_value(env, status, error));
}

/* An Error, which every host takes, with a value that the host refuses as its cause. */
static napi_value throw_wrap(arkjs_env *env, napi_value thrown) {
  napi_throw_error(env->napi, NULL, "a value that is no Error was thrown: the cause of this error");
  napi_value error = arkjs_host_take_exception(env->napi);
  if (error) arkjs_plain_set(env->napi, error, "cause", thrown);
  return error ? error : thrown;
}

static bool throw_get(arkjs_env *env, napi_ref reference, napi_value *out) {
  return reference && napi_get_reference_value(env->napi, reference, out) == napi_ok && *out;
}

void arkjs_throw_value(arkjs_env *env, napi_value thrown) {
  napi_value rethrow, nothing, ignored;
  if (arkjs_host_throw(env->napi, thrown)) return;
  if (!throw_get(env, env->intrinsics.rethrow, &rethrow)) {
    arkjs_host_throw(env->napi, throw_wrap(env, thrown));
  } else if (napi_get_undefined(env->napi, &nothing) == napi_ok) {
    napi_call_function(env->napi, nothing, rethrow, 1, &thrown, &ignored);
  }
}

/* Has a timer throw it. */
static bool throw_later(arkjs_env *env, napi_value thrown) {
  napi_value set_timeout, nothing, arguments[3] = {NULL, NULL, thrown};
  if (!throw_get(env, env->intrinsics.rethrow, &arguments[0])) return false;
  if (!throw_get(env, env->intrinsics.set_timeout, &set_timeout)) return false;
  napi_status status = napi_get_undefined(env->napi, &nothing);
  if (status == napi_ok) status = napi_create_int32(env->napi, 0, &arguments[1]);
  if (status == napi_ok) status = napi_call_function(env->napi, nothing, set_timeout, 3, arguments, NULL);
  if (status != napi_ok) arkjs_host_take_exception(env->napi);
  return status == napi_ok;
}

void arkjs_raise_value(arkjs_env *env, napi_value thrown) {
  if (arkjs_host_raise(env->napi, thrown) || throw_later(env, thrown)) return;
  arkjs_host_raise(env->napi, throw_wrap(env, thrown));
}

static napi_status throw_refer(napi_env napi, napi_value function, napi_ref *out) {
  napi_ref old = *out;
  napi_status status = napi_create_reference(napi, function, 1, out);
  if (status == napi_ok && old) napi_delete_reference(napi, old);
  return status;
}

ark_status arkjs_finish_errors_by(arkjs_env *env, napi_value finish, napi_value explain, napi_value rethrow,
                                  ark_error *error) {
  napi_status status = throw_refer(env->napi, finish, &env->intrinsics.finish_error);
  if (status == napi_ok) status = throw_refer(env->napi, explain, &env->intrinsics.explain_value);
  if (status == napi_ok) status = throw_refer(env->napi, rethrow, &env->intrinsics.rethrow);
  return arkjs_host_status(env, status, error);
}

bool arkjs_error_has(arkjs_env *env, napi_value thrown, ark_status status, ark_error *out) {
  napi_env napi = env->napi;
  char code[64];
  size_t length;
  napi_value text;
  bool is_error = false;
  if (napi_is_error(napi, thrown, &is_error) != napi_ok || !is_error) return false;
  napi_status read = napi_get_named_property(napi, thrown, "code", &text);
  if (read == napi_ok) read = arkjs_host_read_text(&env->host, napi, text, code, sizeof code, &length);
  bool is_that = read == napi_ok && strcmp(code, ark_status_code(status)) == 0;
  if (is_that) read = napi_get_named_property(napi, thrown, "message", &text);
  if (is_that && read == napi_ok) {
    read = arkjs_host_read_text(&env->host, napi, text, out->message, sizeof out->message, &length);
  }
  if (read == napi_pending_exception) arkjs_host_take_exception(napi);
  return is_that && read == napi_ok;
}

bool arkjs_explain(arkjs_env *env, const char *expected, napi_value value, char *out, size_t size) {
  napi_env napi = env->napi;
  napi_value explain, nothing, text, arguments[2] = {NULL, value};
  napi_ref reference = env->intrinsics.explain_value;
  size_t length;
  if (!reference || napi_get_reference_value(napi, reference, &explain) != napi_ok || !explain) return false;
  napi_status status = arkjs_host_create_text(&env->host, napi, expected, NAPI_AUTO_LENGTH, &arguments[0]);
  if (status == napi_ok) status = napi_get_undefined(napi, &nothing);
  if (status == napi_ok) status = napi_call_function(napi, nothing, explain, 2, arguments, &text);
  if (status == napi_ok) status = arkjs_host_read_text(&env->host, napi, text, out, size, &length);
  if (status == napi_pending_exception) arkjs_host_take_exception(napi);
  return status == napi_ok;
}

napi_value arkjs_rejected(arkjs_env *env, ark_status status, const ark_error *error) {
  napi_deferred deferred;
  napi_value promise = NULL, reason = arkjs_error_value(env, status, error);
  if (napi_create_promise(env->napi, &deferred, &promise) == napi_ok) {
    napi_reject_deferred(env->napi, deferred, reason);
  }
  return promise;
}

napi_ref arkjs_box(arkjs_env *env, napi_value thrown) {
  napi_value box;
  napi_ref reference = NULL;
  if (arkjs_plain_list(env, 1, &thrown, &box) != napi_ok) return NULL;
  napi_create_reference(env->napi, box, 1, &reference);
  return reference;
}

napi_value arkjs_unbox(arkjs_env *env, napi_ref reference) {
  napi_value box, thrown = NULL;
  if (napi_get_reference_value(env->napi, reference, &box) == napi_ok) {
    napi_get_element(env->napi, box, 0, &thrown);
  }
  napi_delete_reference(env->napi, reference);
  return thrown;
}

void arkjs_throw_before(napi_env napi, ark_status status, const ark_error *error) {
  throw_of_status(status)(napi, ark_status_code(status), error->message);
}

void arkjs_throw_unloadable(napi_env napi) {
  napi_throw_error(napi, ark_status_code(ARK_NO_MEMORY), "arkffi: no memory to set the native module up");
}
