/* The functions of measured.c as a hand-written addon exports them: it converts arguments, but does not check them. */
#define NAPI_VERSION 8
#include "measured.h"
#include <node_api.h>
#include <stdlib.h>

enum { MAX_ARGUMENTS = 12 };

/* The arguments of the current call. */
typedef struct arguments {
  napi_env env;
  napi_value values[MAX_ARGUMENTS];
} arguments;

static arguments arguments_of(napi_env env, napi_callback_info info) {
  arguments made = {.env = env};
  size_t count = MAX_ARGUMENTS;
  napi_get_cb_info(env, info, &count, made.values, NULL, NULL);
  return made;
}

static int int_at(const arguments *from, int i) {
  int32_t value = 0;
  napi_get_value_int32(from->env, from->values[i], &value);
  return value;
}

static int64_t int64_at(const arguments *from, int i) {
  int64_t value = 0;
  napi_get_value_int64(from->env, from->values[i], &value);
  return value;
}

static double double_at(const arguments *from, int i) {
  double value = 0;
  napi_get_value_double(from->env, from->values[i], &value);
  return value;
}

static bool bool_at(const arguments *from, int i) {
  bool value = false;
  napi_get_value_bool(from->env, from->values[i], &value);
  return value;
}

static void *pointer_at(const arguments *from, int i) {
  return (void *)(intptr_t)int64_at(from, i);
}

static napi_value to_double(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

static napi_value to_int(napi_env env, int value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

static napi_value call_noop(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  noop();
  return NULL;
}

static napi_value call_add(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  return to_double(env, add(double_at(&in, 0), double_at(&in, 1)));
}

static napi_value call_add_int(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  return to_int(env, add_int(int_at(&in, 0), int_at(&in, 1)));
}

static napi_value call_mix(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  return to_double(env, mix(int_at(&in, 0), double_at(&in, 1), int_at(&in, 2), double_at(&in, 3)));
}

static napi_value call_sum8(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  int64_t v[8];
  for (int i = 0; i < 8; i++) v[i] = int64_at(&in, i);
  napi_value result;
  napi_create_int64(env, sum8(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]), &result);
  return result;
}

static napi_value call_sum12(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  int v[12];
  for (int i = 0; i < 12; i++) v[i] = int_at(&in, i);
  return to_int(env, sum12(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11]));
}

static napi_value call_next(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  return to_int(env, next((uint8_t)int_at(&in, 0), bool_at(&in, 1)));
}

static napi_value call_ring_start(napi_env env, napi_callback_info info) {
  (void)info;
  return to_double(env, (double)(intptr_t)ring_start());
}

static napi_value call_ring_step(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  return to_double(env, (double)(intptr_t)ring_step(pointer_at(&in, 0)));
}

static napi_value call_ring_position(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  return to_int(env, ring_position(pointer_at(&in, 0)));
}

/* The result of `function` for the first argument, a string. */
static napi_value call_with_text(napi_env env, napi_callback_info info, int (*function)(const char *)) {
  arguments in = arguments_of(env, info);
  char near[256], *text = near;
  size_t size = 0;
  napi_get_value_string_utf8(env, in.values[0], NULL, 0, &size);
  if (size >= sizeof near) text = malloc(size + 1);
  napi_get_value_string_utf8(env, in.values[0], text, size + 1, NULL);
  int result = function(text);
  if (text != near) free(text);
  return to_int(env, result);
}

static napi_value call_first_of_text(napi_env env, napi_callback_info info) {
  return call_with_text(env, info, first_of_text);
}

static napi_value call_length_of_text(napi_env env, napi_callback_info info) {
  return call_with_text(env, info, length_of_text);
}

static napi_value call_greeting(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value result;
  napi_create_string_utf8(env, greeting(), NAPI_AUTO_LENGTH, &result);
  return result;
}

static napi_value call_first_of_bytes(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  void *bytes;
  napi_get_typedarray_info(env, in.values[0], NULL, NULL, &bytes, NULL, NULL);
  return to_int(env, first_of_bytes(bytes));
}

