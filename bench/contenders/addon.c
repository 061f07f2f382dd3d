/* An asynchronous call as one writes it by hand: arguments converted, one napi_async_work, a promise. */
#define _POSIX_C_SOURCE 200809L
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>
#include <time.h>

typedef struct call {
  napi_async_work work;
  napi_deferred deferred;
  double a, b, result;
} call;

static void add(napi_env env, void *data) {
  call *made = data;
  (void)env;
  made->result = made->a + made->b;
}

static void sleep_ms(napi_env env, void *data) {
  call *made = data;
  (void)env;
  long milliseconds = (long)made->a;
  nanosleep(&(struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000}, NULL);
  made->result = made->a;
}

static void settle(napi_env env, napi_status status, void *data) {
  call *made = data;
  napi_value value;
  (void)status;
  napi_create_double(env, made->result, &value);
  napi_resolve_deferred(env, made->deferred, value);
  napi_delete_async_work(env, made->work);
  free(made);
}

static napi_value start(napi_env env, napi_callback_info info) {
  napi_value args[2], name, promise;
  size_t count = 2;
  void *execute;
  call *made = calloc(1, sizeof *made);
  napi_get_cb_info(env, info, &count, args, NULL, &execute);
  napi_get_value_double(env, args[0], &made->a);
  if (count > 1) napi_get_value_double(env, args[1], &made->b);
  napi_create_promise(env, &made->deferred, &promise);
  napi_create_string_utf8(env, "addon", NAPI_AUTO_LENGTH, &name);
  napi_create_async_work(env, NULL, name, (napi_async_execute_callback)execute, settle, made, &made->work);
  napi_queue_async_work(env, made->work);
  return promise;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "add", NAPI_AUTO_LENGTH, start, (void *)add, &function);
  napi_set_named_property(env, exports, "add", function);
  napi_create_function(env, "sleep", NAPI_AUTO_LENGTH, start, (void *)sleep_ms, &function);
  napi_set_named_property(env, exports, "sleep", function);
  return exports;
}