static complex_number complex_at(const arguments *from, int i) {
  arguments members = {.env = from->env};
  napi_get_named_property(from->env, from->values[i], "re", &members.values[0]);
  napi_get_named_property(from->env, from->values[i], "im", &members.values[1]);
  return (complex_number){double_at(&members, 0), double_at(&members, 1)};
}

static napi_value call_multiply(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  complex_number product = multiply(complex_at(&in, 0), complex_at(&in, 1));
  napi_value result;
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "re", to_double(env, product.re));
  napi_set_named_property(env, result, "im", to_double(env, product.im));
  return result;
}

/* The JavaScript function that `call_back` calls. Only one thread uses it. */
static struct {
  napi_env env;
  napi_value function, receiver;
} current;

static int call_back(int i) {
  napi_env env = current.env;
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  napi_value argument = to_int(env, i), given;
  int32_t result = 0;
  napi_call_function(env, current.receiver, current.function, 1, &argument, &given);
  napi_get_value_int32(env, given, &result);
  napi_close_handle_scope(env, scope);
  return result;
}

static napi_value call_repeat(napi_env env, napi_callback_info info) {
  arguments in = arguments_of(env, info);
  current.env = env;
  current.function = in.values[0];
  napi_get_undefined(env, &current.receiver);
  return to_int(env, repeat(call_back, int_at(&in, 1)));
}

/* An asynchronous call, from its start until its promise is settled. */
typedef struct work {
  napi_async_work handle;
  napi_deferred deferred;
  double a, b, result;
} work;

static void execute_add(napi_env env, void *data) {
  (void)env;
  work *made = data;
  made->result = add(made->a, made->b);
}

static void execute_sleep(napi_env env, void *data) {
  (void)env;
  work *made = data;
  made->result = sleep_ms((int)made->a);
}

static void settle(napi_env env, napi_status status, void *data) {
  (void)status;
  work *made = data;
  napi_resolve_deferred(env, made->deferred, to_double(env, made->result));
  napi_delete_async_work(env, made->handle);
  free(made);
}

static napi_value start(napi_env env, napi_callback_info info, napi_async_execute_callback execute) {
  arguments in = arguments_of(env, info);
  work *made = calloc(1, sizeof *made);
  made->a = double_at(&in, 0);
  made->b = double_at(&in, 1);
  napi_value name, promise;
  napi_create_promise(env, &made->deferred, &promise);
  napi_create_string_utf8(env, "addon", NAPI_AUTO_LENGTH, &name);
  napi_create_async_work(env, NULL, name, execute, settle, made, &made->handle);
  napi_queue_async_work(env, made->handle);
  return promise;
}

static napi_value start_add(napi_env env, napi_callback_info info) {
  return start(env, info, execute_add);
}

static napi_value start_sleep(napi_env env, napi_callback_info info) {
  return start(env, info, execute_sleep);
}

#define METHOD(name, function)                                                                                         \
  { name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL }

NAPI_MODULE_INIT() {
  const napi_property_descriptor methods[] = {
      METHOD("noop", call_noop),
      METHOD("add", call_add),
      METHOD("add_int", call_add_int),
      METHOD("mix", call_mix),
      METHOD("sum8", call_sum8),
      METHOD("sum12", call_sum12),
      METHOD("next", call_next),
      METHOD("ring_start", call_ring_start),
      METHOD("ring_step", call_ring_step),
      METHOD("ring_position", call_ring_position),
      METHOD("first_of_text", call_first_of_text),
      METHOD("length_of_text", call_length_of_text),
      METHOD("greeting", call_greeting),
      METHOD("first_of_bytes", call_first_of_bytes),
      METHOD("multiply", call_multiply),
      METHOD("repeat", call_repeat),
      METHOD("addAsync", start_add),
      METHOD("sleepAsync", start_sleep),
  };
  napi_define_properties(env, exports, sizeof methods / sizeof *methods, methods);
  return exports;
}
